import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { summarize } from '@/lib/trace/summarize'
import { present } from '@/tests/support/present'
import { thrownBy } from '@/tests/support/thrown-by'
import { decodeSearch, decodeTagValues, decodeTrace } from './decode'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../tests/fixtures/tempo/${name}.json`, import.meta.url), 'utf8'))
const ID = '5b2b4e2f7c6a1d90'

describe('decodeTrace', () => {
  it('reads ids in base64, times, statuses, events, links, and what is only a part', () => {
    const trace = present(decodeTrace(ID, fixture('trace-v2'), { pods: null, defaultCluster: 'east' }))
    expect(trace).toMatchObject({
      id: '00000000000000005b2b4e2f7c6a1d90',
      startMs: 1_700_000_000_000.1235,
      warnings: [
        'Trace exceeds maximum size of 100 bytes, a partial trace is returned',
        '1 of 3 spans could not be read and are left out',
      ],
    })
    expect(trace.spans).toHaveLength(2)
    expect(trace.spans[0]).toMatchObject({
      id: 'aaaaaaaaaaaaaaa1',
      parentId: null,
      service: 'productpage.bookinfo',
      operation: 'reviews.bookinfo.svc.cluster.local:9080/*',
      kind: 'client',
      durationMs: 45.6,
      hasError: true,
      httpStatus: '503',
      responseFlags: 'UF',
      nodeId: 'east/bookinfo/workload/productpage-v1',
      tags: {
        retried: 'true',
        ratio: '0.25',
        hosts: '["a","2"]',
        'status.message': 'upstream reset',
        'k8s.namespace.name': 'bookinfo',
      },
      logs: [{ atMs: 1_700_000_000_020, fields: { event: 'retry', attempt: '2' } }],
    })
    expect(Object.keys(present(trace.spans[0]).tags)).not.toContain('odd')
    expect(trace.spans[1]).toMatchObject({
      kind: 'consumer',
      parentId: trace.spans[0]?.id,
      durationMs: 0,
      nodeId: null,
      hasError: false,
    })
  })

  it('reads batches, hexadecimal ids, enums and instants as numbers', () => {
    const trace = present(decodeTrace(ID, fixture('trace-v1')))
    expect(trace.warnings).toEqual([])
    expect(trace.spans[0]).toMatchObject({
      id: 'aaaaaaaaaaaaaaa3',
      parentId: 'aaaaaaaaaaaaaaa2',
      kind: 'server',
      durationMs: 30,
      hasError: false,
      httpStatus: '200',
      nodeId: 'east/bookinfo/workload/reviews-v10',
      podName: 'reviews-v10-6b4c9d7f88-x2x9k',
    })
  })

  it('knows a trace without spans', () => {
    expect(decodeTrace(ID, { trace: null })).toBeUndefined()
    expect(decodeTrace(ID, { trace: { resourceSpans: [] } })).toBeUndefined()
    expect(decodeTrace(ID, { batches: [] })).toBeUndefined()
  })

  it.each([[null], ['text'], [{}], [[]], [{ data: [] }], [{ trace: 'text' }]])('refuses %j', (body) => {
    const error = thrownBy(() => decodeTrace(ID, body))
    expect(isUpstreamError(error) && [error.upstream, error.kind]).toEqual(['tempo', 'decode'])
  })
})

describe('decodeSearch', () => {
  it('keeps the spans that met, and what is said of the whole', () => {
    const { traces, warnings } = decodeSearch(fixture('search'))
    expect(warnings).toEqual(['1 of 3 traces could not be read'])
    const [young, old] = traces.map((trace) => summarize(trace, 'east/bookinfo/workload/reviews-v1'))
    expect(old).toEqual({
      id: '00000000000000005b2b4e2f7c6a1d90',
      startMs: 1_700_000_000_000.1235,
      durationMs: 45,
      rootService: 'istio-ingressgateway.istio-system',
      rootOperation: 'productpage.bookinfo.svc.cluster.local:9080/*',
      spans: 3,
      services: ['istio-ingressgateway.istio-system', 'reviews.bookinfo'],
      hasError: true,
      node: { spans: 1, durationMs: 30, hasError: true, services: ['reviews.bookinfo'] },
      url: null,
    })
    // of an older Tempo, whose root has not come: nothing is made up
    expect(young).toMatchObject({
      rootService: '',
      durationMs: 0.4,
      spans: null,
      services: ['reviews.bookinfo'],
      hasError: false,
      node: { spans: 0 },
    })
    expect(traces[0]?.spans[0]?.operation).toBe('poll')
    expect(traces[1]?.spans[0]).toMatchObject({ kind: 'server', httpStatus: '503', hasError: true })
  })

  it('knows that none was found', () => {
    expect(decodeSearch({ metrics: {} })).toEqual({ traces: [], warnings: [] })
    expect(decodeSearch({ traces: [], metrics: {} })).toEqual({ traces: [], warnings: [] })
  })

  it.each([[null], ['text'], [{}], [{ traces: 'text' }]])('refuses %j', (body) => {
    expect(thrownBy(() => decodeSearch(body))).toMatchObject({ upstream: 'tempo', kind: 'decode' })
  })
})

describe('decodeTagValues', () => {
  it('reads values with and without types', () => {
    expect(decodeTagValues({ tagValues: ['b', 'a', 'b'] })).toEqual(['a', 'b'])
    expect(decodeTagValues({ tagValues: [{ type: 'string', value: 'b' }] })).toEqual(['b'])
    expect(decodeTagValues({ metrics: {} })).toEqual([])
    expect(thrownBy(() => decodeTagValues({}))).toMatchObject({ kind: 'decode' })
  })
})
