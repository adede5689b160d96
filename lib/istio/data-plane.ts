/** How a workload takes part in the mesh. */
import type { DataPlaneMode, PodInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isControlPlane, isGateway, isWaypoint } from '@/lib/mesh/labels'

/**
 * What its pods run with: a sidecar, the node's proxy, or nothing. A gateway or waypoint is a proxy itself and
 * counts as `sidecar`. Without pods what labels would make of them.
 */
export function dataPlaneOf(workload: WorkloadInventory, index: InventoryIndex): DataPlaneMode {
  if (isProxy(workload)) return 'sidecar'
  const pods = index.pods.get(`${workload.namespace}/${workload.name}`) ?? []
  if (pods.length === 0) return expectedDataPlane(workload, index)
  const modes = new Set(pods.map(modeOfPod))
  return modes.has('sidecar') ? 'sidecar' : modes.has('ambient') ? 'ambient' : 'none'
}

function modeOfPod(pod: PodInventory): DataPlaneMode {
  return pod.hasSidecar ? 'sidecar' : pod.isAmbient ? 'ambient' : 'none'
}

/**
 * What injection and ambient labels ask for. A refusal wins wherever it stands, namespace or pod; then any
 * consent injects; the annotation of old can only refuse, since no webhook looks at it.
 * https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy
 */
export function expectedDataPlane(workload: WorkloadInventory, index: InventoryIndex): DataPlaneMode {
  const namespace = index.namespaces.get(workload.namespace)?.labels ?? {}
  const pod = workload.podLabels
  const policy = namespace['istio-injection']
  const own = pod['sidecar.istio.io/inject']
  const isRefused =
    policy === 'disabled' ||
    own === 'false' ||
    (own === undefined && workload.podAnnotations['sidecar.istio.io/inject'] === 'false')
  const hasRevision = namespace['istio.io/rev'] !== undefined || pod['istio.io/rev'] !== undefined
  if (!isRefused && (own === 'true' || policy === 'enabled' || hasRevision)) return 'sidecar'
  const mode = pod['istio.io/dataplane-mode'] ?? namespace['istio.io/dataplane-mode']
  return mode === 'ambient' ? 'ambient' : 'none'
}

/** True when a workload carries no proxy though it is neither one itself nor part of the control plane. */
export function isOutOfMesh(workload: WorkloadInventory, index: InventoryIndex): boolean {
  const labels = { ...workload.labels, ...workload.podLabels }
  if (workload.namespace === index.inventory.rootNamespace || isControlPlane(workload.name, labels))
    return false
  return dataPlaneOf(workload, index) === 'none'
}

function isProxy(workload: WorkloadInventory): boolean {
  const labels = { ...workload.labels, ...workload.podLabels }
  return isGateway(workload.name, labels) || isWaypoint(workload.name, labels)
}
