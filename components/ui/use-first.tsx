'use client'

import { useState, type ReactNode } from 'react'
import classes from './Plain.module.css'

/** The first `count` of a long list until a reader asks for all: what to show, and the button that asks. */
export function useFirst<T>(items: readonly T[], count: number): { shown: readonly T[]; more: ReactNode } {
  const [isWhole, setWhole] = useState(false)
  if (isWhole || items.length <= count) return { shown: items, more: null }
  return {
    shown: items.slice(0, count),
    more: (
      <button type="button" className={classes.more} onClick={() => setWhole(true)}>
        Show all {items.length}
      </button>
    ),
  }
}
