/** Nodes and edges in words: for screen readers, tooltips and copying. Pure. */
import { alertMarkWords } from '@/lib/alerts/marks'
import { formatBytesPerSecond } from '@/lib/units/bytes'
import { formatDuration } from '@/lib/units/duration'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import type { FindingMark } from './findings'
import type { Scene, SceneEdge, SceneNode } from './scene'
import { nodeFigures } from './traffic'

const KIND_WORDS = {
  workload: 'workload',
  app: 'application',
  service: 'service',
  external: 'outside host',
  unknown: 'unknown caller',
} as const

/** `workload in bookinfo`, `gateway in istio-system`, `outside host`. */
export function kindWords({ node, folded }: Pick<SceneNode, 'node' | 'folded'>): string {
  if (folded) return `${folded.kind} of ${folded.members.length} nodes`
  const kind = node.roles.includes('waypoint')
    ? 'waypoint'
    : node.roles.includes('gateway')
      ? 'gateway'
      : node.roles.includes('serviceEntry')
        ? 'service entry'
        : KIND_WORDS[node.kind]
  const isPlaced = node.kind !== 'unknown' && node.namespace !== '' && node.namespace !== 'unknown'
  return isPlaced ? `${kind} in ${node.namespace}` : kind
}

/** One sentence of everything the picture says about a node. */
export function describeNode(scene: SceneNode): string {
  const figures = nodeFigures(scene.node)
  const parts = [scene.fullName, kindWords(scene)]
  parts.push(scene.status)
  if (figures.requestsPerSecond !== null) {
    parts.push(`${formatRate(figures.requestsPerSecond)} ${figures.direction === 'in' ? 'in' : 'out'}`)
    if (figures.errorRatio !== null) parts.push(`${formatRatio(figures.errorRatio)} errors`)
    const p99 = figures.latencyMs?.p99
    if (figures.direction === 'in' && p99 !== null && p99 !== undefined)
      parts.push(`P99 ${formatDuration(p99)}`)
  } else if (figures.bytesPerSecond !== null) parts.push(formatBytesPerSecond(figures.bytesPerSecond))
  else parts.push('no traffic')
  if (scene.alerts) parts.push(alertMarkWords(scene.alerts))
  if (scene.findings) parts.push(findingWords(scene.findings))
  return parts.join(', ')
}

/** `2 findings of the checks, errors among them` */
export function findingWords({ severity, count }: FindingMark): string {
  const what = count === 1 ? '1 finding of the checks' : `${count} findings of the checks`
  if (severity === 'warning') return what
  return count === 1 ? `${what}, an error` : `${what}, errors among them`
}

/** The same for an edge; `name` gives the words for its ends. */
export function describeEdge(scene: SceneEdge, name: (id: string) => string): string {
  const { edge } = scene
  const parts = [`${name(edge.source)} to ${name(edge.target)}`, edge.protocol, scene.status]
  if (edge.requestsPerSecond !== null) parts.push(formatRate(edge.requestsPerSecond))
  if (edge.errorRatio !== null) parts.push(`${formatRatio(edge.errorRatio)} errors`)
  const p99 = edge.latencyMs?.p99
  if (p99 !== null && p99 !== undefined) parts.push(`P99 ${formatDuration(p99)}`)
  if (edge.protocol === 'tcp') {
    parts.push(formatBytesPerSecond((edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0)))
  }
  if (scene.isPlaintext) parts.push('not fully encrypted')
  return parts.join(', ')
}

/** Words for whatever has this id in the scene; empty when nothing has. */
export function describeElement(scene: Scene, id: string): string {
  const node = scene.nodes.find((each) => each.id === id)
  if (node) return describeNode(node)
  const edge = scene.edges.find((each) => each.id === id)
  if (edge) return describeEdge(edge, (end) => scene.nodes.find((each) => each.id === end)?.fullName ?? end)
  const box = scene.boxes.find((each) => each.id === id)
  return box ? `${box.kind} ${box.title}, ${box.status}, ${box.members.length} nodes` : ''
}
