/**
 * Names of nodes and edges, kept as long as the ends they are of: ends live through many snapshots, and making,
 * hashing and comparing new texts of a hundred characters is dearer than all that is summed up under them.
 */
import { edgeId, nodeId, UNKNOWN, type NodeRef } from '@/lib/mesh/identity'
import type { Protocol } from '@/lib/mesh/traffic'
import type { End, GraphType, ServiceEnd } from '../types'

export interface NodeName extends NodeRef {
  id: string
  /** of the edges that leave it */
  edgeIds: Record<Protocol, WeakMap<NodeName, string>>
}

const namesOfEnds: Record<GraphType, WeakMap<End, NodeName>> = {
  workload: new WeakMap(),
  app: new WeakMap(),
  versionedApp: new WeakMap(),
  service: new WeakMap(),
}
const namesOfServices = new WeakMap<ServiceEnd, NodeName>()

/** What the node of an end is called in a graph of this type; ends of one node get names with the same id. */
export function nameOfEnd(end: End, graphType: GraphType): NodeName {
  const names = namesOfEnds[graphType]
  let name = names.get(end)
  if (!name) names.set(end, (name = nameOf(refOfEnd(end, graphType))))
  return name
}

/** What the node of a service is called. */
export function nameOfService(service: ServiceEnd): NodeName {
  let named = namesOfServices.get(service)
  if (!named) {
    const { kind, cluster, namespace, name } = service
    namesOfServices.set(service, (named = nameOf({ kind, cluster, namespace, name })))
  }
  return named
}

/** The id of the edge between two nodes. */
export function edgeIdOf(source: NodeName, target: NodeName, protocol: Protocol): string {
  const ids = source.edgeIds[protocol]
  let id = ids.get(target)
  if (id === undefined) ids.set(target, (id = edgeId(source.id, target.id, protocol)))
  return id
}

function nameOf(ref: NodeRef): NodeName {
  const edgeIds = { http: new WeakMap(), grpc: new WeakMap(), tcp: new WeakMap() }
  return { ...ref, id: nodeId(ref), edgeIds }
}

function refOfEnd(end: End, graphType: GraphType): NodeRef {
  const { cluster, namespace, workload, app, version } = end
  if (end.kind === 'unknown') {
    return { kind: 'unknown', cluster: UNKNOWN, namespace: UNKNOWN, name: workload ?? UNKNOWN }
  }
  const byApp = graphType === 'app' || graphType === 'versionedApp'
  // waypoints serve apps and are none; what has no app stands for itself
  const isWorkload = workload !== null && (!byApp || end.isWaypoint || app === null)
  if (isWorkload) return { kind: 'workload', cluster, namespace, name: workload }
  const ref = { kind: 'app' as const, cluster, namespace, name: app ?? UNKNOWN }
  return graphType === 'versionedApp' && version !== null ? { ...ref, version } : ref
}
