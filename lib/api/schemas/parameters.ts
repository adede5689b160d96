/**
 * Parameters that many requests have, each with its bound. Apart from the requests: answers name some of them too, and
 * the browser then needs no more.
 */
import { z } from 'zod'
import { NODE_KINDS, parseNodeId } from '@/lib/mesh/identity'
import { parseInstant } from '@/lib/units/date'
import { parseSpan } from '@/lib/units/window'
import { DEFAULT_WINDOW, WINDOW_NAMES } from './common'

export const LIMITS = {
  names: 200,
  nameLength: 253,
  nodeIdLength: 1200,
  hops: 5,
  traces: 500,
  /** of a search by name */
  hits: 100,
  /** points of a chart; the step follows from it */
  points: 240,
  /** lines of a grouped chart; the rest is counted */
  groups: 8,
} as const

/** Cluster and namespace of a question about all in a namespace, in place of one about a node. */
export const placeParameters = {
  cluster: z.string().min(1).max(LIMITS.nameLength).optional(),
  namespace: z.string().min(1).max(LIMITS.nameLength).optional().describe('of all in it; with cluster'),
}

/** Whether cluster and namespace are both given, or neither; with one alone nothing is meant. */
export function isWholePlace({ cluster, namespace }: { cluster?: unknown; namespace?: unknown }): boolean {
  return (cluster === undefined) === (namespace === undefined)
}

/** Either a node or a place, not both. */
export function isOneSubject(query: { node?: unknown; cluster?: unknown; namespace?: unknown }): boolean {
  return isWholePlace(query) && (query.node === undefined) === (query.cluster !== undefined)
}

export const SUBJECT_ERROR = {
  path: ['node'],
  error: 'must be given, or cluster and namespace in its place',
}

/** A comma list of names; absent and empty mean all. */
export const nameList = (what: string) =>
  z
    .string()
    .max(LIMITS.names * (LIMITS.nameLength + 1), `at most ${LIMITS.names} ${what}, separated by commas`)
    .transform((text) => [...new Set(text.split(',').filter((name) => name !== ''))].sort())
    .pipe(
      z
        .array(z.string().max(LIMITS.nameLength, `each name has at most ${LIMITS.nameLength} characters`))
        .max(LIMITS.names, `at most ${LIMITS.names} ${what}, separated by commas`),
    )
    .prefault('')
    .describe(`comma list of ${what}, at most ${LIMITS.names}; empty: all`)

export const flag = (preset: 'true' | 'false') =>
  z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .prefault(preset)
    .transform((text) => text === 'true')

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, preset: T[number]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` }).prefault(preset as never)

export const wholeNumber = (min: number, max: number, preset: number) => {
  const error = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,6}$/, error)
    .transform(Number)
    .pipe(z.number().min(min, error).max(max, error))
    .prefault(String(preset))
}

export const instantParameter = z
  .string()
  .max(64)
  .transform((text, context) => {
    const at = parseInstant(text)
    if (at !== undefined) return at
    context.addIssue({
      code: 'custom',
      message: 'must be RFC 3339 (2026-08-20T12:00:00Z) or epoch seconds',
    })
    return z.NEVER
  })
  .describe('RFC 3339 or epoch seconds; absent: now')

export const nodeIdParameter = z
  .string()
  .max(LIMITS.nodeIdLength, `at most ${LIMITS.nodeIdLength} characters`)
  .refine((id) => parseNodeId(id) !== undefined, {
    error: `must be a node id: {cluster}/{namespace}/{kind}/{name}[/{version}], kind one of ${NODE_KINDS.join(', ')}`,
  })

export const windowText = z.string().refine((text) => parseSpan(text) !== undefined, {
  error: `must be one of ${WINDOW_NAMES.join(', ')}, or with at any whole minutes up to 7d, such as 1h47m`,
})

export const windowParameter = windowText
  .optional()
  .describe(
    `what rates and quantiles are taken over: ${WINDOW_NAMES.join(', ')}, or with \`at\` any whole minutes up to 7d; absent: ${DEFAULT_WINDOW}, longer where scrapes are rare`,
  )
