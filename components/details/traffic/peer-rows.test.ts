import { expect, it } from 'vitest'
import type { HealthStatus } from '@/lib/api/schemas/common'
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import { peerRows } from './peer-rows'

const edge = (
  source: string,
  target: string,
  rate: number | null,
  status: HealthStatus = 'healthy',
): GraphEdge => ({
  id: `${source}>${target}#${rate === null ? 'tcp' : 'http'}`,
  source,
  target,
  protocol: rate === null ? 'tcp' : 'http',
  requestsPerSecond: rate,
  errorRatio: null,
  clientErrorRatio: null,
  share: null,
  responses: [],
  latencyMs: null,
  sentBytesPerSecond: rate === null ? 5 : null,
  receivedBytesPerSecond: null,
  connectionsPerSecond: null,
  mtlsRatio: null,
  health: { status, reasons: [] },
})

const edges = [
  edge('a', 'me', 1),
  edge('b', 'me', 9),
  edge('c', 'me', 2, 'failing'),
  edge('d', 'me', null),
  edge('me', 'z', 3),
]

it('puts trouble first, then the busiest', () => {
  expect(peerRows(edges, 'me', 'in').map((row) => row.peer)).toEqual(['c', 'b', 'a', 'd'])
})

it('keeps directions apart', () => {
  expect(peerRows(edges, 'me', 'out').map((row) => row.peer)).toEqual(['z'])
})

it('counts bytes only where they were measured', () => {
  expect(peerRows(edges, 'me', 'in').map((row) => row.bytesPerSecond)).toEqual([null, null, null, 5])
})

it('shows a node that calls itself on both sides', () => {
  const own = [edge('me', 'me', 1)]
  expect(peerRows(own, 'me', 'in')).toHaveLength(1)
  expect(peerRows(own, 'me', 'out')).toHaveLength(1)
})
