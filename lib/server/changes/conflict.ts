import 'server-only'
import { writerBetween } from '@/lib/changes/writers'
import { FIELD_MANAGER } from '@/lib/kubernetes/patch'
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

/** The object is another by now: a refusal that shows the three versions and names who wrote it last. */
export function conflictOf(target: Pick<Target, 'ref'>, versions: Versions, parameter: string): Refusal {
  const done = versions.theirs === null ? 'deleted' : `changed ${writtenBy(versions.base, versions.theirs)}`
  return new Refusal('conflict', `${nameOf(target)} was ${done} meanwhile; nothing of yours was written.`, {
    code: 'conflict',
    parameter,
    details: { ref: target.ref, ...versions },
  })
}

function writtenBy(base: ConfigObject | null, theirs: ConfigObject): string {
  const writer = writerBetween(base, theirs)
  if (writer === null) return 'by somebody else'
  return writer.manager === FIELD_MANAGER ? 'through Heddle' : `by ${writer.manager}`
}
