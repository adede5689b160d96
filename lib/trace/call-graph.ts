/** A trace as a graph: who called whom in it, how often, for how long. */
import type { Trace } from './span'
import { buildForest } from './tree'

export interface CallNode {
  /** node id where spans say it, else the service's name */
  id: string
  nodeId: string | null
  name: string
  /** longest way from a root: its column */
  layer: number
  spans: number
  failed: number
}

export interface CallEdge {
  source: string
  target: string
  calls: number
  failed: number
  /** longest of the calls */
  longestMs: number
}

/** Nodes by layer and name, edges by ends. A node that calls itself has no edge for it; circles are drawn as they are. */
export function callGraph(trace: Trace): { nodes: CallNode[]; edges: CallEdge[] } {
  const { order, roots } = buildForest(trace.spans)
  const nodes = new Map<string, CallNode>()
  const edges = new Map<string, CallEdge>()
  const idOf = (span: Trace['spans'][number]) => span.nodeId ?? span.service
  for (const { span } of order) {
    const id = idOf(span)
    const node = nodes.get(id)
    if (node) {
      node.spans += 1
      node.failed += Number(span.hasError)
    } else {
      nodes.set(id, {
        id,
        nodeId: span.nodeId,
        name: nameOf(id),
        layer: 0,
        spans: 1,
        failed: Number(span.hasError),
      })
    }
  }
  // depth counts changes of node, not spans: client and server of one call are two spans
  const layers = new Map(roots.map((root) => [root, 0]))
  for (const parent of order) {
    const layer = layers.get(parent) ?? 0
    const own = nodes.get(idOf(parent.span))
    if (own) own.layer = Math.max(own.layer, layer)
    for (const child of parent.children) {
      const [source, target] = [idOf(parent.span), idOf(child.span)]
      layers.set(child, source === target ? layer : layer + 1)
      if (source === target) continue
      const key = `${source}>${target}`
      const edge = edges.get(key) ?? { source, target, calls: 0, failed: 0, longestMs: 0 }
      edge.calls += 1
      edge.failed += Number(child.span.hasError)
      edge.longestMs = Math.max(edge.longestMs, child.span.durationMs)
      edges.set(key, edge)
    }
  }
  return {
    nodes: [...nodes.values()].sort((a, b) => a.layer - b.layer || (a.name < b.name ? -1 : 1)),
    edges: [...edges.values()].sort((a, b) => (a.source + a.target < b.source + b.target ? -1 : 1)),
  }
}

function nameOf(id: string): string {
  const parts = id.split('/')
  return parts.length >= 4 ? (parts[3] ?? id) : id
}
