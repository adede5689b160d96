/** Which findings of the checks belong to which node and box. Pure. */
import type { LiveFinding } from '@/lib/api/schemas/config/analyze'
import type { GraphNode } from '@/lib/api/schemas/mesh/graph'
import { nodeId } from '@/lib/mesh/identity'
import { namespaceBoxId } from './boxes'

/** What stands beside a node or a box: the worst severity, and how many are not mere information. */
export interface FindingMark {
  severity: 'error' | 'warning'
  count: number
}

/** By id of a node as findings name it, and by id of a namespace's box. */
export type FindingMarks = ReadonlyMap<string, FindingMark>

export const NO_MARKS: FindingMarks = new Map()

/** Marks of all nodes and namespaces; information alone makes none. */
export function findingMarks(findings: readonly LiveFinding[]): FindingMarks {
  const marks = new Map<string, FindingMark>()
  for (const { severity, concerns, ref } of findings) {
    if (severity === 'info') continue
    const places = ref.namespace === '' ? concerns : [...concerns, namespaceBoxId(ref.cluster, ref.namespace)]
    for (const id of places) {
      const before = marks.get(id)
      const isError = severity === 'error' || before?.severity === 'error'
      marks.set(id, { severity: isError ? 'error' : 'warning', count: (before?.count ?? 0) + 1 })
    }
  }
  return marks
}

/** The mark of a node, by whatever it stands for. */
export function markOf(node: GraphNode, marks: FindingMarks): FindingMark | null {
  if (marks.size === 0) return null
  for (const id of idsOf(node)) {
    const mark = marks.get(id)
    if (mark) return mark
  }
  return null
}

/** The findings that concern a node. */
export function findingsOfNode<T extends LiveFinding>(node: GraphNode, findings: readonly T[]): T[] {
  const ids = new Set(idsOf(node))
  return findings.filter(({ concerns }) => concerns.some((id) => ids.has(id)))
}

type Placed = Pick<GraphNode, 'id' | 'cluster' | 'namespace' | 'workload' | 'kind' | 'app'>

/** A node's own id, and those of what it stands for: a version of an app is a workload, too. */
export function idsOf({ id, cluster, namespace, workload, kind, app }: Placed): string[] {
  const ids = [id]
  if (workload !== null) ids.push(nodeId({ cluster, namespace, kind: 'workload', name: workload }))
  else if (kind === 'app' && app !== null) ids.push(nodeId({ cluster, namespace, kind: 'app', name: app }))
  return ids
}
