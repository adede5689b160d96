import 'server-only'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { configAfter, type Known } from '@/lib/changes/findings'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import type { Entry } from '@/lib/validation/analyze'
import { createIncremental, type Incremental } from '@/lib/validation/incremental/incremental'
import { meshSettingsOf, objectsOf, surroundingsOf } from '@/lib/validation/inventory-objects'
import { ACROSS_CHECKERS, LIVE_CHECKERS } from '@/lib/validation/live-checkers'
import { UNOBSERVED, type Observed } from '@/lib/validation/observed'
import { SERVICE } from '@/lib/validation/lookups/kinds'
import { append, type KindKey } from '@/lib/validation/world'
import type { Clock } from '../clock'
import { refusedKinds } from '../snapshots/objects'

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
  /** what is measured from now on, and objects beside the inventory; the next reading checks against both */
  observe(cluster: string, observed: Observed, beside: readonly ConfigObject[]): void
  /** what a reading checks against at this moment, beside the inventory */
  known(cluster: string): Known
}

interface Line {
  /** one function for all its readings: another would be another world */
  clusterOf: () => string
  analyzer: Incremental
  /** of texts that somebody edits; made when somebody does */
  scratch: Incremental | null
  inventory: ClusterInventory | null
  hidden: ReadonlySet<KindKey>
  now: number
  observed: Observed
  beside: readonly ConfigObject[]
  /** of the last reading */
  seen: { observed: Observed; beside: readonly ConfigObject[] } | null
  entries: readonly Entry[] | null
}

/** One memory of what was checked for every cluster, shared by all who ask. */
export function createLiveFindings(inventories: readonly InventorySource[], clock: Clock): LiveFindings {
  const lines = new Map(
    inventories.map((source): [string, Line] => [
      source.cluster,
      {
        clusterOf: () => source.cluster,
        analyzer: createIncremental(LIVE_CHECKERS),
        scratch: null,
        inventory: null,
        hidden: new Set(),
        now: 0,
        observed: UNOBSERVED,
        beside: [],
        seen: null,
        entries: null,
      },
    ]),
  )
  const across = createAcross()
  return {
    read() {
      for (const source of inventories) {
        const line = lines.get(source.cluster)
        const { inventory } = source.current()
        if (line && inventory) refresh(line, inventory, hiddenKinds(source), clock.now())
      }
      const read = [...lines.values()].flatMap(({ inventory, hidden }) =>
        inventory && !hidden.has(SERVICE) ? inventory : [],
      )
      const shared = across(read)
      return [...lines].map(([cluster, { entries }]) => ({
        cluster,
        entries: entries && joined(entries, shared.get(cluster)),
      }))
    },
    whatIf(cluster, objects) {
      const line = lines.get(cluster)
      const source = inventories.find((one) => one.cluster === cluster)
      const inventory = source?.current().inventory
      if (!line || !source || !inventory) return null
      line.scratch ??= createIncremental(LIVE_CHECKERS)
      const steps = objects.map((after) => ({ before: null, after }))
      const config = configAfter(inventory.config, steps)
      return line.scratch.update(
        [...surroundingsOf(inventory), ...line.beside, ...config],
        meshSettingsOf(inventory),
        {
          now: stepOf(clock.now()),
          observed: line.observed,
          clusterOf: line.clusterOf,
          hidden: hiddenKinds(source),
        },
      )
    },
    observe(cluster, observed, beside) {
      const line = lines.get(cluster)
      if (line) Object.assign(line, { observed, beside })
    },
    known(cluster) {
      const { observed, beside } = lines.get(cluster) ?? { observed: UNOBSERVED, beside: [] }
      const source = inventories.find((one) => one.cluster === cluster)
      return { now: clock.now(), observed, beside, hidden: source ? hiddenKinds(source) : new Set() }
    },
  }
}

const joins = new WeakMap<readonly Entry[], { with: readonly Entry[]; all: readonly Entry[] }>()

/** The same list as long as its parts are: what was counted over it need not be counted again. */
function joined(entries: readonly Entry[], more: readonly Entry[] | undefined): readonly Entry[] {
  if (!more || more.length === 0) return entries
  const known = joins.get(entries)
  if (known?.with === more) return known.all
  const all = [...entries, ...more]
  joins.set(entries, { with: more, all })
  return all
}

/** Findings about services of one name in several clusters, by the cluster of the object they are told of. */
function createAcross(): (inventories: readonly ClusterInventory[]) => ReadonlyMap<string, Entry[]> {
  const analyzer = createIncremental(ACROSS_CHECKERS)
  let last: { of: readonly ClusterInventory[]; found: ReadonlyMap<string, Entry[]> } | null = null
  return (inventories) => {
    if (inventories.length < 2) return new Map()
    const isSame =
      last?.of.length === inventories.length &&
      last.of.every((one, at) => one.services === inventories[at]?.services)
    if (last && isSame) return last.found
    const clusters = new Map<ConfigObject, string>()
    for (const inventory of inventories) {
      for (const object of surroundingsOf(inventory)) {
        if (object.kind === 'Service') clusters.set(object, inventory.cluster)
      }
    }
    const found = new Map<string, Entry[]>()
    const clusterOf = (object: ConfigObject) => clusters.get(object) ?? ''
    const [first] = inventories
    if (!first) return found
    for (const entry of analyzer.update([...clusters.keys()], meshSettingsOf(first), { clusterOf })) {
      append(found, clusterOf(entry.object), entry)
    }
    last = { of: inventories, found }
    return found
  }
}

function stepOf(now: number): number {
  return Math.floor(now / NOW_STEP_MS) * NOW_STEP_MS
}

/** Kinds of a cluster that Heddle's account may not read, as checkers name them. */
function hiddenKinds(source: InventorySource): ReadonlySet<KindKey> {
  return new Set(
    refusedKinds(source).map((name): KindKey => {
      const [kind = '', ...group] = name.split('.')
      return `${group.join('.')}/${kind}`
    }),
  )
}

function refresh(
  line: Line,
  inventory: ClusterInventory,
  hidden: ReadonlySet<KindKey>,
  clockNow: number,
): void {
  const now = stepOf(clockNow)
  const { observed, beside, seen } = line
  const isSeen = seen?.observed === observed && seen.beside === beside
  const isAsHidden = [...hidden].join() === [...line.hidden].join()
  if (line.inventory === inventory && line.now === now && isSeen && isAsHidden) return
  line.entries = line.analyzer.update([...objectsOf(inventory), ...beside], meshSettingsOf(inventory), {
    now,
    observed,
    clusterOf: line.clusterOf,
    hidden,
  })
  Object.assign(line, { inventory, hidden, now, seen: { observed, beside } })
}
