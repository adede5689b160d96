import 'server-only'
import type { InventorySource } from '@/lib/kubernetes/watch'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import type { Entry } from '@/lib/validation/analyze'
import { createIncremental, type Incremental } from '@/lib/validation/incremental/incremental'
import { meshSettingsOf, objectsOf } from '@/lib/validation/inventory-objects'
import { LIVE_CHECKERS } from '@/lib/validation/live-checkers'
import type { Observed } from '@/lib/validation/observed'
import type { Clock } from './clock'

/** Rules about expiry look at the clock: once in a while is enough for days and weeks. */
const NOW_STEP_MS = 10 * 60_000

export interface ClusterFindings {
  cluster: string
  /** sorted by object, path and code; null: the cluster has not been read */
  entries: readonly Entry[] | null
}

export interface LiveFindings {
  /** Findings of every cluster as it is now; checked again only where something changed. */
  read(): ClusterFindings[]
  /** what is measured from now on; the next reading checks against it */
  observe(cluster: string, observed: Observed): void
}

interface Line {
  analyzer: Incremental
  inventory: ClusterInventory | null
  now: number
  observed: Observed | null
  /** of the last reading */
  seen: Observed | null
  entries: readonly Entry[] | null
}

/** One memory of what was checked for every cluster, shared by all who ask. */
export function createLiveFindings(inventories: readonly InventorySource[], clock: Clock): LiveFindings {
  const lines = new Map(
    inventories.map((source): [string, Line] => [
      source.cluster,
      {
        analyzer: createIncremental(LIVE_CHECKERS),
        inventory: null,
        now: 0,
        observed: null,
        seen: null,
        entries: null,
      },
    ]),
  )
  return {
    read: () =>
      inventories.map((source) => {
        const line = lines.get(source.cluster)
        const { inventory } = source.current()
        if (line && inventory) refresh(line, inventory, clock.now())
        return { cluster: source.cluster, entries: line?.entries ?? null }
      }),
    observe(cluster, observed) {
      const line = lines.get(cluster)
      if (line) line.observed = observed
    },
  }
}

function refresh(line: Line, inventory: ClusterInventory, clockNow: number): void {
  const now = Math.floor(clockNow / NOW_STEP_MS) * NOW_STEP_MS
  if (line.inventory === inventory && line.now === now && line.seen === line.observed) return
  const { observed } = line
  line.entries = line.analyzer.update(objectsOf(inventory), meshSettingsOf(inventory), { now, observed })
  Object.assign(line, { inventory, now, seen: observed })
}
