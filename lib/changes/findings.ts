/** What a change does to the findings about a cluster's configuration. */
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { analyze } from '@/lib/validation/analyze'
import type { Finding } from '@/lib/validation/finding'
import { meshSettingsOf, surroundingsOf } from '@/lib/validation/inventory-objects'
import { LIVE_CHECKERS } from '@/lib/validation/live-checkers'
import { createWorld, kindKey, namespaceOf } from '@/lib/validation/world'
import type { Step } from './order'

/** Findings that are there after the steps and not before, and those that are gone; both sorted by object. */
export function findingsChanged(
  inventory: ClusterInventory,
  steps: readonly Step[],
  now: number,
): { added: Finding[]; resolved: Finding[] } {
  const before = findingsOf(inventory, inventory.config, now)
  const after = findingsOf(inventory, configAfter(inventory.config, steps), now)
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

function findingsOf(inventory: ClusterInventory, config: readonly ConfigObject[], now: number): Finding[] {
  const world = createWorld([...surroundingsOf(inventory), ...config], meshSettingsOf(inventory), { now })
  return analyze(world, LIVE_CHECKERS)
}
