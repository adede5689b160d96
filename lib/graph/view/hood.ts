/** The neighbourhood of a node. */
import { groupBy } from '../group-by'
import type { GraphEdge } from '../types'

export interface Hood {
  nodes: Set<string>
  edges: GraphEdge[]
}

interface Visit {
  id: string
  distance: number
  /** how this visit came to a service in between: it is left on the far side for free, on the near side for a hop */
  entered: 'forward' | 'backward' | null
}

/**
 * What is reached from the focus in at most `hops` calls, up or down, and the edges walked over. A service
 * between caller and workload is part of the call and costs no hop of its own.
 * Empty when the focus is not among the nodes.
 */
export function findHood(
  edges: readonly GraphEdge[],
  nodes: ReadonlySet<string>,
  injected: ReadonlySet<string>,
  { focus, hops }: { focus: string; hops: number },
): Hood {
  const reached = new Set<string>()
  const walked = new Set<GraphEdge>()
  if (!nodes.has(focus)) return { nodes: reached, edges: [] }
  const out = groupBy(edges, (edge) => edge.source)
  const into = groupBy(edges, (edge) => edge.target)
  const seen = new Map<string, number>()
  // breadth first: a visit that costs nothing goes to the front, so nearer visits always come first
  const queue: Visit[] = [{ id: focus, distance: 0, entered: null }]
  for (let visit = queue.shift(); visit; visit = queue.shift()) {
    const state = `${visit.id} ${visit.entered ?? ''}`
    if ((seen.get(state) ?? Number.POSITIVE_INFINITY) <= visit.distance) continue
    seen.set(state, visit.distance)
    reached.add(visit.id)
    const follow = (edge: GraphEdge, next: string, direction: 'forward' | 'backward') => {
      const isFree = injected.has(visit.id) && visit.entered === direction
      const distance = visit.distance + (isFree ? 0 : 1)
      if (distance > hops) return
      walked.add(edge)
      const entered = injected.has(next) ? direction : null
      if (isFree) queue.unshift({ id: next, distance, entered })
      else queue.push({ id: next, distance, entered })
    }
    for (const edge of out.get(visit.id) ?? []) follow(edge, edge.target, 'forward')
    for (const edge of into.get(visit.id) ?? []) follow(edge, edge.source, 'backward')
  }
  return { nodes: reached, edges: edges.filter((edge) => walked.has(edge)) }
}
