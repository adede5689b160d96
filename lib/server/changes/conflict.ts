import 'server-only'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { Refusal } from '../errors'
import { nameOf, type Target } from './targets'

export interface Versions {
  /** what the edit began with; null when it is not known */
  base: ConfigObject | null
  /** as the cluster holds it now; null: deleted */
  theirs: ConfigObject | null
  /** as it was asked for; null: deleted */
  mine: ConfigObject | null
}

/** Somebody else changed the object: a refusal that shows the three versions. */
export function conflictOf(target: Pick<Target, 'ref'>, versions: Versions, parameter: string): Refusal {
  const done = versions.theirs === null ? 'was deleted' : 'was changed by somebody else'
  return new Refusal('conflict', `${nameOf(target)} ${done} since you began; nothing of yours was written.`, {
    code: 'conflict',
    parameter,
    details: { ref: target.ref, ...versions },
  })
}
