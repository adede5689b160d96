/** Nodes and edges of one view while they are being summed up. */
import { edgeId, nodeId, UNKNOWN, type NodeKind } from '@/lib/mesh/identity'
import type { Protocol } from '@/lib/mesh/traffic'
import type { End, GraphType, NodeRole, ServiceEnd } from '../types'
import { NO_TALLY, type Tally } from './tally'

export interface NodeDraft {
  id: string
  kind: NodeKind
  cluster: string
  namespace: string
  name: string
  /** names of the workloads it stands for, in its cluster and namespace */
  workloads: Set<string>
  apps: Set<string>
  versions: Set<string>
  service: string | null
  roles: Set<NodeRole>
  /** a service put between callers and workloads of this view */
  isInjected: boolean
  inbound: Record<Protocol, Tally | null>
  outbound: Record<Protocol, Tally | null>
  /** edges that leave it, by target */
  edges: Partial<Record<Protocol, Map<NodeDraft, EdgeDraft>>>
}

export interface EdgeDraft {
  id: string
  source: NodeDraft
  target: NodeDraft
  protocol: Protocol
  tally: Tally
}

/** The nodes and edges of a view by what they are made of; each exists once. */
export interface Drafts {
  nodes: Map<string, NodeDraft>
  edges: EdgeDraft[]
}

export function emptyDrafts(): Drafts {
  return { nodes: new Map(), edges: [] }
}

/** The node of an end in a graph of this type, made on first sight. */
export function nodeOfEnd(drafts: Drafts, end: End, graphType: GraphType): NodeDraft {
  const node = addNode(drafts, identityOfEnd(end, graphType))
  if (end.kind === 'unknown') return node
  if (end.workload !== null) node.workloads.add(end.workload)
  if (end.app !== null) node.apps.add(end.app)
  if (end.version !== null) node.versions.add(end.version)
  if (end.isGateway) node.roles.add('gateway')
  if (end.isWaypoint) node.roles.add('waypoint')
  return node
}

type NodeIdentity = Pick<NodeDraft, 'kind' | 'cluster' | 'namespace' | 'name'> & { version?: string }

function identityOfEnd(end: End, graphType: GraphType): NodeIdentity {
  const { cluster, namespace, workload, app, version } = end
  if (end.kind === 'unknown') {
    return { kind: 'unknown', cluster: UNKNOWN, namespace: UNKNOWN, name: workload ?? UNKNOWN }
  }
  const byApp = graphType === 'app' || graphType === 'versionedApp'
  // waypoints serve apps and are none; what has no app stands for itself
  const isWorkload = workload !== null && (!byApp || end.isWaypoint || app === null)
  if (isWorkload) return { kind: 'workload', cluster, namespace, name: workload }
  const identity = { kind: 'app' as const, cluster, namespace, name: app ?? UNKNOWN }
  return graphType === 'versionedApp' && version !== null ? { ...identity, version } : identity
}

/** The node of a service that was asked for. */
export function nodeOfService(drafts: Drafts, service: ServiceEnd): NodeDraft {
  const { kind, cluster, namespace, name } = service
  const node = addNode(drafts, { kind, cluster, namespace, name })
  if (kind === 'service') node.service = name
  if (service.role !== null) node.roles.add(service.role)
  return node
}

/** A node by its identity, made on first sight. */
export function addNode(drafts: Drafts, identity: NodeIdentity): NodeDraft {
  const id = nodeId(identity)
  const known = drafts.nodes.get(id)
  if (known) return known
  const { kind, cluster, namespace, name, version } = identity
  const node: NodeDraft = {
    id,
    kind,
    cluster,
    namespace,
    name,
    workloads: new Set(),
    apps: new Set(kind === 'app' ? [name] : []),
    versions: new Set(version === undefined ? [] : [version]),
    service: null,
    roles: new Set(),
    isInjected: false,
    inbound: { http: null, grpc: null, tcp: null },
    outbound: { http: null, grpc: null, tcp: null },
    edges: {},
  }
  drafts.nodes.set(id, node)
  return node
}

/** The edge between two nodes for a protocol, made on first sight. */
export function edgeBetween(
  drafts: Drafts,
  source: NodeDraft,
  target: NodeDraft,
  protocol: Protocol,
): EdgeDraft {
  // an id is long: it is made once an edge, not looked up once a flow
  const known = source.edges[protocol]?.get(target)
  if (known) return known
  const id = edgeId(source.id, target.id, protocol)
  const edge: EdgeDraft = { id, source, target, protocol, tally: NO_TALLY }
  drafts.edges.push(edge)
  const edges = (source.edges[protocol] ??= new Map())
  edges.set(target, edge)
  return edge
}
