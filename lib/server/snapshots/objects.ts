import 'server-only'
import { buildTopology } from '@/lib/graph/build'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import type { Snapshot } from './snapshot'

const made = new WeakMap<ClusterInventory, { of: readonly ClusterInventory[]; snapshot: Snapshot }>()

/**
 * The mesh as its objects alone describe it, for as long as Prometheus has never answered: nothing carries a figure,
 * and nothing counts as idle, since nobody looked. Null without objects. The same objects make the same snapshot, so
 * that views of it are projected once.
 */
export function objectsSnapshot(
  inventories: readonly ClusterInventory[],
  { windowSeconds, now, defaultCluster }: { windowSeconds: number; now: number; defaultCluster: string },
): Snapshot | null {
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
      defaultCluster,
      isMeasured: false,
    }),
    latencyMs: null,
    isRecorded: false,
    notices: [],
  }
  made.set(first, { of: inventories, snapshot })
  return snapshot
}
