import 'server-only'
import type {
  ApplyAnswer,
  ChangeDetail,
  ChangeItem,
  ChangeList,
  ChangesQuery,
  PreviewAnswer,
  RevertBody,
} from '@/lib/api/schemas/changes'
import { invert } from '@/lib/changes/invert'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { notFound, Refusal } from '../errors'
import type { Upstreams } from '../upstreams'
import { applyChanges, requireWritable } from './apply'
import { previewChanges } from './preview'
import { detailOf, recordStore, summaryOf, type RecordedObject, type StoredRecord } from './records'
import { settlePending } from './settle'

/** Changes made through Heddle, newest first, of the objects the query names. Throws UpstreamError, Refusal. */
export async function listChanges(
  up: Upstreams,
  query: ChangesQuery,
  signal?: AbortSignal,
): Promise<ChangeList> {
  const { records, broken } = await readRecords(up, signal)
  const isAsked = ({ ref }: RecordedObject) =>
    (['cluster', 'namespace', 'kind', 'name'] as const).every(
      (part) => query[part] === undefined || query[part] === ref[part],
    )
  const asked = records.filter(
    ({ record }) =>
      record.objects.some(isAsked) && (query.token === undefined || query.token === record.token),
  )
  return {
    items: asked.map(({ record }) => summaryOf(record)),
    notices:
      broken.length === 0
        ? []
        : [
            {
              code: 'change-record-broken',
              message: `These ConfigMaps in namespace ${up.config.changes.namespace} hold no record that can be read: ${broken.join(', ')}.`,
              upstream: 'kubernetes',
            },
          ],
  }
}

/** One change of the history. Throws Refusal('not-found'), UpstreamError. */
export async function getChange(up: Upstreams, id: string, signal?: AbortSignal): Promise<ChangeDetail> {
  return detailOf((await getStored(up, id, signal)).record)
}

/** What taking a change back would do. Throws as `revertChange` does. */
export async function previewRevert(up: Upstreams, id: string, signal?: AbortSignal): Promise<PreviewAnswer> {
  return previewChanges(up, { changes: await inverseOf(up, id, signal) }, signal)
}

/**
 * Takes back what a change applied, as a change of its own. Throws Refusal('conflict') with the versions when an
 * object is not as the change left it, and for a change that is pending or applied nothing.
 */
export async function revertChange(
  up: Upstreams,
  id: string,
  { reason, token }: RevertBody,
  signal?: AbortSignal,
): Promise<ApplyAnswer> {
  requireWritable(up)
  const changes = await inverseOf(up, id, signal)
  const body = { changes, reason: reason?.trim() || `Revert of ${id}`, ...(token ? { token } : {}) }
  return applyChanges(up, body, { reverts: id, ...(signal ? { signal } : {}) })
}

async function inverseOf(up: Upstreams, id: string, signal?: AbortSignal): Promise<ChangeItem[]> {
  const { record } = await getStored(up, id, signal)
  if (record.status === 'pending') {
    throw new Refusal('conflict', 'This change is still under way; try again when it has ended.', {
      code: 'change-pending',
    })
  }
  const items = invert(record.objects)
  if (items.length === 0) {
    throw new Refusal('conflict', 'This change applied nothing, so there is nothing to take back.', {
      code: 'nothing-to-revert',
    })
  }
  return items.map((item) => ({ ...item, ...(item.object ? { object: { ...item.object } } : {}) }))
}

async function getStored(up: Upstreams, id: string, signal?: AbortSignal): Promise<StoredRecord> {
  const found = await recordStore(up).find(id, signal)
  if (!found) throw notFound(`There is no change ${id}; old ones are not kept for ever.`, 'change-not-found')
  const { records } = await settlePending(up, [found])
  return records[0] ?? found
}

async function readRecords(up: Upstreams, signal?: AbortSignal) {
  try {
    const { records, broken } = await recordStore(up).list(signal)
    return { ...(await settlePending(up, records)), broken }
  } catch (error) {
    // some API servers say so of a namespace that nobody made yet
    if (isUpstreamError(error) && error.status === 404) return { records: [], broken: [] }
    throw error
  }
}
