'use client'

import { createContext, useContext } from 'react'
import type { Path } from '@/lib/istio/edit/fields'
import { formatPath } from '@/lib/validation/finding'

/** What is wrong at a place of the object, shown at the field that edits the place. */
export interface ShownProblem {
  severity: 'error' | 'warning'
  /** `spec.http[0].timeout` */
  path: string
  message: string
}

interface Shown {
  problems: readonly ShownProblem[]
  isReadOnly: boolean
}

export const ShownProblems = createContext<Shown>({ problems: [], isReadOnly: false })

/** Those at the place or within it, in one text each severity; nothing where there are none. */
export function useProblemsAt(path: Path): { error?: string; warning?: string; isReadOnly: boolean } {
  const { problems, isReadOnly } = useContext(ShownProblems)
  const prefix = formatPath(path)
  // an empty path is no place: nothing is said there
  const here = problems.filter(
    ({ path: at }) =>
      prefix !== '' && (at === prefix || at.startsWith(`${prefix}.`) || at.startsWith(`${prefix}[`)),
  )
  const textOf = (severity: ShownProblem['severity']) =>
    [...new Set(here.filter((each) => each.severity === severity).map(({ message }) => message))].join(' ')
  const [error, warning] = [textOf('error'), textOf('warning')]
  return {
    isReadOnly,
    ...(error === '' ? {} : { error }),
    ...(warning === '' ? {} : { warning }),
  }
}
