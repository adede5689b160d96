/** Who wrote an object and when, as its managedFields tell. */
import type { ConfigObject } from '@/lib/mesh/inventory'

export interface Writer {
  /** the field manager: `kubectl-edit`, `argocd-controller`, `heddle` */
  manager: string
  /** last write of this manager, epoch milliseconds, to the second */
  at: number
}

/**
 * Writers of what people write, oldest first; those who only keep the status are left out.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function writersOf(object: ConfigObject): Writer[] {
  const { managedFields } = object.metadata
  if (!Array.isArray(managedFields)) return []
  return managedFields
    .flatMap((entry: unknown): Writer[] => {
      if (typeof entry !== 'object' || entry === null) return []
      const { manager, time, subresource } = entry as Record<string, unknown>
      const at = typeof time === 'string' ? Date.parse(time) : Number.NaN
      const isStatus = typeof subresource === 'string' && subresource !== ''
      return typeof manager === 'string' && !Number.isNaN(at) && !isStatus ? [{ manager, at }] : []
    })
    .sort((a, b) => a.at - b.at)
}

/**
 * Who made the newer of two states of an object: the newest writer that is not in the older one; null when the object
 * does not say. A write that only takes fields away leaves no name, and one of the same manager in the same second none
 * of its own.
 */
export function writerBetween(before: ConfigObject | null, after: ConfigObject): Writer | null {
  const known = new Set((before ? writersOf(before) : []).map(({ manager, at }) => `${manager}@${at}`))
  const writers = writersOf(after)
  return writers.findLast(({ manager, at }) => !known.has(`${manager}@${at}`)) ?? null
}
