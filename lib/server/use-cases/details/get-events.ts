import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { EventList, EventsQuery } from '@/lib/api/schemas/mesh/details'
import type { KubernetesEvent } from '@/lib/kubernetes/watching/decode'
import { listEvents } from '@/lib/kubernetes/read'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { findOwnerByPodName } from '@/lib/trace/nodes/pod-name'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { noticeOf } from '../../errors'
import type { Upstreams } from '../../upstreams'
import { unreadNotices } from '../config-scope'
import { nodeObjects, type NodeObjects } from './node-objects'

const SHOWN = 100
/** objects whose own events are read; those of pods come with the watch of the newest */
const READ_OBJECTS = 10
/** shorter than a page waits between two questions; what is new meanwhile comes with the watch */
const FRESH_MS = 25_000
/** the API server lists them in no order of time */
const READ_OF_NAMESPACE = 500

/**
 * Events of a node's workloads, their pods and replica sets (those that have gone too), and its services; or of all
 * in a namespace: from the watch of the cluster's newest, and as the API server lists them.
 */
export async function getEvents(up: Upstreams, query: EventsQuery): Promise<EventList> {
  const read = await readEvents(up, query)
  if (!read) return { items: null, more: 0, notices: unreadNotices(up) }
  const { events: sorted, notices } = read
  return {
    items: sorted.slice(0, SHOWN).map(({ namespace, name, type, reason, message, count, ...event }) => ({
      id: `${namespace}/${name}`,
      type,
      reason,
      message,
      count,
      firstAt: event.firstAt,
      lastAt: event.lastAt,
      object: { kind: event.object.kind, name: event.object.name },
    })),
    more: Math.max(0, sorted.length - SHOWN),
    notices,
  }
}

/** All of them that are still kept, newest first; null where the cluster's objects are not read. */
export async function readEvents(
  up: Upstreams,
  query: EventsQuery,
): Promise<{ events: KubernetesEvent[]; notices: Notice[] } | null> {
  const wanted = query.node === undefined ? ofNamespace(up, query) : ofNode(up, query.node)
  if (!wanted) return null
  const { source, isOwn, lists: asked } = wanted
  const notices: Notice[] = []
  const found = new Map<string, KubernetesEvent>()
  const keep = (event: KubernetesEvent) => found.set(`${event.namespace}/${event.name}`, event)
  for (const event of source.events()) if (isOwn(event)) keep(event)
  try {
    for (const event of await listed(up, source, asked)) keep(event)
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    notices.push(noticeOf(error, 'Older events may be missing.'))
  }
  const { at } = query
  const events = [...found.values()]
    .filter((event) => at === undefined || (event.firstAt ?? event.lastAt ?? 0) <= at)
    .sort((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0) || (a.name < b.name ? -1 : 1))
  return { events, notices }
}

/** Pages ask for events and for rollouts, again and again: what the API server lists is read once for all of them. */
function listed(up: Upstreams, source: InventorySource, lists: Wanted['lists']): Promise<KubernetesEvent[]> {
  const { client, cluster } = source
  const key = `events ${cluster} ${lists.map(({ namespace, object }) => `${namespace}/${object?.kind ?? ''}/${object?.name ?? ''}`).join()}`
  // nobody's signal: others wait for the same answer
  return up.memory.get(key, FRESH_MS, async () =>
    (await Promise.all(lists.map((list) => listEvents(client, { cluster, ...list })))).flat(),
  )
}

interface Wanted {
  source: InventorySource
  isOwn: (event: KubernetesEvent) => boolean
  lists: { namespace: string; object?: { kind: string; name: string }; limit: number }[]
}

function ofNode(up: Upstreams, node: string): Wanted | null {
  const objects = nodeObjects(up, node)
  const source = up.inventories.find((one) => one.cluster === objects.ref.cluster)
  if (!source || !objects.index) return null
  const named = [
    ...objects.workloads.map(({ kind, namespace, name }) => ({ kind, namespace, name })),
    ...objects.services.map(({ namespace, name }) => ({ kind: 'Service', namespace, name })),
  ].slice(0, READ_OBJECTS)
  return {
    source,
    isOwn: ownership(objects),
    lists: named.map(({ namespace, ...object }) => ({ namespace, object, limit: SHOWN })),
  }
}

function ofNamespace(up: Upstreams, { cluster, namespace }: EventsQuery): Wanted | null {
  const source = up.inventories.find((one) => one.cluster === cluster)
  if (!source?.current().inventory || namespace === undefined) return null
  return {
    source,
    isOwn: (event) => (event.object.namespace ?? event.namespace) === namespace,
    lists: [{ namespace, limit: READ_OF_NAMESPACE }],
  }
}

/** Whose event it is: a pod that has gone is known by its name, since controllers build it from the owner's. */
function ownership({ workloads, services, pods }: NodeObjects): (event: KubernetesEvent) => boolean {
  const own = new Set([
    ...workloads.map((one) => `${one.kind} ${one.namespace}/${one.name}`),
    ...services.map((one) => `Service ${one.namespace}/${one.name}`),
    ...pods.map((one) => `Pod ${one.namespace}/${one.name}`),
  ])
  const names = new Set(workloads.map((one) => `${one.namespace}/${one.name}`))
  return ({ object, namespace }) => {
    const where = object.namespace ?? namespace
    if (own.has(`${object.kind} ${where}/${object.name}`)) return true
    if (object.kind !== 'Pod' && object.kind !== 'ReplicaSet') return false
    // a replica set is named as its pods without their last part
    const pod = object.kind === 'Pod' ? object.name : `${object.name}-bbbbb`
    const owner = findOwnerByPodName(pod)
    return owner !== undefined && names.has(`${where}/${owner.workload}`)
  }
}
