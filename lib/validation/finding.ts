/** What a checker says, and the shape of a checker. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { World } from './world'

export const SEVERITIES = ['error', 'warning', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Keys from the object's root to the place that is wrong: `['spec', 'http', 0, 'route']`. */
export type FieldPath = readonly (string | number)[]

export interface Finding {
  /** `IST0101`, `KIA1107`…; each has a page in docs/checks */
  code: string
  severity: Severity
  object: { kind: string; namespace: string; name: string }
  /** `spec.http[0].route[0].destination.host`; null where the whole object is meant */
  path: string | null
  message: string
  /** line of `path` in the documents given, from 1; null for objects that came without text */
  line: number | null
}

export interface Report {
  /** `milder`: a severity in place of the code's own, where circumstances make it matter less */
  (
    code: string,
    object: ConfigObject,
    path: FieldPath | null,
    message: string,
    milder?: Severity | undefined,
  ): void
}

/** One rule, or several codes that fall out of one walk. Reads the world, reports; order does not matter. */
export interface Checker {
  /** codes it can report, with their severities */
  codes: Readonly<Record<string, Severity>>
  check(world: World, report: Report): void
}

/** `['spec', 'http', 0]` as `spec.http[0]`; keys with dots are quoted in brackets. */
export function formatPath(path: FieldPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`
      if (/^[\w-]+$/.test(part)) return index === 0 ? part : `.${part}`
      return `[${JSON.stringify(part)}]`
    })
    .join('')
}

/** The path that `formatPath` wrote. */
export function parsePath(text: string): FieldPath {
  const parts = text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([\w-]+)/g)
  return [...parts].map(([, index, quoted, key]) => {
    if (index !== undefined) return Number(index)
    // what stands in brackets was written by JSON.stringify
    return quoted === undefined ? (key ?? '') : (JSON.parse(quoted) as string)
  })
}
