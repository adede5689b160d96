/** Which workloads a PeerAuthentication means anything to. */
import type { WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { isControlPlane, isGateway, isWaypoint } from '@/lib/mesh/labels'
import { dataPlaneOf } from '../data-plane'
import { effectiveMtls, type MtlsMode } from '../mtls'
import { isUnread, MODE_UNREAD } from '../unread'

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

/**
 * What a workload takes in truth, for lists and the graph: the policies' mode where a proxy enforces it, the most
 * open of its ports where they differ. Null for what no PeerAuthentication governs; a mode of null is not known.
 */
export function enforcedMtls(
  workload: WorkloadInventory,
  index: InventoryIndex,
): { mode: MtlsMode | null; reason: string } | null {
  if (!isGoverned(workload)) return null
  if (isUnread(index, 'PeerAuthentication')) {
    return isProxied(workload, index)
      ? { mode: null, reason: MODE_UNREAD }
      : {
          mode: 'DISABLE',
          reason: 'Its pods have no proxy: whatever PeerAuthentications say, nothing enforces it',
        }
  }
  const { mode, reason, perPort } = effectiveMtls(workload, index)
  if (!isProxied(workload, index)) {
    return { mode: 'DISABLE', reason: `${reason}, but its pods have no proxy: nothing enforces it` }
  }
  return perPort.some((port) => port.mode !== 'STRICT') && mode === 'STRICT'
    ? { mode: 'PERMISSIVE', reason }
    : { mode, reason }
}

/** Pods of a workload that have no proxy, by name; those that ended count no more. */
export function podsWithoutProxy(workload: WorkloadInventory, index: InventoryIndex): string[] {
  return (index.pods.get(`${workload.namespace}/${workload.name}`) ?? []).flatMap((pod) =>
    pod.hasSidecar || pod.isAmbient || ENDED.has(pod.phase) ? [] : [pod.name],
  )
}

const ENDED = new Set(['Succeeded', 'Failed'])
