/** What a change does to the findings about a cluster's configuration. */
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { analyze } from '@/lib/validation/analyze'
import { CHECKERS } from '@/lib/validation/checkers'
import { credentials } from '@/lib/validation/checkers/gateway/credentials'
import type { Finding } from '@/lib/validation/finding'
import { createWorld, kindKey, namespaceOf, readMeshSettings } from '@/lib/validation/world'
import type { Step } from './order'

/** Secrets are never read, so nothing can be said about the ones that objects refer to. */
const APPLICABLE = CHECKERS.filter((checker) => checker !== credentials)

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
  const mesh = readMeshSettings(inventory.meshConfig)
  const settings = { ...mesh, rootNamespace: inventory.rootNamespace }
  const world = createWorld([...surroundingsOf(inventory), ...config], settings, { now })
  return analyze(world, APPLICABLE)
}

const surroundings = new WeakMap<ClusterInventory, ConfigObject[]>()

/** What configuration refers to, in the form of the API server: namespaces, services, pods. */
function surroundingsOf(inventory: ClusterInventory): ConfigObject[] {
  const known = surroundings.get(inventory)
  if (known) return known
  const made: ConfigObject[] = [
    ...inventory.namespaces.map(({ name, labels, annotations }) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels, annotations },
    })),
    ...inventory.services.map(({ name, namespace, labels, annotations, type, selector, ports }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels, annotations },
      spec: { type, selector, ports: ports.map(withoutNulls) },
    })),
    ...inventory.pods.map(({ name, namespace, labels, annotations, serviceAccount, containers, phase }) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels, annotations },
      spec: {
        serviceAccountName: serviceAccount,
        containers: containers.map((container) => ({ name: container.name, image: container.image })),
      },
      status: { phase },
    })),
  ]
  surroundings.set(inventory, made)
  return made
}

function withoutNulls(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null))
}
