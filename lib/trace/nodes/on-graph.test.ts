import { describe, expect, it } from 'vitest'
import { marksOf } from './on-graph'
import { span, trace } from '../testing'

const at = (name: string) => `east/shop/workload/${name}`

describe('marksOf', () => {
  it('counts spans for exactly the workload they name, and calls as the callee has them', () => {
    const marks = marksOf(
      trace([
        span('a', null, 0, 100, { nodeId: at('page'), kind: 'server' }),
        span('b', 'a', 10, 50, { nodeId: at('page'), kind: 'client' }),
        span('c', 'b', 12, 40, { nodeId: at('reviews-v1'), kind: 'server', hasError: true }),
        span('d', 'a', 60, 30, { nodeId: at('page'), kind: 'client' }),
        span('e', 'd', 62, 25, { nodeId: at('reviews-v10'), kind: 'server' }),
        span('f', 'd', 62, 26, { nodeId: at('reviews-v10'), kind: 'server' }),
      ]),
    )
    expect(Object.fromEntries(marks.nodes)).toEqual({
      [at('page')]: { spans: 3, failed: 0, longestMs: 100 },
      [at('reviews-v1')]: { spans: 1, failed: 1, longestMs: 40 },
      [at('reviews-v10')]: { spans: 2, failed: 0, longestMs: 26 },
    })
    expect(marks.calls).toEqual([
      { source: at('page'), target: at('reviews-v1'), spans: 1, failed: 1, longestMs: 40 },
      { source: at('page'), target: at('reviews-v10'), spans: 2, failed: 0, longestMs: 26 },
    ])
    expect(marks).toMatchObject({
      spans: 6,
      failed: 1,
      startMs: 0,
      endMs: 100,
      rootOperation: 'a',
      homeless: [],
    })
  })

  it('looks through spans that name nobody, and says how many there are', () => {
    const marks = marksOf(
      trace([
        span('lib', null, 0, 100, { service: 'browser' }),
        span('a', 'lib', 5, 90, { nodeId: at('page') }),
        span('x', 'a', 6, 80, { service: 'orm' }),
        span('y', 'x', 7, 70, { service: 'orm' }),
        span('b', 'y', 8, 60, { nodeId: at('db') }),
      ]),
    )
    expect(marks.calls).toEqual([
      { source: at('page'), target: at('db'), spans: 1, failed: 0, longestMs: 60 },
    ])
    expect(marks.homeless).toEqual([
      { service: 'orm', spans: 2 },
      { service: 'browser', spans: 1 },
    ])
  })

  it('knows calls that nobody answered with a span', () => {
    const client = { nodeId: at('page'), kind: 'client' as const }
    const marks = marksOf(
      trace([
        span('a', null, 0, 100, { nodeId: at('page'), kind: 'server' }),
        span('b', 'a', 1, 9, {
          ...client,
          tags: { upstream_cluster: 'outbound|443||api.example.com' },
          hasError: true,
        }),
        span('c', 'a', 1, 9, { ...client, tags: { upstream_cluster: 'PassthroughCluster' } }),
        span('d', 'a', 1, 9, {
          ...client,
          tags: { upstream_cluster: 'outbound|80|v1|reviews.shop.svc.cluster.local' },
        }),
        span('e', 'd', 2, 5, { nodeId: at('reviews-v1'), kind: 'server' }),
      ]),
    )
    expect(marks.outward).toEqual([
      { source: at('page'), host: 'api.example.com', spans: 1, failed: 1, longestMs: 9 },
    ])
  })

  it('is quiet about a trace without spans', () => {
    expect(marksOf(trace([]))).toMatchObject({ spans: 0, calls: [], homeless: [], rootOperation: '' })
  })
})
