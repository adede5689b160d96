import { createContext } from 'react'

/** Level of the headings of sections: one below whatever heads them. */
export const HeadingLevel = createContext<'h2' | 'h3'>('h3')
