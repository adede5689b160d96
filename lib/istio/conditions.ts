/** What controllers say of an object in its status. */
import type { ConfigObject } from '@/lib/mesh/inventory'

export interface Condition {
  /** of which part of the object: a parent, a listener; empty for the whole */
  of: string
  /** `Accepted`, `Reconciled`… */
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason: string
  message: string
  /** epoch milliseconds; null when it is not said */
  changedAt: number | null
  /** about an earlier state of the object than the one that is there */
  isOld: boolean
}

/** Types whose `True` is bad news; every other type promises something. */
const BAD_WHEN_TRUE = new Set(['Conflicted', 'OverlappingTLSConfig', 'PartiallyInvalid'])

/** True when the condition says that something is wrong; what is unknown is no good news either. */
export function isBadNews({ type, status }: Condition): boolean {
  return BAD_WHEN_TRUE.has(type) ? status === 'True' : status !== 'True'
}

/** All conditions in the order of the status: of the object, of its parents (routes), of its listeners (gateways). */
export function conditionsOf({ status, metadata }: ConfigObject): Condition[] {
  const { conditions, parents, ancestors, listeners } = fields(status)
  const { generation } = metadata
  const read = (value: unknown, of: string) =>
    list(value).flatMap((each) => conditionOf(fields(each), of, generation) ?? [])
  const holders = [...list(parents), ...list(ancestors)].map(fields)
  return [
    ...read(conditions, ''),
    ...holders.flatMap((holder) => {
      const ref = fields(holder.parentRef ?? holder.ancestorRef)
      return read(holder.conditions, `${text(ref.kind) || 'Gateway'} ${text(ref.name)}`.trim())
    }),
    ...list(listeners)
      .map(fields)
      .flatMap((listener) => read(listener.conditions, `listener ${text(listener.name)}`)),
  ]
}

function conditionOf(
  { type, status, reason, message, lastTransitionTime, observedGeneration }: Fields,
  of: string,
  generation: number | undefined,
): Condition | undefined {
  if (text(type) === '') return undefined
  const changedAt = Date.parse(text(lastTransitionTime))
  // Istio writes it as text
  const observed = Number(observedGeneration ?? generation)
  return {
    of,
    type: text(type),
    status: status === 'True' || status === 'False' ? status : 'Unknown',
    reason: text(reason),
    message: text(message),
    changedAt: Number.isNaN(changedAt) ? null : changedAt,
    isOld: generation !== undefined && observed < generation,
  }
}

type Fields = Readonly<Record<string, unknown>>

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
