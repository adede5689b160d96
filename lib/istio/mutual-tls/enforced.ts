/** Which workloads a PeerAuthentication means anything to. */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isControlPlane, isGateway, isWaypoint } from '@/lib/mesh/labels'
import { dataPlaneOf } from '../data-plane'

/**
 * False for gateways, whose listeners have TLS settings of their own, for waypoints, which are reached by mutual
 * TLS alone, and for the mesh's machinery.
 */
export function isGoverned(workload: WorkloadInventory): boolean {
  const labels = { ...workload.labels, ...workload.podLabels }
  return (
    !isGateway(workload.name, labels) &&
    !isWaypoint(workload.name, labels) &&
    !isControlPlane(workload.name, labels)
  )
}

/** True where a sidecar or ztunnel stands in front of the pods and enforces the mode. */
export function isProxied(workload: WorkloadInventory, index: InventoryIndex): boolean {
  return dataPlaneOf(workload, index) !== 'none'
}
