import 'server-only'
import type {
  ApplyAnswer,
  ChangeDetail,
  ChangeItem,
  ChangeList,
  ChangesQuery,
  ChangeSummary,
  PreviewAnswer,
  RevertBody,
} from '@/lib/api/schemas/config/changes'
import type { Notice } from '@/lib/api/schemas/common'
import { behindNode } from '@/lib/changes/behind-node'
import { invert } from '@/lib/changes/difference/invert'
import { touchedBy } from '@/lib/changes/touched'
import { WATCHED_KINDS } from '@/lib/kubernetes/kinds'
import { parseNodeId } from '@/lib/mesh/identity'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { invalid, notFound, Refusal } from '../errors'
import { currentAccess, isVisible, withLeftOut, type Access } from '../session/access'
import { requireKnown } from '../session/narrow'
import { whyHidden } from '../snapshots/objects'
import type { Upstreams } from '../upstreams'
import { applyChanges, requireWritable } from './apply'
import { previewChanges } from './preview'
import { detailOf, recordStore, summaryOf, type RecordedObject, type StoredRecord } from './records'
import { settlePending } from './settle'

/** All changes newest first, whoever asks: what a user may not see is to be left out. Throws UpstreamError. */
export async function readChanges(up: Upstreams, signal?: AbortSignal) {
  const { records, broken } = await readRecords(up, signal)
  const recorded = records.map(({ record }) => record)
  const changes: ChangeSummary[] = [
    ...recorded.map(summaryOf),
    ...[...up.elsewhere.seenBeside(recorded), ...up.elsewhere.fromFields()].map(withoutStates),
  ].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  return { changes, recorded, broken }
}

/** A change of several namespaces is told to those who may see all of them. */
export function isVisibleChange(access: Access, { objects }: Pick<ChangeSummary, 'objects'>): boolean {
  return objects.every(({ ref }) => isVisible(access, ref.cluster, ref.namespace))
}

/** Changes newest first, of the objects the query names: made through Heddle or elsewhere. Throws UpstreamError, Refusal. */
export async function listChanges(
  up: Upstreams,
  query: ChangesQuery,
  signal?: AbortSignal,
): Promise<ChangeList> {
  const { changes: all, recorded, broken } = await readChanges(up, signal)
  const access = await currentAccess(up)
  const touches = query.node === undefined ? null : touchesNode(up, query.node)
  const isAsked = ({ objects, token, author, status }: ChangeSummary) =>
    isVisibleChange(access, { objects }) &&
    objects.some(({ ref }) =>
      (['cluster', 'namespace', 'kind', 'name'] as const).every(
        (part) => query[part] === undefined || query[part] === ref[part],
      ),
    ) &&
    (query.token === undefined || query.token === token) &&
    (query.author === undefined || query.author === author) &&
    (query.status === undefined || query.status === status)
  const states = touches && new Map(recorded.map((record) => [record.id, record.objects]))
  for (const change of touches ? up.elsewhere.seen() : []) states?.set(change.id, statesOf(change))
  const asked = all.filter(
    (change) => isAsked(change) && (touches === null || touches(states?.get(change.id) ?? [])),
  )
  return {
    items: asked.slice(0, query.limit),
    notices: withLeftOut(access, [
      ...unseenNotices(up, query.cluster),
      ...(broken.length === 0
        ? []
        : [
            {
              code: 'change-record-broken',
              message: `These ConfigMaps in namespace ${up.config.changes.namespace} hold no record that can be read: ${broken.join(', ')}.`,
              upstream: 'kubernetes' as const,
            },
          ]),
      ...(asked.length <= query.limit
        ? []
        : [
            {
              code: 'changes-limited',
              message: `The newest ${query.limit} of ${asked.length} changes are shown.`,
            },
          ]),
    ]),
  }
}

const CHANGED_KINDS = WATCHED_KINDS.filter(({ role }) => role === 'config').map(({ kind }) => kind)

/** Where configuration is not read, nobody hears of what others do to it. */
function unseenNotices(up: Upstreams, cluster?: string): Notice[] {
  return up.inventories.flatMap((source): Notice[] => {
    const why = cluster === undefined || source.cluster === cluster ? whyHidden(source, CHANGED_KINDS) : null
    if (why === null) return []
    const code = source.current().inventory === null ? 'kubernetes-not-read' : 'kinds-forbidden'
    const message = `${why} Changes made elsewhere to such objects are not known.`
    return [{ code, message, upstream: 'kubernetes' }]
  })
}

function withoutStates(change: ChangeDetail): ChangeSummary {
  return { ...change, objects: change.objects.map(({ before: _was, after: _is, ...object }) => object) }
}

function statesOf({ objects }: ChangeDetail): RecordedObject[] {
  // what the watch keeps are Kubernetes objects
  return objects as unknown as RecordedObject[]
}

/** Whether objects have a say in the traffic of a node. Throws Refusal for what is no node id. */
function touchesNode(up: Upstreams, id: string): (objects: readonly RecordedObject[]) => boolean {
  const node = parseNodeId(id)
  if (!node) throw invalid('node', 'node must be a node id.')
  const inventory = up.inventories.find(({ cluster }) => cluster === node.cluster)?.current().inventory
  if (!inventory) return () => false
  const behind = behindNode(node, inventory)
  return (objects) =>
    objects.some(({ ref, before, after }) => {
      if (ref.cluster !== node.cluster) return false
      const touched = touchedBy([before ?? [], after ?? []].flat(), inventory)
      return (
        behind.services.some((name) => touched.services.has(name)) ||
        behind.workloads.some((name) => touched.workloads.has(name)) ||
        (node.kind === 'external' && touched.hosts.has(node.name))
      )
    })
}

/** One change of the history. Throws Refusal('not-found'), UpstreamError. */
export async function getChange(up: Upstreams, id: string, signal?: AbortSignal): Promise<ChangeDetail> {
  const elsewhere = [...up.elsewhere.seen(), ...up.elsewhere.fromFields()].find((change) => change.id === id)
  const change = elsewhere ?? detailOf((await getStored(up, id, signal)).record)
  const access = await currentAccess(up)
  const unseen = change.objects.flatMap(({ ref }) =>
    isVisible(access, ref.cluster, ref.namespace) ? [] : [ref.cluster],
  )
  const [first] = unseen
  if (first === undefined) return change
  if (unseen.every((cluster) => access.leftOut?.has(cluster))) requireKnown(access, first)
  throw new Refusal('forbidden', 'This change is of namespaces that you may not see.', {
    code: 'namespace-forbidden',
  })
}

/** What taking a change back would do. Throws as `revertChange` does. */
export async function previewRevert(up: Upstreams, id: string, signal?: AbortSignal): Promise<PreviewAnswer> {
  return previewChanges(up, { changes: await inverseOf(up, id, signal), reverts: id }, signal)
}

/**
 * Takes back what a change applied, as a change of its own. Throws Refusal('conflict') with the versions when an
 * object is not as the change left it, and for a change that is pending, applied nothing or is taken back already.
 */
export async function revertChange(
  up: Upstreams,
  id: string,
  { reason, token }: RevertBody,
  signal?: AbortSignal,
): Promise<ApplyAnswer> {
  requireWritable(up)
  const changes = await inverseOf(up, id, signal)
  const why = reason?.trim() || `Revert of ${id}`
  const body = { changes, reason: why, reverts: id, ...(token ? { token } : {}) }
  return applyChanges(up, body, { ...(signal ? { signal } : {}) })
}

async function inverseOf(up: Upstreams, id: string, signal?: AbortSignal): Promise<ChangeItem[]> {
  const change = await getChange(up, id, signal)
  if (change.status === 'pending') {
    throw new Refusal('conflict', 'This change is still under way; try again when it has ended.', {
      code: 'change-pending',
    })
  }
  const items = invert(change.objects, change.knownBy === 'watch')
  if (items.length === 0) {
    throw new Refusal(
      'conflict',
      'This change applied nothing that is known, so there is nothing to take back.',
      {
        code: 'nothing-to-revert',
      },
    )
  }
  return items
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
