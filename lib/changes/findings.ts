/** What a change does to the findings about a cluster's configuration. */
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import type { Finding } from '@/lib/validation/finding'
import { createIncremental, type Incremental } from '@/lib/validation/incremental/incremental'
import { meshSettingsOf, surroundingsOf } from '@/lib/validation/inventory-objects'
import { LIVE_CHECKERS } from '@/lib/validation/live-checkers'
import type { Observed } from '@/lib/validation/observed'
import { kindKey, namespaceOf, type KindKey } from '@/lib/validation/world'
import type { Step } from './order'

/** What is known of a cluster beside its inventory. */
export interface Known {
  /** epoch milliseconds */
  now: number
  observed: Observed
  /** objects that checkers read and the inventory does not hold */
  beside: readonly ConfigObject[]
  /** kinds that may not be read: what looks at them finds nothing */
  hidden: ReadonlySet<KindKey>
}

/** Findings that are there after the steps and not before, and those that are gone; both sorted by object. */
export function findingsChanged(
  inventory: ClusterInventory,
  steps: readonly Step[],
  known: Known,
): { added: Finding[]; resolved: Finding[] } {
  const analyzer = createIncremental(LIVE_CHECKERS)
  const before = findingsOf(analyzer, inventory, inventory.config, known)
  const after = findingsOf(analyzer, inventory, configAfter(inventory.config, steps), known)
  const missingFrom = (others: readonly Finding[]) => {
    const known = new Set(others.map(keyOf))
    return (finding: Finding) => !known.has(keyOf(finding))
  }
  return { added: after.filter(missingFrom(before)), resolved: before.filter(missingFrom(after)) }
}

/** The configuration as it will be: what the steps leave, and everything they do not touch. */
export function configAfter(config: readonly ConfigObject[], steps: readonly Step[]): ConfigObject[] {
  const touched = new Set(steps.flatMap(({ before, after }) => idOf(after ?? before) ?? []))
  return [
    ...config.filter((object) => !touched.has(idOf(object) ?? '')),
    ...steps.flatMap(({ after }) => after ?? []),
  ]
}

function idOf(object: ConfigObject | null): string | undefined {
  return object ? `${kindKey(object)} ${namespaceOf(object)}/${object.metadata.name}` : undefined
}

function keyOf({ code, object, path, message }: Finding): string {
  return [code, object.kind, object.namespace, object.name, path ?? '', message].join('\0')
}

function findingsOf(
  analyzer: Incremental,
  inventory: ClusterInventory,
  config: readonly ConfigObject[],
  { now, observed, beside, hidden }: Known,
): Finding[] {
  const objects = [...surroundingsOf(inventory), ...beside, ...config]
  return analyzer
    .update(objects, meshSettingsOf(inventory), { now, observed, hidden })
    .map(({ finding }) => finding)
}
