/** A whole mesh or one box of it in figures: how it is, how much flows, what is wrong. Pure. */
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { Graph, GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { openLock } from '@/lib/istio/mutual-tls/lock'
import { groupBy } from '@/lib/graph/group-by'
import type { Figures } from './traffic'
import { edgeFigures, passedOn, severity } from './traffic'

export interface Summary {
  nodes: GraphNode[]
  counts: Record<HealthStatus, number>
  /** all requests that reach a node of the set, whoever sent them */
  total: Figures & { mtlsRatio: number | null }
  /** what crosses the border inwards; the same as `total` has no meaning for a whole mesh: null there */
  entering: Figures | null
  leaving: Figures | null
  /** nodes that are not well, worst first */
  troubled: GraphNode[]
  /** edges of the set with plaintext traffic, most plaintext requests first */
  plaintext: GraphEdge[]
}

/** Figures over `members` (null: all nodes); each request is counted once, at the first node of them it reaches. */
export function summarise(graph: Graph, members: readonly string[] | null): Summary {
  const inside = members && new Set(members)
  const isInside = (id: string) => inside === null || inside.has(id)
  const nodes = graph.nodes.filter((node) => isInside(node.id))
  const inward = graph.edges.filter((edge) => isInside(edge.target))
  const isPassedOn = passedOn(graph)
  const reaching = inward.filter((edge) => !isPassedOn(edge, isInside))
  const counts: Record<HealthStatus, number> = { healthy: 0, degraded: 0, failing: 0, idle: 0, unknown: 0 }
  for (const node of nodes) counts[node.health.status] += 1
  const plaintextRate = (edge: GraphEdge) => (1 - (edge.mtlsRatio ?? 1)) * (edge.requestsPerSecond ?? 0)
  return {
    nodes,
    counts,
    total: edgeFigures(reaching),
    entering: inside && edgeFigures(reaching.filter((edge) => !isInside(edge.source))),
    leaving:
      inside && edgeFigures(graph.edges.filter((edge) => isInside(edge.source) && !isInside(edge.target))),
    troubled: nodes
      .filter((node) => severity(node.health.status) >= severity('degraded'))
      .sort((a, b) => severity(b.health.status) - severity(a.health.status) || errorsOf(b) - errorsOf(a)),
    plaintext: inward
      .filter((edge) => openLock({ mtlsRatio: edge.mtlsRatio, mode: null }) !== null)
      .sort((a, b) => plaintextRate(b) - plaintextRate(a)),
  }
}

function errorsOf(node: GraphNode): number {
  const part = (side: GraphNode['inbound']['http']) =>
    side ? side.requestsPerSecond * (side.errorRatio ?? 0) : 0
  return part(node.inbound.http) + part(node.inbound.grpc)
}

export interface ResponseRow {
  code: string
  flags: string
  requestsPerSecond: number
  /** of all responses given, 0..1 */
  share: number
}

/** Answers of some edges by code and flags, most first. */
export function responseRows(edges: readonly GraphEdge[]): ResponseRow[] {
  const rows = new Map<string, ResponseRow>()
  let total = 0
  for (const response of edges.flatMap((edge) => edge.responses)) {
    const key = `${response.code} ${response.flags}`
    const row = rows.get(key) ?? {
      code: response.code,
      flags: response.flags,
      requestsPerSecond: 0,
      share: 0,
    }
    row.requestsPerSecond += response.requestsPerSecond
    rows.set(key, row)
    total += response.requestsPerSecond
  }
  return [...rows.values()]
    .map((row) => ({ ...row, share: total > 0 ? row.requestsPerSecond / total : 0 }))
    .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond || (a.code < b.code ? -1 : 1))
}

/** `reviews v1`, `api.example.com`, `unknown caller`: a node as one says it, and as the graph writes it. */
export function spokenName(node: GraphNode): string {
  if (node.name === 'unknown') return 'unknown caller'
  if (node.version === null || node.version === '' || node.kind === 'service') return node.name
  const name = node.app !== null && node.name === `${node.app}-${node.version}` ? node.app : node.name
  return `${name} ${node.version}`
}

/** `boutique`, and `west/boutique` where nodes are of several clusters; empty where it is not known. */
export function placeNamer(nodes: readonly GraphNode[]): (node: GraphNode) => string {
  const clusters = clustersOf(nodes)
  return ({ cluster, namespace }) => {
    if (namespace === '' || namespace === 'unknown') return ''
    return clusters.size > 1 && cluster !== 'unknown' ? `${cluster}/${namespace}` : namespace
  }
}

/** Clusters that nodes are known to be of. */
export function clustersOf(nodes: readonly GraphNode[]): Set<string> {
  return new Set(nodes.map((node) => node.cluster).filter((cluster) => cluster !== 'unknown'))
}

/** Every node's spoken name by id; what is named alike is told apart: `cart (service)`, `cart (in west/shop)`. */
export function namesApart(nodes: readonly GraphNode[]): Map<string, string> {
  const placeOf = placeNamer(nodes)
  const names = new Map<string, string>()
  for (const [name, group] of groupBy(nodes, spokenName)) {
    const [first] = group
    const differs = (of: (node: GraphNode) => string) =>
      first !== undefined && group.some((node) => of(node) !== of(first))
    const isKindSaid = differs((node) => node.kind)
    const isPlaceSaid = differs(placeOf)
    for (const node of group) {
      const place = isPlaceSaid ? placeOf(node) : ''
      const more = [isKindSaid ? node.kind : '', place && `in ${place}`].filter(Boolean).join(' ')
      names.set(node.id, more ? `${name} (${more})` : name)
    }
  }
  return names
}
