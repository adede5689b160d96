import { describe, expect, it } from 'vitest'
import type { KubernetesObject, SimulatedSpan } from '@/lib/demo/model'
import { isFailed } from '@/lib/demo/jaeger/span-json'
import { call, object, run, smallWorld, virtualService, workload } from '../testing/small-world'

const rules = virtualService('shop/leaf', {
  hosts: ['leaf'],
  http: [
    {
      route: [
        { destination: { host: 'leaf', subset: 'v1' }, weight: 80 },
        { destination: { host: 'leaf', subset: 'v2' }, weight: 20 },
      ],
      fault: { abort: { percentage: { value: 10 }, httpStatus: 555 } },
      timeout: '60ms',
      retries: { attempts: 1, retryOn: '5xx' },
    },
  ],
})
const subsets = object('DestinationRule shop/leaf', {
  host: 'leaf',
  subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
})

function traced(objects: KubernetesObject[] = [rules, subsets]) {
  const world = smallWorld({
    workloads: [
      workload('shop/loader'),
      workload('shop/front', { calls: [call('shop/leaf')] }),
      workload('shop/leaf-v1', { latencyMs: { median: 20, p99: 80 } }),
      workload('shop/leaf-v2', { errorRatio: 0.6 }),
    ],
    services: { 'shop/front': 'http', 'shop/leaf': 'http' },
    entries: [{ from: 'shop/loader', to: 'shop/front' }],
    objects,
  })
  return run(world, 100, { tracesPerMinute: 1_500 })
}

const all = traced()
const spans = all.traces.flat()
const clients = (workload: string) =>
  spans.filter((span) => span.side === 'client' && span.workload === workload)
const share = (of: SimulatedSpan[], counts: (span: SimulatedSpan) => boolean) =>
  of.filter(counts).length / of.length

describe('sampled traces', () => {
  it('hang together: one root, every parent there, children within their parents', () => {
    expect(all.traces.length).toBeGreaterThan(2_000)
    for (const trace of all.traces) {
      const byId = new Map(trace.map((span) => [span.spanId, span]))
      expect(trace.filter((span) => span.parentSpanId === null)).toHaveLength(1)
      for (const span of trace) {
        if (span.parentSpanId === null) continue
        const parent = byId.get(span.parentSpanId)
        expect(parent).toBeDefined()
        // an abandoned try may outlive the caller that gave up on it
        if (parent === undefined || parent.flags.includes('UT')) continue
        expect(span.startMs).toBeGreaterThanOrEqual(parent.startMs)
      }
    }
  })

  it('agree with the metrics in codes and flags', () => {
    const { measured } = all
    const leaf = { source_workload: 'front' }
    for (const [response_code, response_flags] of [
      ['555', 'FI'],
      ['500', 'URX'],
      ['504', 'UT'],
      ['200', '-'],
    ] as const) {
      const counted = measured.requests({ ...leaf, response_code, response_flags }) / measured.requests(leaf)
      const seen = share(
        clients('front'),
        (span) => span.responseCode === response_code && span.flags === response_flags,
      )
      expect(Math.abs(seen - counted), `${response_code} ${response_flags}`).toBeLessThan(0.03)
    }
  })

  it('agree with the metrics in latency', () => {
    const mean = clients('loader').reduce((sum, span) => sum + span.durationMs, 0) / clients('loader').length
    const counted = all.measured.meanMs({ source_workload: 'loader' })
    expect(mean / counted).toBeGreaterThan(0.85)
    expect(mean / counted).toBeLessThan(1.15)
  })

  it('name the proxies and clusters as Istio does', () => {
    const inbound = spans.find((span) => span.side === 'server' && span.workload === 'leaf-v1')
    expect(inbound?.upstreamCluster).toBe('inbound|8080||')
    expect(clients('front')[0]?.upstreamCluster).toMatch(
      /^outbound\|80\|v[12]\|leaf\.shop\.svc\.cluster\.local$/,
    )
    expect(clients('front')[0]?.host).toBe('leaf.shop.svc.cluster.local:80')
  })

  it('hold what a traced program did itself, with the exception where it failed', () => {
    const world = smallWorld({
      workloads: [
        workload('shop/loader'),
        workload('shop/front', { calls: [call('shop/leaf')], tracer: 'go' }),
        workload('shop/leaf-v1', { errorRatio: 0.3, tracer: 'java' }),
      ],
      services: { 'shop/front': 'http', 'shop/leaf': 'http' },
      entries: [{ from: 'shop/loader', to: 'shop/front' }],
      objects: [],
    })
    const own = run(world, 20, { tracesPerMinute: 600 }).traces.flat()
    const inside = own.filter((span) => span.side === 'internal')
    const failed = inside.filter((span) => span.responseCode === '500')
    expect(failed.length).toBeGreaterThan(20)
    expect(inside.filter((span) => span.events !== undefined)).toEqual(failed)
    const of = (workloadName: string) =>
      failed.filter((span) => span.workload === workloadName).map((span) => span.events?.[0]?.fields)
    expect(of('leaf-v1')[0]).toMatchObject({ 'exception.type': 'java.lang.NullPointerException' })
    expect(of('front')[0]?.['exception.message']).toBe(
      'call leaf.shop.svc.cluster.local: unexpected status 500',
    )
    // the calls it makes hang below it, and it hangs below its proxy
    const byId = new Map(own.map((span) => [span.spanId, span]))
    expect(inside.every((span) => byId.get(span.parentSpanId ?? '')?.side === 'server')).toBe(true)
    const sent = own.filter((span) => span.side === 'client' && span.workload === 'front')
    expect(sent.every((span) => byId.get(span.parentSpanId ?? '')?.side === 'internal')).toBe(true)
  })

  it('are kept more often of failed requests where asked for, as a collector does', () => {
    const world = smallWorld({
      workloads: [workload('shop/loader'), workload('shop/front', { errorRatio: 0.02 })],
      services: { 'shop/front': 'http' },
      entries: [{ from: 'shop/loader', to: 'shop/front' }],
      objects: [],
    })
    const failedShare = (failedTraceFactor: number) => {
      const { traces } = run(world, 50, { tracesPerMinute: 1_200, failedTraceFactor })
      return { kept: traces.length, failed: traces.filter((trace) => trace.some(isFailed)).length }
    }
    const [plain, more] = [failedShare(1), failedShare(5)]
    expect(more.failed / plain.failed).toBeGreaterThan(2)
    expect(Math.abs(more.kept / plain.kept - 1)).toBeLessThan(0.2)
  })
})
