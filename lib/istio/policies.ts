/**
 * Policies that attach to workloads by namespace and selector: mesh-wide from the root namespace, for a whole
 * namespace, or for selected pods. https://istio.io/latest/docs/concepts/security/#policy-target
 */
import type { ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { effectiveMtls } from './mtls'
import { readObjects, type Read } from './objects'

interface Reason {
  object: ConfigObject
  why: string
}

/** All policies that reach the workload, with the reason; those that lost to another say so. */
export function policiesFor(workload: WorkloadInventory, index: InventoryIndex): Reason[] {
  const objects = readObjects(index)
  const reasons: Reason[] = [...sidecarFor(workload, index)]
  const { ignored } = effectiveMtls(workload, index)
  for (const policy of objects.peerAuthentications) {
    // Istio ignores a peer authentication with a selector in the root namespace
    const isLost = policy.namespace === index.inventory.rootNamespace && selectorOf(policy).length > 0
    const why = isLost ? null : reach(policy, selectorOf(policy), workload, index)
    if (why === null) continue
    const isIgnored = ignored.some((each) => each.namespace === policy.namespace && each.name === policy.name)
    reasons.push({ object: policy.object, why: isIgnored ? `${why}, but an older one counts` : why })
  }
  for (const policy of [
    ...objects.authorizationPolicies,
    ...objects.requestAuthentications,
    ...objects.telemetries,
  ]) {
    const why = whyReached(policy, workload, index)
    if (why !== null) reasons.push({ object: policy.object, why })
  }
  return reasons
}

/** Why a policy holds for a workload, in words: by reference, else by namespace and selector; null: it does not. */
export function whyReached(
  policy: Attachable,
  workload: WorkloadInventory,
  index: InventoryIndex,
): string | null {
  const aimed = targetsOf(policy)
  return aimed.length > 0
    ? aimedAt(policy, aimed, workload, index)
    : reach(policy, selectorOf(policy), workload, index)
}

type Attachable = Read<{
  selector?: { matchLabels?: Record<string, string> | undefined } | undefined
  targetRef?: TargetRef | undefined
  targetRefs?: TargetRef[] | undefined
}>

interface TargetRef {
  kind: string
  name: string
}

function selectorOf(policy: Attachable): [string, string][] {
  return Object.entries(policy.spec.selector?.matchLabels ?? {})
}

function targetsOf(policy: Attachable): TargetRef[] {
  return policy.spec.targetRefs ?? (policy.spec.targetRef ? [policy.spec.targetRef] : [])
}

function reach(
  policy: { namespace: string },
  selector: readonly (readonly [string, string])[],
  workload: WorkloadInventory,
  index: InventoryIndex,
): string | null {
  const isRoot = policy.namespace === index.inventory.rootNamespace
  if (!isRoot && policy.namespace !== workload.namespace) return null
  if (selector.length === 0) {
    return isRoot ? 'holds for the whole mesh' : `holds for all of namespace ${policy.namespace}`
  }
  if (!selector.every(([key, value]) => workload.podLabels[key] === value)) return null
  return `selects it by ${selector.map(([key, value]) => `${key}=${value}`).join(', ')}`
}

/** A reference reaches a gateway's or waypoint's own proxy, or through the waypoint what is behind a service. */
function aimedAt(
  policy: { namespace: string },
  targets: readonly TargetRef[],
  workload: WorkloadInventory,
  index: InventoryIndex,
): string | null {
  if (policy.namespace !== workload.namespace) return null
  const services = index.servicesOfWorkload.get(`${workload.namespace}/${workload.name}`) ?? []
  for (const { kind, name } of targets) {
    if (kind === 'Gateway' && workload.podLabels['gateway.networking.k8s.io/gateway-name'] === name) {
      return `names gateway ${name} as its target`
    }
    if (kind === 'Service' && services.some((service) => service.name === name)) {
      return `names service ${name} as its target`
    }
  }
  return null
}

/**
 * The one Sidecar object that counts: with a matching selector, else the namespace's, else the root namespace's;
 * of several the oldest.
 */
function sidecarFor(workload: WorkloadInventory, index: InventoryIndex): Reason[] {
  const own = readObjects(index)
    .sidecars.map((sidecar) => ({
      sidecar,
      selector: Object.entries(sidecar.spec.workloadSelector?.labels ?? {}),
    }))
    .flatMap(({ sidecar, selector }) => {
      const isOwn = sidecar.namespace === workload.namespace
      // a default for the mesh must not select
      if (!isOwn && selector.length > 0) return []
      const why = reach(sidecar, selector, workload, index)
      if (why === null) return []
      return [{ sidecar, why, rank: !isOwn ? 2 : selector.length > 0 ? 0 : 1 }]
    })
    .sort((a, b) => a.rank - b.rank || a.sidecar.createdAt - b.sidecar.createdAt || compare(a, b))
  const [first] = own
  return first ? [{ object: first.sidecar.object, why: first.why }] : []
}

function compare(a: { sidecar: { name: string } }, b: { sidecar: { name: string } }): number {
  return a.sidecar.name < b.sidecar.name ? -1 : 1
}
