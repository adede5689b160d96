/** Which boxes a graph is drawn in, and the graph with some of them folded to one node each. Pure. */
import type { Boxing } from '@/components/hooks/address/view-state'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { Graph, GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { edgeId } from '@/lib/mesh/identity'
import { groupBy } from '@/lib/graph/group-by'
import { edgeFigures, severity, worstStatus } from './traffic'

export interface Box {
  /** `box:{cluster}/{namespace}[/{app}]` */
  id: string
  kind: 'namespace' | 'app'
  parent: string | null
  cluster: string
  namespace: string
  title: string
  /** ids of the nodes within, those of inner boxes included */
  members: string[]
}

/** True for the id of a box rather than of a node or an edge. */
export function isBoxId(id: string): boolean {
  return id.startsWith('box:')
}

export function namespaceBoxId(cluster: string, namespace: string): string {
  return `box:${cluster}/${namespace}`
}

/**
 * Boxes by namespace and, within, by app where the app has several nodes; sorted by id. What belongs to no
 * namespace (unknown callers, hosts outside) stays unboxed.
 */
export function boxesOf(
  graph: Graph,
  boxing: readonly Boxing[],
): { boxes: Box[]; parents: Map<string, string> } {
  const boxes = new Map<string, Box>()
  const parents = new Map<string, string>()
  const clusters = new Set(graph.nodes.map((node) => node.cluster).filter((name) => !isNowhere(name)))
  const byNamespace = boxing.includes('namespace')
  if (byNamespace) {
    for (const node of graph.nodes) {
      if (!isPlaced(node)) continue
      const id = namespaceBoxId(node.cluster, node.namespace)
      const title = clusters.size > 1 ? `${node.cluster} / ${node.namespace}` : node.namespace
      put(boxes, { id, kind: 'namespace', parent: null, title }, node)
      parents.set(node.id, id)
    }
  }
  if (boxing.includes('app')) {
    for (const [id, nodes] of appGroups(graph)) {
      const first = nodes[0]
      if (!first || nodes.length < 2) continue
      const parent = byNamespace ? namespaceBoxId(first.cluster, first.namespace) : null
      for (const node of nodes) {
        put(boxes, { id, kind: 'app', parent, title: first.app ?? first.name }, node)
        parents.set(node.id, id)
      }
    }
  }
  return { boxes: [...boxes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), parents }
}

/** Workloads (and a service of the same name stays outside) of one app, where versions make it several nodes. */
function appGroups(graph: Graph): Map<string, GraphNode[]> {
  const nodes = graph.nodes.filter((node) => isPlaced(node) && node.app !== null && node.kind !== 'service')
  return groupBy(nodes, (node) => `${namespaceBoxId(node.cluster, node.namespace)}/${node.app}`)
}

export interface FoldedNode extends GraphNode {
  /** the box this node stands for */
  folded: Box
}

/**
 * The graph with each box of `collapsed` drawn as one node: its inner edges disappear, the others are added up
 * per neighbour and protocol. Quantiles are dropped there: they do not add up.
 */
export function foldBoxes(graph: Graph, boxes: readonly Box[], collapsed: readonly string[]): Graph {
  const folded = new Map<string, Box>()
  // outer boxes first: a folded namespace swallows its apps
  for (const box of [...boxes].sort((a, b) => Number(a.parent !== null) - Number(b.parent !== null))) {
    if (!collapsed.includes(box.id)) continue
    for (const member of box.members) if (!folded.has(member)) folded.set(member, box)
  }
  if (folded.size === 0) return graph
  const shown = [...new Set(folded.values())]
  const kept = graph.nodes.filter((node) => !folded.has(node.id))
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const nodes = [...kept, ...shown.map((box) => foldedNode(box, byId, graph.edges))]
  const end = (id: string) => folded.get(id)?.id ?? id
  const isTouched = (edge: GraphEdge) => folded.has(edge.source) || folded.has(edge.target)
  const edges = graph.edges.filter((edge) => !isTouched(edge))
  const crossing = graph.edges.filter((edge) => isTouched(edge) && end(edge.source) !== end(edge.target))
  const groups = groupBy(crossing, (edge) => edgeId(end(edge.source), end(edge.target), edge.protocol))
  for (const [id, group] of groups) {
    const first = group[0]
    if (first) edges.push(mergedEdge(id, end(first.source), end(first.target), group))
  }
  const byIdOrder = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
  return { ...graph, nodes: nodes.sort(byIdOrder), edges: edges.sort(byIdOrder) }
}

function foldedNode(box: Box, byId: Map<string, GraphNode>, edges: readonly GraphEdge[]): FoldedNode {
  const members = box.members.map((id) => byId.get(id)).filter((node) => node !== undefined)
  const inside = new Set(box.members)
  const entering = edges.filter((edge) => inside.has(edge.target) && !inside.has(edge.source))
  const leaving = edges.filter((edge) => inside.has(edge.source) && !inside.has(edge.target))
  return {
    id: box.id,
    kind: 'app',
    cluster: box.cluster,
    namespace: box.namespace,
    name: box.title,
    workload: null,
    app: null,
    version: null,
    service: null,
    mesh: members[0]?.mesh ?? null,
    dataPlane: null,
    roles: [],
    inbound: sideOf(entering),
    outbound: sideOf(leaving),
    health: mergedHealth(members),
    badges: [],
    workloadKind: null,
    replicas: null,
    serviceAccount: null,
    mtls: null,
    mtlsRatio: edgeFigures(entering).mtlsRatio,
    folded: box,
  }
}

/** Health of several nodes as one: the worst status and, of each bad node, why. */
export function mergedHealth(
  nodes: readonly { name: string; health: GraphNode['health'] }[],
): GraphNode['health'] {
  const bad = nodes
    .filter((node) => severity(node.health.status) >= severity('degraded'))
    .sort((a, b) => severity(b.health.status) - severity(a.health.status))
  return {
    status: worstStatus(nodes.map((node) => node.health.status)),
    reasons: bad.flatMap((node) => node.health.reasons.filter((reason) => severity(reason.status) >= 3)),
  }
}

function sideOf(edges: readonly GraphEdge[]): GraphNode['inbound'] {
  const of = (protocol: GraphEdge['protocol']) => edges.filter((edge) => edge.protocol === protocol)
  const requests = (list: GraphEdge[]) => {
    if (list.length === 0) return null
    const { requestsPerSecond, errorRatio, clientErrorRatio } = edgeFigures(list)
    return { requestsPerSecond: requestsPerSecond ?? 0, errorRatio, clientErrorRatio, latencyMs: null }
  }
  const tcp = of('tcp')
  return {
    http: requests(of('http')),
    grpc: requests(of('grpc')),
    tcp:
      tcp.length === 0
        ? null
        : {
            sentBytesPerSecond: total(tcp, (edge) => edge.sentBytesPerSecond) ?? 0,
            receivedBytesPerSecond: total(tcp, (edge) => edge.receivedBytesPerSecond) ?? 0,
            connectionsPerSecond: total(tcp, (edge) => edge.connectionsPerSecond),
          },
  }
}

function mergedEdge(id: string, source: string, target: string, edges: readonly GraphEdge[]): GraphEdge {
  const { requestsPerSecond, errorRatio, clientErrorRatio, mtlsRatio } = edgeFigures(edges)
  const responses = new Map<string, GraphEdge['responses'][number]>()
  for (const response of edges.flatMap((edge) => edge.responses)) {
    const key = `${response.code} ${response.flags}`
    const seen = responses.get(key)?.requestsPerSecond ?? 0
    responses.set(key, { ...response, requestsPerSecond: seen + response.requestsPerSecond })
  }
  const statuses: HealthStatus[] = edges.map((edge) => edge.health.status)
  return {
    id,
    source,
    target,
    protocol: edges[0]?.protocol ?? 'http',
    requestsPerSecond,
    errorRatio,
    clientErrorRatio,
    share: null,
    responses: [...responses.values()],
    latencyMs: null,
    sentBytesPerSecond: total(edges, (edge) => edge.sentBytesPerSecond),
    receivedBytesPerSecond: total(edges, (edge) => edge.receivedBytesPerSecond),
    connectionsPerSecond: total(edges, (edge) => edge.connectionsPerSecond),
    mtlsRatio,
    health: { status: worstStatus(statuses), reasons: edges.flatMap((edge) => edge.health.reasons) },
  }
}

function total(edges: readonly GraphEdge[], value: (edge: GraphEdge) => number | null): number | null {
  let sum: number | null = null
  for (const edge of edges) {
    const part = value(edge)
    if (part !== null) sum = (sum ?? 0) + part
  }
  return sum
}

function put(
  boxes: Map<string, Box>,
  of: Pick<Box, 'id' | 'kind' | 'parent' | 'title'>,
  node: GraphNode,
): void {
  const box = boxes.get(of.id)
  if (box) box.members.push(node.id)
  else boxes.set(of.id, { ...of, cluster: node.cluster, namespace: node.namespace, members: [node.id] })
}

function isPlaced(node: GraphNode): boolean {
  if (node.kind === 'unknown' || node.kind === 'external') return false
  return !isNowhere(node.namespace)
}

function isNowhere(name: string): boolean {
  return name === '' || name === 'unknown'
}
