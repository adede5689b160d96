/** A trace laid over a scene: its figures in place of the traffic's on what it passed. Pure. */
import type { Passed, TraceMarks } from '@/lib/trace/nodes/on-graph'
import { formatDuration } from '@/lib/units/duration'
import type { LabelPart } from './edge-labels'
import type { Scene, SceneNode } from './scene'

export interface TracedScene {
  scene: Scene
  /** ids of nodes and edges that the trace passed: what is not dimmed */
  path: ReadonlySet<string>
  /** node ids the trace names that are not drawn, sorted */
  missingNodes: string[]
  /** calls between drawn nodes that have no edge */
  missingCalls: number
}

/** Spans of the members of a folded box count for the box. */
export function withTrace(scene: Scene, marks: TraceMarks): TracedScene {
  const drawn = new Map<string, string>()
  for (const node of scene.nodes) {
    drawn.set(node.id, node.id)
    for (const member of node.folded?.members ?? []) drawn.set(member, node.id)
  }
  const byNode = new Map<string, Passed>()
  const missingNodes: string[] = []
  for (const [id, passed] of marks.nodes) {
    const at = drawn.get(id)
    if (at === undefined) missingNodes.push(id)
    else add(byNode, at, passed)
  }
  const edgesBetween = new Map<string, string[]>()
  for (const edge of scene.edges) {
    const key = `${edge.source}>${edge.target}`
    edgesBetween.set(key, [...(edgesBetween.get(key) ?? []), edge.id])
  }
  const byEdge = new Map<string, Passed>()
  let missingCalls = 0
  for (const call of marks.calls) {
    const [source, target] = [drawn.get(call.source), drawn.get(call.target)]
    if (source === undefined || target === undefined || source === target) continue
    const edges = edgesBetween.get(`${source}>${target}`)
    if (edges) for (const id of edges) add(byEdge, id, call)
    else missingCalls += call.spans
  }
  for (const call of marks.outward) {
    const source = drawn.get(call.source)
    const target = scene.nodes.find((node) => isAskedAs(node, call.host))
    const edges = source && target ? edgesBetween.get(`${source}>${target.id}`) : undefined
    for (const id of edges ?? []) add(byEdge, id, call)
    if (edges && target && !byNode.has(target.id)) byNode.set(target.id, { ...call, spans: 0 })
  }
  return {
    scene: {
      boxes: scene.boxes,
      nodes: scene.nodes.map((node) => {
        const passed = byNode.get(node.id)
        return passed ? { ...node, figures: passed.spans > 0 ? nodeParts(passed) : [] } : node
      }),
      edges: scene.edges.map((edge) => {
        const passed = byEdge.get(edge.id)
        return passed ? { ...edge, label: edgeParts(passed) } : edge
      }),
    },
    path: new Set([...byNode.keys(), ...byEdge.keys()]),
    missingNodes: missingNodes.sort(),
    missingCalls,
  }
}

/** What lies outside is called by its host; a service that nobody answered for, by its name in the cluster. */
function isAskedAs({ node }: SceneNode, host: string): boolean {
  if (node.kind === 'external') return node.name === host
  return node.kind === 'service' && host.startsWith(`${node.name}.${node.namespace}.svc.`)
}

function add(into: Map<string, Passed>, id: string, passed: Passed): void {
  const known = into.get(id)
  into.set(id, {
    spans: (known?.spans ?? 0) + passed.spans,
    failed: (known?.failed ?? 0) + passed.failed,
    longestMs: Math.max(known?.longestMs ?? 0, passed.longestMs),
  })
}

function nodeParts({ spans, failed, longestMs }: Passed): LabelPart[] {
  return [
    { text: spans === 1 ? '1 span' : `${spans} spans`, tone: 'quiet' },
    { text: formatDuration(longestMs), tone: 'plain' },
    ...(failed > 0
      ? [{ text: failed === spans ? 'failed' : `${failed} failed`, tone: 'failing' as const }]
      : []),
  ]
}

function edgeParts({ spans, failed, longestMs }: Passed): LabelPart[] {
  const time = spans > 1 ? `${spans}× ≤ ${formatDuration(longestMs)}` : formatDuration(longestMs)
  return [
    { text: time, tone: 'plain' },
    ...(failed > 0 ? [{ text: spans > 1 ? `${failed} failed` : 'failed', tone: 'failing' as const }] : []),
  ]
}
