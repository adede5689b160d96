import { describe, expect, it } from 'vitest'
import type { GraphEdge } from '@/lib/api/schemas/mesh/graph'
import { answerRows } from './answer-rows'

const edge = (
  source: string,
  target: string,
  protocol: GraphEdge['protocol'],
  responses: [string, string, number][],
) =>
  ({
    source,
    target,
    protocol,
    responses: responses.map(([code, flags, requestsPerSecond]) => ({ code, flags, requestsPerSecond })),
    // the rest of an edge is not looked at
  }) as unknown as GraphEdge

describe('answers by peer', () => {
  const edges = [
    edge('a', 'me', 'http', [
      ['200', '-', 9],
      ['503', 'UH', 1],
    ]),
    edge('b', 'me', 'grpc', [
      ['0', '-', 4],
      ['14', '-', 4],
      ['5', '-', 0],
    ]),
    edge('c', 'me', 'tcp', [['', '-', 1]]),
    edge('me', 'd', 'http', [['0', 'DC', 2]]),
  ]

  it('puts what failed first, with its share among the answers of that peer', () => {
    expect(answerRows(edges, 'me', 'in').map((row) => `${row.peer} ${row.code} ${row.share}`)).toEqual([
      'b 14 0.5',
      'a 503 0.1',
      'a 200 0.9',
      'b 0 0.5',
    ])
  })

  it('takes no response for a failure, and looks the way it was asked to', () => {
    expect(answerRows(edges, 'me', 'out')).toMatchObject([
      { peer: 'd', code: '0', flags: 'DC', isError: true },
    ])
  })
})
