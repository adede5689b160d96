import 'server-only'
import type { ChangeProblem } from '@/lib/api/schemas/config/changes'
import { isSameContent } from '@/lib/changes/content'
import { DELETION_PENDING, deletionWait, isBeingDeleted } from '@/lib/changes/deletion'
import { isEqual } from '@/lib/changes/difference/json-patch'
import { getObject } from '@/lib/kubernetes/read'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { errorFacts } from '../log'
import type { Upstreams } from '../upstreams'
import { recordStore, type ChangeRecord, type RecordedObject, type StoredRecord } from './records'
import { resolveTarget } from './targets'

/** A change that is younger may still be under way in another process. */
const GRACE_MS = 120_000

const INTERRUPTED: ChangeProblem = {
  code: 'interrupted',
  message: 'Heddle ended before the change was sent; the object is as it was.',
}
const NEITHER: ChangeProblem = {
  code: 'changed-since',
  message: 'Heddle ended while the change was sent, and the object is neither as before nor as after it.',
}

/**
 * The record with every pending object told by the object itself: applied when the cluster holds what was to come,
 * else failed, as no write of it can be under way any more. `mayStillCome`: one can, so what is not there yet stays
 * pending. What finalizers keep from being deleted is pending too. Throws UpstreamError when an object cannot be read.
 */
export async function settleRecord(
  up: Upstreams,
  record: ChangeRecord,
  { mayStillCome = false } = {},
): Promise<ChangeRecord> {
  const objects: RecordedObject[] = []
  for (const object of record.objects) {
    const settled = await settleObject(up, object)
    objects.push(mayStillCome && settled.status !== 'applied' ? object : settled)
  }
  return { ...record, objects, status: statusOf(objects) }
}

/** Of the whole change: applied only when all of it is. */
export function statusOf(objects: readonly RecordedObject[]): ChangeRecord['status'] {
  if (objects.some(({ status }) => status === 'pending')) return 'pending'
  if (objects.some(({ status }) => status === 'unknown')) return 'unknown'
  return objects.every(({ status }) => status === 'applied') ? 'applied' : 'failed'
}

async function settleObject(up: Upstreams, object: RecordedObject): Promise<RecordedObject> {
  if (object.status !== 'pending') return object
  const { source, at } = await resolveTarget(up, object.ref, 'ref')
  const now = await getObject(source.client, at)
  if (object.after === null && now !== null) {
    if (isBeingDeleted(now)) return { ...object, error: waitingOf(now) ?? object.error }
    // what is there now was made after the deletion ended
    if (object.error?.code === DELETION_PENDING) return { ...object, status: 'applied', error: null }
  }
  const resourceVersion = now?.metadata.resourceVersion ?? null
  if (isSameContent(now, object.after)) return { ...object, status: 'applied', resourceVersion, error: null }
  // who sent it and did not hear of it has said why; who ended before has not
  if (isSameContent(now, object.before)) {
    return { ...object, status: 'failed', error: object.error ?? INTERRUPTED }
  }
  return { ...object, status: 'unknown', error: NEITHER }
}

function waitingOf(object: ConfigObject): ChangeProblem | null {
  const message = deletionWait(object)
  return message === null ? null : { code: DELETION_PENDING, message }
}

/** Nothing of it can be under way in another process: all that is open are deletions that the API server took. */
function isHeard({ objects }: ChangeRecord): boolean {
  return objects.every(({ status, error }) => status !== 'pending' || error?.code === DELETION_PENDING)
}

/**
 * Settles what processes that ended left pending, in the records given and in the cluster. What cannot be settled
 * now stays as it is and is tried again at the next reading. The answer says how many are still pending.
 */
export async function settlePending(
  up: Upstreams,
  stored: readonly StoredRecord[],
): Promise<{ records: StoredRecord[]; pending: number }> {
  const store = recordStore(up)
  const now = up.clock.now()
  const records = await Promise.all(
    stored.map(async (one) => {
      if (one.record.status !== 'pending' || up.config.readOnly) return one
      if (now - one.record.at < GRACE_MS && !isHeard(one.record)) return one
      let settled: ChangeRecord | undefined
      try {
        settled = await settleRecord(up, one.record)
        if (isEqual(settled, one.record)) return one
        up.log.write('warn', 'change settled after an interruption', {
          id: settled.id,
          status: settled.status,
        })
        return await store.update(one, settled)
      } catch (error) {
        // what was found is true also where it could not be written, or somebody else wrote it first
        if (isUpstreamError(error)) return settled ? { ...one, record: settled } : one
        up.log.write('error', 'change could not be settled', { id: one.record.id, ...errorFacts(error) })
        return one
      }
    }),
  )
  return { records, pending: records.filter(({ record }) => record.status === 'pending').length }
}

/** At the start: settles what the process before left, now and once more when the youngest are old enough. */
export async function settleAtStart(up: Upstreams): Promise<void> {
  if (up.inventories.length === 0 || up.config.readOnly) return
  try {
    const { records } = await recordStore(up).list()
    const { pending } = await settlePending(up, records)
    if (pending > 0) up.clock.after(GRACE_MS, () => void settleAtStart(up))
  } catch (error) {
    // the history settles them when somebody looks
    up.log.write('warn', 'records of changes could not be read', errorFacts(error))
  }
}
