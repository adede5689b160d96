import { createContext } from 'react'

/** Level of the headings of sections: one below whatever heads them. */
export const HeadingLevel = createContext<2 | 3>(3)
