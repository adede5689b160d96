import { expect, it } from 'vitest'
import type { GraphEdge, GraphNode } from '@/lib/api/schemas/mesh/graph'
import { crossingsOf } from './crossings'

const node = (cluster: string, namespace: string, name: string) =>
  ({ id: `${cluster}/${namespace}/workload/${name}`, cluster, namespace, name }) as GraphNode
const edge = (
  source: GraphNode,
  target: GraphNode,
  requestsPerSecond: number | null,
  bytes: number | null = null,
) =>
  ({
    id: `${source.id}>${target.id}`,
    source: source.id,
    target: target.id,
    requestsPerSecond,
    sentBytesPerSecond: bytes,
    receivedBytesPerSecond: null,
  }) as GraphEdge

it('tells what enters, what leaves and what stays, the busiest first; another cluster is elsewhere', () => {
  const [a, b] = [node('east', 'shop', 'a'), node('east', 'shop', 'b')]
  const [gate, twin] = [node('east', 'edge', 'gate'), node('west', 'shop', 'a')]
  const edges = [
    edge(gate, a, 1),
    edge(gate, b, 5),
    edge(a, b, 2),
    edge(a, twin, null, 10),
    edge(b, twin, 0.1),
    edge(gate, twin, 9),
  ]
  const { into, outOf, within } = crossingsOf({ nodes: [a, b, gate, twin], edges }, 'east/shop')
  expect(into.map(({ target }) => target)).toEqual([b.id, a.id])
  expect(within.map(({ source }) => source)).toEqual([a.id])
  expect(outOf.map(({ source }) => source)).toEqual([b.id, a.id])
})
