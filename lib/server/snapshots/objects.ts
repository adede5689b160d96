import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import { buildTopology } from '@/lib/graph/build'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { withStop } from '../errors'
import type { Upstreams } from '../upstreams'
import type { Snapshot } from './snapshot'

const made = new WeakMap<ClusterInventory, { of: readonly ClusterInventory[]; snapshot: Snapshot }>()

/**
 * The mesh as its objects alone describe it, for as long as Prometheus has never answered: nothing carries a figure,
 * and nothing counts as idle, since nobody looked. Null without objects. The same objects make the same snapshot, so
 * that views of it are projected once.
 */
export function objectsSnapshot(
  up: Pick<Upstreams, 'inventories' | 'clock' | 'config'>,
  windowSeconds: number,
): Snapshot | null {
  const inventories = up.inventories.flatMap((source) => source.current().inventory ?? [])
  const now = up.clock.now()
  const [first] = inventories
  if (first === undefined) return null
  const known = made.get(first)
  const isSame =
    known?.snapshot.windowSeconds === windowSeconds &&
    known.of.length === inventories.length &&
    known.of.every((one, index) => one === inventories[index])
  if (isSame) return known.snapshot
  const snapshot: Snapshot = {
    at: now,
    windowSeconds,
    revision: 0,
    takenAt: now,
    topology: buildTopology({
      at: now,
      windowSeconds,
      requests: [],
      tcp: [],
      inventories,
      defaultCluster: up.config.defaultCluster,
      isMeasured: false,
    }),
    latencyMs: null,
    isRecorded: false,
    notices: [],
  }
  made.set(first, { of: inventories, snapshot })
  return snapshot
}

/**
 * Objects that no news come of any more: pods, replicas and configuration are those last heard of. And those that may
 * not be read, whose absence says nothing.
 */
export function outdatedNotices(up: {
  inventories: readonly Pick<InventorySource, 'cluster' | 'current'>[]
}): Notice[] {
  return up.inventories.flatMap((source): Notice[] => {
    const { inventory, error } = source.current()
    if (!inventory) return []
    return [
      ...(error === null
        ? []
        : [
            {
              code: 'objects-outdated',
              message: `Kubernetes: ${withStop(error)} The objects of cluster ${source.cluster} may be out of date.`,
              upstream: 'kubernetes' as const,
            },
          ]),
      ...forbiddenNotices({ inventories: [source] }),
    ]
  })
}

/** Of each cluster, or of one, the kinds that may not be read: what is told without them is not all. */
export function forbiddenNotices(
  up: { inventories: readonly Pick<InventorySource, 'cluster' | 'current'>[] },
  cluster?: string,
): Notice[] {
  return up.inventories.flatMap((source): Notice[] => {
    if (cluster !== undefined && source.cluster !== cluster) return []
    const refused = source.current().inventory ? refusedKinds(source) : []
    if (refused.length === 0) return []
    return [
      {
        code: 'kinds-forbidden',
        message: `The account may not read ${listed(refused)} of cluster ${source.cluster}: what depends on them is missing here, and checks that look at them say nothing. Grant it list and watch in all namespaces.`,
        upstream: 'kubernetes',
      },
    ]
  })
}

/** Kinds of a cluster's objects that Heddle's account may not read, sorted; events are missed on their own panel only. */
export function refusedKinds({ current }: Pick<InventorySource, 'current'>): string[] {
  return current()
    .kinds.filter(({ kind, state }) => state === 'forbidden' && kind !== 'Event')
    .map(({ kind }) => kind)
    .sort()
}

const MOST_NAMED = 5

function listed(kinds: readonly string[]): string {
  const rest = kinds.length - MOST_NAMED
  return rest > 0 ? `${kinds.slice(0, MOST_NAMED).join(', ')} and ${rest} more` : kinds.join(', ')
}

/** Why a cluster's objects are not there, and that they are not: what was never read is not empty. */
export function notReadWords({ cluster, current }: Pick<InventorySource, 'cluster' | 'current'>): string {
  const { error } = current()
  return error === null
    ? `The objects of cluster ${cluster} are just being read.`
    : `Kubernetes: ${withStop(error)} The objects of cluster ${cluster} have not been read.`
}

/**
 * Why a thing that is not among a cluster's objects may be there all the same; null: it would be known. `kinds`: only
 * what it may be (`VirtualService`).
 */
export function whyHidden(
  source: Pick<InventorySource, 'cluster' | 'current'>,
  kinds?: readonly string[],
): string | null {
  if (source.current().inventory === null) return notReadWords(source)
  const refused = refusedKinds(source).filter(
    (one) => kinds === undefined || kinds.includes(one.split('.')[0] ?? ''),
  )
  return refused.length === 0
    ? null
    : `The account may not read ${listed(refused)} of cluster ${source.cluster}; grant it list and watch in all namespaces.`
}
