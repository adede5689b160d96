import 'server-only'
import type { InventorySource } from '@/lib/kubernetes/watch'
import { configAfter } from '@/lib/changes/findings'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import type { Entry } from '@/lib/validation/analyze'
import { createIncremental, type Incremental } from '@/lib/validation/incremental/incremental'
import { meshSettingsOf, objectsOf, surroundingsOf } from '@/lib/validation/inventory-objects'
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
  /**
   * Findings of a cluster as it would be with these objects in the place of the ones of their names; null: it has
   * not been read. Has a memory of its own, so that typing checks little again and never disturbs `read`.
   */
  whatIf(cluster: string, objects: readonly ConfigObject[]): readonly Entry[] | null
  /** what is measured from now on; the next reading checks against it */
  observe(cluster: string, observed: Observed): void
}

interface Line {
  analyzer: Incremental
  /** of texts that somebody edits; made when somebody does */
  scratch: Incremental | null
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
        scratch: null,
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
    whatIf(cluster, objects) {
      const line = lines.get(cluster)
      const inventory = inventories.find((source) => source.cluster === cluster)?.current().inventory
      if (!line || !inventory) return null
      line.scratch ??= createIncremental(LIVE_CHECKERS)
      const steps = objects.map((after) => ({ before: null, after }))
      const config = configAfter(inventory.config, steps)
      return line.scratch.update([...surroundingsOf(inventory), ...config], meshSettingsOf(inventory), {
        now: stepOf(clock.now()),
        observed: line.observed,
      })
    },
    observe(cluster, observed) {
      const line = lines.get(cluster)
      if (line) line.observed = observed
    },
  }
}

function stepOf(now: number): number {
  return Math.floor(now / NOW_STEP_MS) * NOW_STEP_MS
}

function refresh(line: Line, inventory: ClusterInventory, clockNow: number): void {
  const now = stepOf(clockNow)
  if (line.inventory === inventory && line.now === now && line.seen === line.observed) return
  const { observed } = line
  line.entries = line.analyzer.update(objectsOf(inventory), meshSettingsOf(inventory), { now, observed })
  Object.assign(line, { inventory, now, seen: observed })
}
