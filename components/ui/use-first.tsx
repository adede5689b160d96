'use client'

import { useState, type ReactNode } from 'react'
import { formatCount } from '@/lib/units/number'
import { nextCount } from './next-count'
import classes from './Plain.module.css'

/**
 * The first `count` of a long list until a reader asks for more: what to show, and the button that asks. Very long
 * lists come in parts, each as large as is drawn without a pause; `mostAdded` where an item is far more than a row.
 */
export function useFirst<T>(
  items: readonly T[],
  count: number,
  mostAdded?: number,
): { shown: readonly T[]; more: ReactNode } {
  const [wanted, setWanted] = useState(count)
  const next = nextCount(items.length, wanted, mostAdded)
  if (next === null) return { shown: items, more: null }
  const left = items.length - wanted
  return {
    shown: items.slice(0, wanted),
    more: (
      <button type="button" className={classes.more} onClick={() => setWanted(next)}>
        {next === items.length
          ? `Show all ${formatCount(items.length)}`
          : `Show ${next - wanted} more of ${formatCount(left)}`}
      </button>
    ),
  }
}
