import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { podDirectory } from '@/lib/trace/nodes/node-of-span'
import { present } from '@/tests/support/present'
import { thrownBy } from '@/tests/support/thrown-by'
import { decodeServices, decodeTrace, decodeTraces } from './decode'

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../tests/fixtures/jaeger/${name}.json`, import.meta.url), 'utf8'))

const answer = (spans: unknown[], processes: unknown = { p1: { serviceName: 'a', tags: [] } }) => ({
  data: [{ traceID: 't', spans, processes, warnings: null }],
  errors: null,
})
const wire = (spanID: string, rest: Record<string, unknown> = {}) => ({
  traceID: 't',
  spanID,
  operationName: 'op',
  references: [],
  startTime: 1_000_000,
  duration: 500,
  tags: [],
  logs: [],
  processID: 'p1',
  ...rest,
})

describe('decodeTraces', () => {
  it('reads an Istio trace: times in ms, statuses, flags, exact nodes', () => {
    const { traces, warnings } = decodeTraces(fixture('istio-trace'), { pods: null, defaultCluster: null })
    expect(warnings).toEqual([])
    const [trace] = traces
    expect(trace).toMatchObject({ id: '5b2b4e2f7c6a1d90', startMs: 1_700_000_000_000.123, durationMs: 45.6 })
    expect(present(trace).spans.map((span) => [span.id, span.parentId, span.kind, span.nodeId])).toEqual([
      ['aaaaaaaaaaaaaaa1', null, 'server', 'Kubernetes/istio-system/workload/istio-ingressgateway'],
      ['aaaaaaaaaaaaaaa2', 'aaaaaaaaaaaaaaa1', 'client', 'Kubernetes/bookinfo/workload/productpage-v1'],
      ['aaaaaaaaaaaaaaa3', 'aaaaaaaaaaaaaaa2', 'server', 'Kubernetes/bookinfo/workload/reviews-v10'],
    ])
    expect(present(trace).spans[2]).toMatchObject({
      service: 'reviews.bookinfo',
      operation: 'reviews.bookinfo.svc.cluster.local:9080/*',
      httpStatus: '503',
      grpcStatus: null,
      responseFlags: 'UF',
      hasError: true,
      podName: 'reviews-v10-6b4c9d7f88-x2x9k',
      tags: { ip: '10.0.0.9', request_size: '0', component: 'proxy' },
      logs: [{ atMs: 1_700_000_000_020, fields: { event: 'retry' } }],
    })
    expect(present(trace).spans[0]).toMatchObject({ hasError: false, responseFlags: null })
  })

  it('drops broken spans and tags, and says how many spans', () => {
    const trace = present(decodeTrace(fixture('broken-spans')))
    expect(trace.spans.map((span) => span.id)).toEqual(['good', 'bad-tags'])
    expect(trace.warnings).toContain('3 of 5 spans could not be read and are left out')
    expect(trace.spans[1]).toMatchObject({
      service: 'unknown',
      tags: { ok: 'true', count: '3' },
      parentId: null,
    })
  })

  it('leaves clock skew as measured', () => {
    const trace = present(
      decodeTrace(
        answer([
          wire('a'),
          wire('b', { startTime: 900_000, references: [{ refType: 'CHILD_OF', traceID: 't', spanID: 'a' }] }),
        ]),
      ),
    )
    expect(trace).toMatchObject({ startMs: 900, durationMs: 100.5 })
    expect(trace.spans.map((span) => [span.id, span.startMs])).toEqual([
      ['b', 900],
      ['a', 1000],
    ])
  })

  it('takes a parent only from its own trace, CHILD_OF before FOLLOWS_FROM', () => {
    const parents = (references: unknown) =>
      present(present(decodeTrace(answer([wire('a', { references })]))).spans[0]).parentId
    expect(parents([{ refType: 'CHILD_OF', traceID: 'other', spanID: 'x' }])).toBeNull()
    expect(parents([{ refType: 'FOLLOWS_FROM', traceID: 't', spanID: 'x' }])).toBe('x')
    expect(
      parents([
        { refType: 'FOLLOWS_FROM', traceID: 't', spanID: 'x' },
        { refType: 'CHILD_OF', traceID: 't', spanID: 'y' },
      ]),
    ).toBe('y')
    expect(parents([{ refType: 'CHILD_OF', traceID: 't', spanID: '0000000000000000' }])).toBeNull()
    expect(
      present(present(decodeTrace(answer([wire('a', { references: null, parentSpanID: 'p' })]))).spans[0])
        .parentId,
    ).toBe('p')
  })

  it('makes the server the child of the caller whose span id it shares', () => {
    const kind = (value: string) => [{ key: 'span.kind', type: 'string', value }]
    for (const order of [
      ['server', 'client'],
      ['client', 'server'],
    ]) {
      const { spans } = present(decodeTrace(answer(order.map((side) => wire('a', { tags: kind(side) })))))
      expect(spans.map((span) => [span.id, span.kind, span.parentId])).toEqual([
        ['a', 'client', null],
        ['a-2', 'server', 'a'],
      ])
    }
  })

  it('keeps one of spans that came twice', () => {
    const trace = present(decodeTrace(answer([wire('a'), wire('a')])))
    expect(trace.spans).toHaveLength(1)
    expect(trace.warnings).toEqual(['1 spans came twice'])
  })

  it('asks the directory of pods', () => {
    const pods = podDirectory([{ cluster: 'east', namespace: 'n', name: 'agent-x2x9k', workload: 'agent' }])
    const tags = [
      { key: 'node_id', type: 'string', value: 'sidecar~1.2.3.4~agent-x2x9k.n~n.svc.cluster.local' },
    ]
    const trace = present(decodeTrace(answer([wire('a', { tags })]), { pods, defaultCluster: null }))
    expect(present(trace.spans[0]).nodeId).toBe('east/n/workload/agent')
  })

  it.each([
    ['error', true, true],
    ['error', 'true', true],
    ['error', false, false],
    ['error', 'false', false],
    ['otel.status_code', 'ERROR', true],
    ['otel.status_code', 'OK', false],
    ['http.status_code', 404, false],
  ])('tag %s=%j means error: %s', (key, value, expected) => {
    expect(
      present(present(decodeTrace(answer([wire('a', { tags: [{ key, value }] })]))).spans[0]).hasError,
    ).toBe(expected)
  })

  it('answers an empty search with no traces', () => {
    expect(decodeTraces({ data: null, errors: null })).toEqual({ traces: [], warnings: [] })
    expect(decodeTraces({ data: [], errors: null })).toEqual({ traces: [], warnings: [] })
    expect(decodeTrace({ data: [] })).toBeUndefined()
  })

  it('drops what is no trace and keeps the rest', () => {
    const good = answer([wire('a')]).data[0]
    const { traces, warnings } = decodeTraces({ data: [good, { spans: 1 }, null] })
    expect(traces).toHaveLength(1)
    expect(warnings).toEqual(['2 of 3 traces could not be read'])
  })

  it('survives 10,000 spans', () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => wire(`s${i}`, { startTime: i }))
    expect(present(decodeTrace(answer(spans))).spans).toHaveLength(10_000)
  })

  it("throws Jaeger's own error as a refused question", () => {
    const error = thrownBy(() =>
      decodeTraces({ data: null, errors: [{ code: 500, msg: 'storage is down' }] }),
    )
    expect(error).toMatchObject({ upstream: 'jaeger', kind: 'query', message: 'storage is down' })
  })

  it.each([[null], ['text'], [{ data: 'text' }], [[]], [{ data: { a: 1 } }]])('refuses %j', (body) => {
    const error = thrownBy(() => decodeTraces(body))
    expect(isUpstreamError(error) && error.kind).toBe('decode')
  })
})

describe('decodeServices', () => {
  it('sorts, without repetition, and knows an empty store', () => {
    expect(decodeServices({ data: ['b', 'a', 'b'], total: 3 })).toEqual(['a', 'b'])
    expect(decodeServices({ data: null, total: 0, errors: null })).toEqual([])
  })
})
