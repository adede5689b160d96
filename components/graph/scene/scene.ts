/** From the graph of the API to what is drawn: boxes, nodes, edges, with every visual choice already made. Pure. */
import type { Boxing, EdgeLabel } from '@/components/hooks/address/view-state'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { Graph, GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import type { AlertMark } from '@/lib/alerts/marks'
import { openLock } from '@/lib/istio/mutual-tls/lock'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { groupBy } from '@/lib/graph/group-by'
import type { Box, FoldedNode } from './boxes'
import { boxesOf, foldBoxes, isBoxId } from './boxes'
import type { LabelPart } from './edge-labels'
import { edgeLabelParts } from './edge-labels'
import type { FindingMark, FindingMarks } from './findings'
import { idsOf, markOf, NO_MARKS } from './findings'
import { spokenName } from './summary'
import { edgeFigures, nodeFigures, passedOn, worstStatus } from './traffic'

export type Shape =
  'circle' | 'roundSquare' | 'diamond' | 'hexagon' | 'dashedCircle' | 'dottedCircle' | 'stack'

export interface SceneNode {
  id: string
  /** the box it lies in, or null */
  parent: string | null
  /** that box is its app's, and says its name */
  isInApp: boolean
  shape: Shape
  /** diameter in pixels at zoom 1 */
  diameter: number
  title: string
  subtitle: string | null
  /** name and version in one line, for where there is no box to say the name */
  fullName: string
  /** a line of figures under the name */
  figures: LabelPart[]
  /** shares of the ring, summing to 1; null for an empty ring */
  ring: { success: number; clientErrors: number; errors: number } | null
  status: HealthStatus
  /** of the checks; null: none that would not be mere information, or not known */
  findings: FindingMark | null
  /** alerts about it that are not silenced; null: none, or not known */
  alerts: AlertMark | null
  node: GraphNode
  /** set when this node stands for a folded box */
  folded: Box | null
}

export interface SceneEdge {
  id: string
  source: string
  target: string
  status: HealthStatus
  /** pixels at zoom 1 */
  width: number
  label: LabelPart[]
  /** some of it travels without mutual TLS */
  isPlaintext: boolean
  edge: GraphEdge
}

export interface SceneBox extends Box {
  status: HealthStatus
  requestsPerSecond: number | null
  errorRatio: number | null
  /** of a namespace's objects */
  findings: FindingMark | null
}

export interface Scene {
  boxes: SceneBox[]
  nodes: SceneNode[]
  edges: SceneEdge[]
}

export interface SceneOptions {
  boxes: readonly Boxing[]
  collapsed: readonly string[]
  labels: readonly EdgeLabel[]
  /** left out: not known */
  findings?: FindingMarks
  /** by node id and by `{cluster}/{namespace}`; left out: not known */
  alerts?: ReadonlyMap<string, AlertMark>
}

/** Everything on the canvas for one graph. Same graph and options, same scene; order follows the ids. */
export function sceneOf(graph: Graph, options: SceneOptions): Scene {
  const marks = options.findings ?? NO_MARKS
  const { boxes, parents } = boxesOf(graph, options.boxes)
  const folded = foldBoxes(graph, boxes, options.collapsed)
  const shownIds = new Set(folded.nodes.map((node) => node.id))
  const shownBoxes = boxes.filter((box) => box.members.some((id) => shownIds.has(id)))
  const boxById = new Map(boxes.map((box) => [box.id, box]))
  const parentOf = (node: GraphNode): string | null => {
    const box = boxById.get(node.id)
    return (box ? box.parent : parents.get(node.id)) ?? null
  }
  const byTarget = groupBy(graph.edges, (edge) => edge.target)
  const byId = new Map(graph.nodes.map((node) => [node.id, node]))
  const isPassedOn = passedOn(graph)
  return {
    boxes: shownBoxes.map((box) => {
      const members = box.members.map((id) => byId.get(id)).filter((node) => node !== undefined)
      const inside = new Set(box.members)
      const inward = box.members.flatMap((id) => byTarget.get(id) ?? [])
      const figures = edgeFigures(inward.filter((edge) => !isPassedOn(edge, (id) => inside.has(id))))
      return {
        ...box,
        status: worstStatus(members.map((node) => node.health.status)),
        requestsPerSecond: figures.requestsPerSecond,
        errorRatio: figures.errorRatio,
        findings: marks.get(box.id) ?? null,
      }
    }),
    nodes: folded.nodes.map((node) => {
      const parent = parentOf(node)
      const isInApp = boxById.get(parent ?? '')?.kind === 'app'
      return rememberedNode(node, parent, isInApp, markOf(node, marks), alertMarkOf(node, options.alerts))
    }),
    edges: folded.edges.map((edge) => rememberedEdge(edge, options.labels)),
  }
}

// A patch leaves most of a graph as it was, object by object: what was made of an object once is made of it again,
// the same object, so that everything after can tell at a glance what did not change.
const madeNodes = new WeakMap<GraphNode, SceneNode>()
const madeEdges = new WeakMap<GraphEdge, { labels: string; made: SceneEdge }>()

function rememberedNode(
  node: GraphNode,
  parent: string | null,
  isInApp: boolean,
  mark: FindingMark | null,
  alerts: AlertMark | null,
): SceneNode {
  const known = madeNodes.get(node)
  const isKnown =
    known?.parent === parent &&
    known.isInApp === isInApp &&
    known.findings === mark &&
    known.alerts?.firing === alerts?.firing &&
    known.alerts?.pending === alerts?.pending
  if (isKnown) return known
  const made = { ...sceneNode(node, parent, isInApp), findings: mark, alerts }
  madeNodes.set(node, made)
  return made
}

/** Alerts about a node; a folded namespace stands for all that is about it. Null: none, or not known. */
export function alertMarkOf(node: GraphNode, marks: SceneOptions['alerts']): AlertMark | null {
  if (!marks || marks.size === 0) return null
  const ids = isBoxId(node.id) ? [node.id.slice('box:'.length)] : idsOf(node)
  for (const id of ids) {
    const mark = marks.get(id)
    if (mark) return mark
  }
  return null
}

function rememberedEdge(edge: GraphEdge, chosen: readonly EdgeLabel[]): SceneEdge {
  const labels = chosen.join()
  const known = madeEdges.get(edge)
  if (known?.labels === labels) return known.made
  const made = sceneEdge(edge, chosen)
  madeEdges.set(edge, { labels, made })
  return made
}

function sceneNode(
  node: GraphNode,
  parent: string | null,
  isInApp: boolean,
): Omit<SceneNode, 'findings' | 'alerts'> {
  const figures = nodeFigures(node)
  const folded = isBoxId(node.id) ? (node as FoldedNode).folded : null
  const version = versionOf(node)
  const fullName = folded ? folded.title : spokenName(node)
  const title = version === null ? fullName : fullName.slice(0, -version.length - 1)
  const requests = figures.requestsPerSecond
  const isSilent = (requests ?? 0) === 0 && (figures.bytesPerSecond ?? 0) === 0
  const errors = figures.errorRatio ?? 0
  const clientErrors = Math.min(figures.clientErrorRatio ?? 0, 1 - errors)
  return {
    id: node.id,
    parent,
    isInApp,
    shape: folded ? 'stack' : shapeOf(node),
    diameter: diameterOf(node, requests, figures.bytesPerSecond, folded !== null),
    // within the box of its app the name is on the box
    title: isInApp && version !== null ? version : title,
    subtitle: folded ? `${folded.members.length} nodes` : isInApp ? null : version,
    fullName,
    figures: isSilent ? [] : nodeLine(node, figures),
    ring: isSilent ? null : { success: 1 - errors - clientErrors, clientErrors, errors },
    status: node.health.status,
    node,
    folded,
  }
}

function sceneEdge(edge: GraphEdge, labels: readonly EdgeLabel[]): SceneEdge {
  return {
    id: edge.id,
    source: edge.source,
    target: edge.target,
    status: edge.health.status,
    width: widthOf(edge),
    label: edgeLabelParts(edge, labels),
    isPlaintext: openLock({ mtlsRatio: edge.mtlsRatio, mode: null }) !== null,
    edge,
  }
}

export function shapeOf(node: GraphNode): Shape {
  if (node.roles.includes('gateway') || node.roles.includes('waypoint')) return 'hexagon'
  switch (node.kind) {
    case 'workload':
      return 'circle'
    case 'app':
      return 'roundSquare'
    case 'service':
      return 'diamond'
    case 'external':
      return 'dashedCircle'
    case 'unknown':
      return 'dottedCircle'
  }
}

// three steps, so that a node keeps its size while its rate wavers
const DIAMETERS = [34, 42, 52] as const

function diameterOf(
  node: GraphNode,
  requests: number | null,
  bytes: number | null,
  isFolded: boolean,
): number {
  if (isFolded) return 60
  if (node.kind === 'service') return 32
  // a busy TCP stream counts like requests of 10 kB each
  const load = Math.max(requests ?? 0, (bytes ?? 0) / 10_000)
  return load >= 100 ? DIAMETERS[2] : load >= 10 ? DIAMETERS[1] : DIAMETERS[0]
}

/** Width of a line: 1.5 px for a trickle, one pixel more per factor of ten, 6 at most. */
export function widthOf(edge: GraphEdge): number {
  const bytes = (edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0)
  const load = edge.protocol === 'tcp' ? bytes / 1000 : (edge.requestsPerSecond ?? 0)
  const width = 1.5 + Math.log10(1 + load)
  // quarter pixels: a line that trembles with every refresh draws the eye for nothing
  return Math.min(6, Math.round(width * 4) / 4)
}

function versionOf(node: GraphNode): string | null {
  if (node.version !== null && node.version !== '' && node.kind !== 'service') return node.version
  return null
}

function nodeLine(node: GraphNode, figures: ReturnType<typeof nodeFigures>): LabelPart[] {
  const parts: LabelPart[] = []
  const errors = figures.errorRatio
  if (figures.requestsPerSecond !== null) {
    parts.push({ text: formatRate(figures.requestsPerSecond), tone: 'quiet' })
    if (errors !== null && errors > 0) {
      const tone =
        node.health.status === 'failing'
          ? 'failing'
          : node.health.status === 'degraded'
            ? 'degraded'
            : 'quiet'
      parts.push({ text: `${formatRatio(errors)} err`, tone })
    }
    const p99 = figures.latencyMs?.p99
    if (figures.direction === 'in' && p99 !== null && p99 !== undefined) {
      parts.push({ text: formatDuration(p99), tone: 'quiet' })
    }
  } else if (figures.bytesPerSecond !== null) {
    parts.push({ text: formatBytesPerSecond(figures.bytesPerSecond), tone: 'quiet' })
  }
  return parts
}

/**
 * Ids of all nodes and edges on the way through `id`: what leads to it and what is reached from it, itself included.
 * Of an edge: what leads to its source and what is reached from its target. Of several nodes (a box): of any of them.
 */
export function pathOf(scene: Pick<Scene, 'edges'>, ids: readonly string[]): Set<string> {
  const edge = ids.length === 1 ? scene.edges.find((each) => each.id === ids[0]) : undefined
  const seen = new Set(ids)
  walk(edge ? [edge.target] : ids, 'source', 'target')
  walk(edge ? [edge.source] : ids, 'target', 'source')
  return seen

  function walk(starts: readonly string[], from: 'source' | 'target', to: 'source' | 'target'): void {
    const next = groupBy(scene.edges, (each) => each[from])
    const queue = [...starts]
    const visited = new Set(queue)
    for (const start of starts) seen.add(start)
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      for (const each of next.get(id) ?? []) {
        seen.add(each.id)
        seen.add(each[to])
        if (visited.has(each[to])) continue
        visited.add(each[to])
        queue.push(each[to])
      }
    }
  }
}
