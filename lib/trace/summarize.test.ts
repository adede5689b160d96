import { describe, expect, it } from 'vitest'
import { present } from '@/tests/support/present'
import { findRoot, summarize } from './summarize'
import { span, trace } from './testing'

describe('summarize', () => {
  const spans = [
    span('lost', 'gone', 0, 5, { service: 'z' }),
    span('root', null, 1, 10, { service: 'a', operation: 'GET /', nodeId: 'c/n/workload/a' }),
    span('kid', 'root', 2, 4, { service: 'b', hasError: true, nodeId: 'c/n/workload/reviews-v10' }),
  ]

  it('names the root, the services and the extent', () => {
    expect(summarize(trace(spans))).toEqual({
      id: 't',
      startMs: 0,
      durationMs: 11,
      rootService: 'a',
      rootOperation: 'GET /',
      spans: 3,
      services: ['a', 'b', 'z'],
      hasError: true,
      node: null,
      url: null,
    })
  })

  it("counts exactly the node's own spans", () => {
    expect(summarize(trace(spans), 'c/n/workload/reviews-v1').node).toEqual({
      spans: 0,
      durationMs: 0,
      hasError: false,
      services: [],
    })
    expect(summarize(trace(spans), 'c/n/workload/reviews-v10').node).toEqual({
      spans: 1,
      durationMs: 4,
      hasError: true,
      services: ['b'],
    })
    const isNamed = (one: { service: string }) => one.service !== 'z'
    expect(summarize(trace(spans), isNamed).node).toMatchObject({ spans: 2, services: ['a', 'b'] })
  })

  it('takes no span of a part for the root of the whole', () => {
    const whole = {
      rootService: 'shop',
      rootOperation: 'GET /secret',
      spans: 9,
      services: null,
      hasError: null,
    }
    // as stores send what met a search: without parents
    const met = span('met', null, 2, 4, { service: 'b', operation: 'GET /b', nodeId: 'c/n/workload/b' })
    const root = span('root', null, 1, 9, { service: 'shop', operation: 'GET /secret' })
    expect(findRoot({ ...trace([met]), whole })).toBeUndefined()
    expect(findRoot({ ...trace([met, root]), whole })?.id).toBe('root')
    expect(findRoot(trace(spans))?.id).toBe('root')
  })

  it('falls back to the earliest span when the root is lost, and to nothing when all are', () => {
    expect(summarize(trace([present(spans[0]), present(spans[2])]))).toMatchObject({ rootService: 'z' })
    expect(summarize(trace([]))).toMatchObject({ rootService: '', spans: 0, durationMs: 0, hasError: false })
  })
})
