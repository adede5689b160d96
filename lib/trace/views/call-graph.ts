/** A trace as a graph: who called whom in it, how often, for how long. */
import type { Trace } from '../span'
import { buildForest } from '../tree'

export interface CallNode {
  /** node id where spans say it, else the service's name */
  id: string
  nodeId: string | null
  name: string
  /** longest way from a root, circles not counted: its column */
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
  const steps = new Map(roots.map((root): [Visit, Step] => [root, firstStep(idOf(root.span))]))
  for (const parent of order) {
    const step = steps.get(parent) ?? firstStep(idOf(parent.span))
    const own = nodes.get(idOf(parent.span))
    if (own) own.layer = Math.max(own.layer, step.layer)
    for (const child of parent.children) {
      const [source, target] = [idOf(parent.span), idOf(child.span)]
      // who is called back stands where it stood: a circle must not push everybody to the last column
      steps.set(child, stepAbove(step, target) ?? { id: target, layer: step.layer + 1, above: step })
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

type Visit = ReturnType<typeof buildForest>['order'][number]

/** A node on the way from a root, each but once. */
interface Step {
  id: string
  layer: number
  above: Step | null
}

function firstStep(id: string): Step {
  return { id, layer: 0, above: null }
}

/** The step of a node on the way to and including `from`. */
function stepAbove(from: Step, id: string): Step | undefined {
  for (let step: Step | null = from; step; step = step.above) if (step.id === id) return step
  return undefined
}

function nameOf(id: string): string {
  const parts = id.split('/')
  return parts.length >= 4 ? (parts[3] ?? id) : id
}
