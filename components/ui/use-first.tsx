'use client'

import { useState, type ReactNode } from 'react'
import { nextCount } from './next-count'
import classes from './Plain.module.css'

/**
 * The first `count` of a long list until a reader asks for more: what to show, and the button that asks. Very long
 * lists come in parts, each as large as is drawn without a pause.
 */
export function useFirst<T>(items: readonly T[], count: number): { shown: readonly T[]; more: ReactNode } {
  const [wanted, setWanted] = useState(count)
  const next = nextCount(items.length, wanted)
  if (next === null) return { shown: items, more: null }
  const left = items.length - wanted
  return {
    shown: items.slice(0, wanted),
    more: (
      <button type="button" className={classes.more} onClick={() => setWanted(next)}>
        {next === items.length ? `Show all ${items.length}` : `Show ${next - wanted} more of ${left}`}
      </button>
    ),
  }
}
