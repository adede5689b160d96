import 'server-only'
import type { ChangeDetail, KnownRef } from '@/lib/api/schemas/config/changes'
import { isSameContent } from '@/lib/changes/content'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { ChangeRecord, RecordedObject } from './records'

/** A change that the watch saw, of one object. */
export interface SeenChange {
  change: ChangeDetail
  /** when the object was made, by the API server's clock; null when it does not say */
  createdAt: number | null
}

/** What is recorded is seen by the watch within this time, finalizers apart. */
const SAME_CHANGE_MS = 120_000

/**
 * What the watch saw without what records tell of. Deletions, and writes that only take fields away, leave no name on
 * the object: they are known by the state they led to, and deletions by the object they were about, which finalizers
 * may have kept for long.
 */
export function unrecorded(seen: readonly SeenChange[], records: readonly ChangeRecord[]): ChangeDetail[] {
  return seen
    .filter(({ change, createdAt }) => {
      const [object] = change.objects
      if (!object) return true
      return !records.some((record) =>
        record.objects.some(
          (one) =>
            isSamePlace(one.ref, object.ref) &&
            (object.op === 'delete'
              ? isDeletionOf(createdAt, change.at, one, record.at)
              : isWriteOf(change, one, record.at)),
        ),
      )
    })
    .map(({ change }) => change)
}

function isDeletionOf(
  createdAt: number | null,
  seenAt: number,
  { op, status }: RecordedObject,
  recordedAt: number,
): boolean {
  if (op !== 'delete' || status === 'failed' || status === 'skipped') return false
  // one that was made later went by another deletion; times of creation are whole seconds
  if (createdAt !== null && createdAt > recordedAt) return false
  // not the same object made again right after, by a clock that is behind
  const wasThere = createdAt !== null && createdAt <= recordedAt - SAME_CHANGE_MS
  return wasThere && status !== 'unknown'
    ? seenAt > recordedAt - SAME_CHANGE_MS
    : Math.abs(seenAt - recordedAt) < SAME_CHANGE_MS
}

function isWriteOf(
  { at, author, objects: [object] }: ChangeDetail,
  { status, resourceVersion, after }: RecordedObject,
  recordedAt: number,
): boolean {
  if (!object) return false
  if (resourceVersion !== null && resourceVersion === object.resourceVersion) return true
  // a controller may have written the status before the watch looked
  return (
    author === null &&
    status !== 'failed' &&
    status !== 'skipped' &&
    Math.abs(at - recordedAt) < SAME_CHANGE_MS &&
    isSameContent(after, object.after as ConfigObject | null)
  )
}

/** An object is the same in every version its kind is served in. */
function isSamePlace(a: KnownRef, b: KnownRef): boolean {
  return (['cluster', 'group', 'kind', 'namespace', 'name'] as const).every((part) => a[part] === b[part])
}
