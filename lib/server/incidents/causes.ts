import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { ChangeSummary } from '@/lib/api/schemas/config/changes'
import type { Since } from '@/lib/api/schemas/mesh/incidents'
import {
  causeWindow,
  rankCauses,
  type Cause,
  type CauseCandidate,
  type Relation,
} from '@/lib/incidents/causes'
import type { Incident, PlaceRef } from '@/lib/incidents/types'
import { configFor } from '@/lib/istio/applied-config'
import { qualifiedKind, WATCHED_KINDS } from '@/lib/kubernetes/kinds'
import type { KubernetesEvent } from '@/lib/kubernetes/watching/decode'
import { lastEditOf } from '@/lib/kubernetes/watching/edits'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { parseNodeId } from '@/lib/mesh/identity'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { likelyOwnerOfPod } from '@/lib/trace/nodes/pod-name'
import { isVisibleChange, readChanges } from '../changes/history'
import { noticeOf } from '../errors'
import { currentAccess, isVisible } from '../session/access'
import { notReadWords } from '../snapshots/objects'
import { currentInventories, type Upstreams } from '../upstreams'

const CHANGES_FRESH_MS = 5_000
const MOST_CHANGES = 100
/** Pods that began together are one rollout. */
const ROLLOUT_MS = 5 * 60_000
const MESH_CONFIG = 'ConfigMap'

/** What may have changed the mesh of late, from all sources, as far as who asks may see it. */
export interface RecentChanges {
  happened: readonly Happening[]
  inventories: readonly ClusterInventory[]
  /** by cluster, kinds that may not be read and whose changes are therefore not among them */
  unread: ReadonlyMap<string, readonly string[]>
  notices: Notice[]
}

/** What may be a cause of an incident, before it is known of which. */
export interface Happening extends Omit<CauseCandidate, 'relation'> {
  relationTo(judge: Judge): Relation | null
}

export async function readRecentChanges(up: Upstreams): Promise<RecentChanges> {
  const notices: Notice[] = []
  let changes: readonly ChangeSummary[] = []
  const access = await currentAccess(up)
  if (up.inventories.length > 0) {
    try {
      // kept for all viewers, so it must be what nobody's rights have cut
      const all = await up.memory.get('changes', CHANGES_FRESH_MS, () => readChanges(up))
      changes = all.changes.filter((change) => isVisibleChange(access, change)).slice(0, MOST_CHANGES)
    } catch (error) {
      if (!isUpstreamError(error) && !(error instanceof Error && error.name === 'Refusal')) throw error
      if (isUpstreamError(error)) notices.push(noticeOf(error, 'Changes made through Heddle are missing.'))
    }
  }
  const inventories = currentInventories(up.inventories)
  const events = up.inventories.flatMap((source) => source.events())
  const isSeen = ({ object }: Happening) =>
    object === null || isVisible(access, object.cluster, object.namespace)
  return {
    happened: happenings({ changes, events, inventories }).filter(isSeen),
    inventories,
    unread: new Map(up.inventories.map((source) => [source.cluster, unreadIn(source)])),
    notices: [...notices, ...unreadClusters(up)],
  }
}

/** What changes of and is told of, and the services by which routing is known to be an incident's own. */
const TELLING: ReadonlySet<string> = new Set([
  ...WATCHED_KINDS.filter(({ role }) => role === 'config').map(qualifiedKind),
  ...['Pod', 'Service', 'Event'],
])

function unreadIn({ current }: InventorySource): string[] {
  const refused = current().kinds.flatMap(({ kind, state }) =>
    state === 'forbidden' && TELLING.has(kind) ? (kind.split('.')[0] ?? kind) : [],
  )
  return [...new Set(refused)].sort()
}

function unreadClusters(up: Upstreams): Notice[] {
  return up.inventories.flatMap((source): Notice[] =>
    source.current().inventory === null
      ? [
          {
            code: 'kubernetes-not-read',
            message: `${notReadWords(source)} What changed there before an incident is not known.`,
            upstream: 'kubernetes',
          },
        ]
      : [],
  )
}

/** Kinds of an incident's clusters that may not be read: no change of one is among its causes. */
export function unreadOf(
  incident: Pick<Incident, 'nodes'>,
  { unread }: Pick<RecentChanges, 'unread'>,
): string[] {
  const clusters = new Set(incident.nodes.map((id) => parseNodeId(id)?.cluster ?? ''))
  return [...new Set([...clusters].flatMap((cluster) => unread.get(cluster) ?? []))].sort()
}

/** Put together once for all incidents: in a storm these are hundreds, and a large mesh has tens of thousands of objects. */
export function happenings({
  changes,
  events,
  inventories,
}: {
  changes: readonly ChangeSummary[]
  events: readonly KubernetesEvent[]
  inventories: readonly ClusterInventory[]
}): Happening[] {
  const workloadOf = createWorkloadOfPod(inventories)
  return [
    ...changes.flatMap(fromChange),
    ...inventories.flatMap((inventory) => [
      ...inventory.config.flatMap((object) => fromObject(object, inventory)),
      ...fromPods(inventory),
    ]),
    ...events.flatMap((event) => fromEvent(event, workloadOf)),
  ]
}

/** What changed just before this incident, the most telling first. */
export function causesOf(
  incident: Incident,
  since: Since | null,
  recent: RecentChanges,
  now: number,
): Cause[] {
  const judge = createJudge(incident, recent.inventories)
  const began =
    since?.at == null ? null : { at: since.at, toleranceMs: since.toleranceSeconds * 1000 + 30_000 }
  const { from, to } = causeWindow(began, now)
  const candidates: CauseCandidate[] = []
  for (const happening of recent.happened) {
    if (happening.at < from || happening.at > to) continue
    const { relationTo, ...candidate } = happening
    const relation = relationTo(judge)
    if (relation !== null) candidates.push({ ...candidate, relation })
  }
  return rankCauses(candidates, began, now)
}

interface Place {
  cluster: string
  kind: string
  namespace: string
  name: string
}

interface Judge {
  object(place: Place): Relation | null
  workload(place: Omit<Place, 'kind'>): Relation | null
}

/** How near anything is to an incident. */
function createJudge(incident: Incident, inventories: readonly ClusterInventory[]): Judge {
  const origins: PlaceRef[] = incident.suspects
  const affected = incident.nodes.flatMap((id) => parseNodeId(id) ?? [])
  const applied = new Set<string>()
  for (const inventory of inventories) {
    for (const origin of origins) {
      if (origin.cluster !== inventory.cluster || origin.kind === 'unknown') continue
      for (const one of configFor({ ...origin, kind: origin.kind }, inventory)) {
        applied.add(keyOf({ ...one, cluster: inventory.cluster }))
      }
    }
  }
  const roots = new Map(inventories.map((one) => [one.cluster, one.rootNamespace]))
  const namespaces = new Set(affected.map(({ cluster, namespace }) => `${cluster}/${namespace}`))
  const pathOf = ({ cluster, namespace, name }: Omit<Place, 'kind'>) => `${cluster}/${namespace}/${name}`
  const [near, far] = [new Set(origins.map(pathOf)), new Set(affected.map(pathOf))]
  const workload: Judge['workload'] = (place) =>
    near.has(pathOf(place)) ? 'origin' : far.has(pathOf(place)) ? 'affected' : null
  return {
    workload,
    object(place) {
      if (applied.has(keyOf(place))) return 'appliesToOrigin'
      if (place.kind === 'Service') {
        const relation = workload(place)
        if (relation) return relation
      }
      if (roots.get(place.cluster) === place.namespace) return 'mesh'
      return namespaces.has(`${place.cluster}/${place.namespace}`) ? 'namespace' : null
    },
  }
}

const keyOf = ({ cluster, kind, namespace, name }: Place) => `${cluster} ${kind} ${namespace} ${name}`

const WORKLOAD_KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Rollout', 'Job'])

type WorkloadOfPod = (pod: Place) => string

function relationOf(place: Place, workloadOf: WorkloadOfPod): Happening['relationTo'] {
  if (WORKLOAD_KINDS.has(place.kind) || place.kind === 'Pod') {
    const name = place.kind === 'Pod' ? workloadOf(place) : ownerOf(place)
    return (judge) => judge.workload({ ...place, name })
  }
  return (judge) => judge.object(place)
}

function ownerOf({ kind, name }: Place): string {
  return kind === 'ReplicaSet' ? name.replace(/-[a-z0-9]+$/, '') : name
}

/** A pod that is gone still bears the name of whoever made it. */
function createWorkloadOfPod(inventories: readonly ClusterInventory[]): WorkloadOfPod {
  const pathOf = ({ cluster, namespace, name }: Omit<Place, 'kind'>) => `${cluster}/${namespace}/${name}`
  const workloads = new Map(
    inventories.flatMap(({ pods }) => pods.map((pod) => [pathOf(pod), pod.workload] as const)),
  )
  return (pod) => workloads.get(pathOf(pod)) ?? likelyOwnerOfPod(pod.name)
}

const VERBS = { create: 'created', update: 'changed', delete: 'deleted', patch: 'changed' } as const

function fromChange(change: ChangeSummary): Happening[] {
  return change.objects.flatMap(({ ref, op, status }) => {
    if (status !== 'applied') return []
    const place = { cluster: ref.cluster, kind: ref.kind, namespace: ref.namespace ?? '', name: ref.name }
    const isOurs = change.knownBy === 'record'
    const how = isOurs ? ' through Heddle' : ''
    const why = change.reason ? `: “${change.reason}”` : ''
    return [
      {
        at: change.at,
        kind: isOurs ? ('change' as const) : ('config' as const),
        relationTo: (judge: Judge) => judge.object(place),
        message: `${ref.kind} ${place.namespace}/${ref.name} was ${VERBS[op]}${how}${why}`,
        who: change.author,
        changeId: change.id,
        object: { ...place, apiVersion: ref.group === '' ? ref.version : `${ref.group}/${ref.version}` },
      },
    ]
  })
}

function fromObject(object: ConfigObject, { cluster }: ClusterInventory): Happening[] {
  const { name, namespace = '', creationTimestamp } = object.metadata
  const createdAt = creationTimestamp ? Date.parse(creationTimestamp) : Number.NaN
  const edit = lastEditOf(object)
  const at = Math.max(Number.isNaN(createdAt) ? 0 : createdAt, edit?.at ?? 0)
  if (at === 0) return []
  const place = { cluster, kind: object.kind, namespace, name }
  const isNew = Number.isNaN(createdAt) ? false : at - createdAt < 1_000
  return [
    {
      at,
      kind: 'config' as const,
      relationTo: (judge) => judge.object(place),
      message: `${object.kind} ${namespace}/${name} was ${isNew ? 'created' : 'changed'}`,
      who: edit?.by ?? null,
      changeId: null,
      object: { ...place, apiVersion: object.apiVersion },
    },
  ]
}

function fromEvent(event: KubernetesEvent, workloadOf: WorkloadOfPod): Happening[] {
  const { kind, name } = event.object
  const namespace = event.object.namespace ?? event.namespace
  const at = event.firstAt ?? event.lastAt
  if (at === null) return []
  const place = { cluster: event.cluster, kind, namespace, name }
  const relationTo: Happening['relationTo'] =
    kind === MESH_CONFIG && /^istio(-|$)/.test(name) ? () => 'mesh' : relationOf(place, workloadOf)
  const times = event.count > 1 ? ` (${event.count} times)` : ''
  return [
    {
      at,
      kind: 'event' as const,
      relationTo: (judge) => {
        const relation = relationTo(judge)
        // of what is merely near, objects tell enough
        return relation === 'namespace' && kind !== 'Deployment' ? null : relation
      },
      message: `${kind} ${namespace}/${name}: ${event.message || event.reason}${times}`,
      who: null,
      changeId: null,
      object: { ...place, apiVersion: null },
    },
  ]
}

interface Rollout {
  at: number
  count: number
}
const rollouts = new WeakMap<ClusterInventory, ReadonlyMap<string, Rollout>>()

/** When the newest pods of each workload began, by `namespace/name`; made once, there are tens of incidents in a storm. */
function rolloutsOf(inventory: ClusterInventory): ReadonlyMap<string, Rollout> {
  const known = rollouts.get(inventory)
  if (known) return known
  const started = new Map<string, Rollout>()
  for (const pod of inventory.pods) {
    if (pod.workload === null || pod.startedAt === null) continue
    const key = `${pod.namespace}/${pod.workload}`
    const last = started.get(key)
    if (!last || pod.startedAt - last.at > ROLLOUT_MS) started.set(key, { at: pod.startedAt, count: 1 })
    else if (Math.abs(pod.startedAt - last.at) <= ROLLOUT_MS) {
      started.set(key, { at: Math.min(last.at, pod.startedAt), count: last.count + 1 })
    }
  }
  rollouts.set(inventory, started)
  return started
}

/** Pods that began lately: a rollout, more replicas, or a restart of the pod. */
function fromPods(inventory: ClusterInventory): Happening[] {
  const found: Happening[] = []
  for (const [key, { at, count }] of rolloutsOf(inventory)) {
    const [namespace = '', name = ''] = key.split('/')
    const place = { cluster: inventory.cluster, namespace, name }
    found.push({
      at,
      kind: 'rollout',
      relationTo: (judge) => judge.workload(place),
      message: `${count === 1 ? 'A pod' : `${count} pods`} of ${namespace}/${name} started`,
      who: null,
      changeId: null,
      object: { cluster: inventory.cluster, apiVersion: null, kind: 'Pod', namespace, name },
    })
  }
  return found
}
