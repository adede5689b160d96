import 'server-only'
import type {
  ApplyAnswer,
  ChangeItem,
  ChangeList,
  ChangesQuery,
  ChangeSummary,
  PreviewAnswer,
} from '@/lib/api/schemas/changes'
import { isSameContent } from '@/lib/changes/content'
import { getObject } from '@/lib/kubernetes/read'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { notFound, Refusal } from '../errors'
import type { Upstreams } from '../upstreams'
import { applyChanges, requireWritable } from './apply'
import { conflictOf } from './conflict'
import { previewChanges } from './preview'
import { recordStore, summaryOf, type RecordedObject, type StoredRecord } from './records'
import { settlePending } from './settle'
import { resolveTarget } from './targets'

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
  const asked = records.filter(({ record }) => record.objects.some(isAsked))
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
export async function getChange(up: Upstreams, id: string, signal?: AbortSignal): Promise<ChangeSummary> {
  return summaryOf((await getStored(up, id, signal)).record)
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
  reason: string | undefined,
  signal?: AbortSignal,
): Promise<ApplyAnswer> {
  requireWritable(up)
  const changes = await inverseOf(up, id, signal)
  const body = { changes, reason: reason?.trim() || `Revert of ${id}` }
  return applyChanges(up, body, { reverts: id, ...(signal ? { signal } : {}) })
}

async function inverseOf(up: Upstreams, id: string, signal?: AbortSignal): Promise<ChangeItem[]> {
  const { record } = await getStored(up, id, signal)
  if (record.status === 'pending') {
    throw new Refusal('conflict', 'This change is still under way; try again when it has ended.', {
      code: 'change-pending',
    })
  }
  const applied = record.objects.filter(({ status }) => status === 'applied').toReversed()
  if (applied.length === 0) {
    throw new Refusal('conflict', 'This change applied nothing, so there is nothing to take back.', {
      code: 'nothing-to-revert',
    })
  }
  return Promise.all(applied.map((object, index) => inverseOfOne(up, object, `changes[${index}]`, signal)))
}

async function inverseOfOne(
  up: Upstreams,
  { ref, before, after }: RecordedObject,
  parameter: string,
  signal?: AbortSignal,
): Promise<ChangeItem> {
  const target = await resolveTarget(up, ref, parameter, signal)
  const now = await getObject(target.source.client, target.at, signal)
  if (!isSameContent(now, after)) {
    throw conflictOf(target, { base: after, theirs: now, mine: before }, parameter)
  }
  const resourceVersion = now?.metadata.resourceVersion
  if (!before) return { op: 'delete', ref, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
  if (!now) return { op: 'create', ref, object: before }
  return { op: 'update', ref, object: before, ...(resourceVersion === undefined ? {} : { resourceVersion }) }
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
