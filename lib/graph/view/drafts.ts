/** Nodes and edges of one view while they are being summed up. */
import type { NodeKind } from '@/lib/mesh/identity'
import type { Protocol } from '@/lib/mesh/traffic'
import type { End, GraphType, NodeRole, ServiceEnd } from '../types'
import { edgeIdOf, nameOfEnd, nameOfService, type NodeName } from './names'
import { NO_TALLY, type Tally } from './tally'

export interface NodeDraft {
  id: string
  named: NodeName
  kind: NodeKind
  cluster: string
  namespace: string
  name: string
  /** names of the workloads it stands for, in its cluster and namespace; these lists are of one or two, each once */
  workloads: string[]
  apps: string[]
  versions: string[]
  service: string | null
  roles: NodeRole[]
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
  const node = addNode(drafts, nameOfEnd(end, graphType))
  if (end.kind === 'unknown') return node
  if (end.workload !== null) note(node.workloads, end.workload)
  if (end.app !== null) note(node.apps, end.app)
  if (end.version !== null) note(node.versions, end.version)
  if (end.isGateway) note(node.roles, 'gateway')
  if (end.isWaypoint) note(node.roles, 'waypoint')
  return node
}

/** The node of a service that was asked for. */
export function nodeOfService(drafts: Drafts, service: ServiceEnd): NodeDraft {
  const node = addNode(drafts, nameOfService(service))
  if (service.kind === 'service') node.service = service.name
  if (service.role !== null) note(node.roles, service.role)
  return node
}

/** Adds what a short list does not hold yet: a set of one name each, for thousands of nodes, is dear. */
export function note<T>(list: T[], item: T): void {
  if (!list.includes(item)) list.push(item)
}

function addNode(drafts: Drafts, named: NodeName): NodeDraft {
  const { id, kind, cluster, namespace, name, version } = named
  const known = drafts.nodes.get(id)
  if (known) return known
  const node: NodeDraft = {
    id,
    named,
    kind,
    cluster,
    namespace,
    name,
    workloads: [],
    apps: kind === 'app' ? [name] : [],
    versions: version === undefined ? [] : [version],
    service: null,
    roles: [],
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
  // an id is long: it is looked at once an edge, not once a flow
  const known = source.edges[protocol]?.get(target)
  if (known) return known
  const id = edgeIdOf(source.named, target.named, protocol)
  const edge: EdgeDraft = { id, source, target, protocol, tally: NO_TALLY }
  drafts.edges.push(edge)
  const edges = (source.edges[protocol] ??= new Map())
  edges.set(target, edge)
  return edge
}
