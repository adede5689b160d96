import { describe, expect, it } from 'vitest'
import type { PodInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import { combineHealth, worstStatus } from './combine'
import { requestReasons } from './requests'
import {
  DEFAULT_HEALTH,
  DEFAULT_TOLERANCES,
  compilePattern,
  parseRateAnnotation,
  tolerancesOf,
} from './tolerance'
import { trafficHealth, type TrafficInput } from './traffic'
import type { RequestOutcomes } from './types'
import { workloadHealth } from './workload'

function outcomes(protocol: 'http' | 'grpc', codes: Record<string, number>): RequestOutcomes {
  const responses = Object.entries(codes).map(([code, requestsPerSecond]) => ({ code, requestsPerSecond }))
  return { protocol, direction: 'inbound', responses }
}

const reasonsOf = (input: RequestOutcomes) => requestReasons(input, DEFAULT_TOLERANCES, 120)

describe('requests against the defaults', () => {
  it.each([
    ['http', { 200: 100 }, null],
    ['http', {}, null],
    ['http', { 200: 0 }, null],
    ['http', { 200: 999, 500: 1 }, ['degraded', 'http-5xx']],
    ['http', { 200: 901, 503: 99 }, ['degraded', 'http-5xx']],
    ['http', { 200: 90, 503: 10 }, ['failing', 'http-5xx']],
    ['http', { 200: 91, 404: 9 }, null],
    ['http', { 200: 90, 404: 10 }, ['degraded', 'http-4xx']],
    ['http', { 200: 80, 404: 20 }, ['failing', 'http-4xx']],
    ['http', { 200: 99, 0: 1 }, ['degraded', 'no-response']],
    ['http', { 200: 90, 0: 10 }, ['failing', 'no-response']],
    // to the caller both are failed requests
    ['http', { 200: 88, 500: 6, 0: 6 }, ['failing', 'http-5xx']],
    // gRPC: 0 is OK, the rest is not
    ['grpc', { 0: 100 }, null],
    ['grpc', { 0: 99, 14: 1 }, ['degraded', 'grpc-errors']],
    ['grpc', { 0: 90, 4: 5, 16: 5 }, ['failing', 'grpc-errors']],
    ['grpc', { 0: 90, '-': 10 }, ['failing', 'no-response']],
    ['grpc', { 0: 90, 503: 10 }, ['failing', 'grpc-errors']],
    ['grpc', { 0: 85, 403: 15 }, ['degraded', 'grpc-4xx']],
  ] as const)('%s %o: %o', (protocol, codes, want) => {
    const reasons = reasonsOf(outcomes(protocol, codes as Record<string, number>))
    expect(reasons.map((reason) => [reason.status, reason.code])).toEqual(want === null ? [] : [want])
  })

  it('says value, threshold and window', () => {
    expect(reasonsOf(outcomes('http', { 200: 88, 503: 12 }))).toEqual([
      {
        code: 'http-5xx',
        message: '12 % of HTTP requests answered 5xx (failing from 10 %) over 2 min',
        value: 0.12,
        threshold: 0.1,
        status: 'failing',
      },
    ])
  })

  it.each([
    [
      outcomes('http', { 200: 999, 500: 1 }),
      '0.1 % of HTTP requests answered 5xx (degraded above 0 %) over 2 min',
    ],
    [
      outcomes('http', { 200: 88, 500: 8, 0: 4 }),
      '12 % of HTTP requests failed: 8 % answered 5xx, 4 % got no response (failing from 10 %) over 2 min',
    ],
    [
      outcomes('grpc', { 0: 94, 14: 3, 4: 2, 2: 1 }),
      '6 % of gRPC requests failed with Unavailable (14) and Deadline exceeded (4) and others (degraded above 0 %) over 2 min',
    ],
    [
      { ...outcomes('http', { 200: 1, 0: 1 }), direction: 'outbound' as const },
      '50 % of outgoing HTTP requests got no response (failing from 10 %) over 2 min',
    ],
  ])('%o reads %s', (input, message) => expect(reasonsOf(input)[0]?.message).toBe(message))
})

describe('the annotation', () => {
  it('reads code, limits in percent, protocol, direction', () => {
    const { tolerances, problems } = parseRateAnnotation('4XX,20,30,http,inbound; 5\\d\\d,5,10,http|grpc,.*')
    expect(problems).toEqual([])
    expect(tolerances.map(({ codes: _codes, ...rest }) => rest)).toEqual([
      { protocols: ['http'], directions: ['inbound'], degraded: 0.2, failing: 0.3, text: '4XX' },
      {
        protocols: ['http', 'grpc'],
        directions: ['inbound', 'outbound'],
        degraded: 0.05,
        failing: 0.1,
        text: '5\\d\\d',
      },
    ])
    expect(tolerances[0]?.codes.test('404')).toBe(true)
    expect(tolerances[0]?.codes.test('4044')).toBe(false)
  })

  it.each([
    ['5XX,0,10,http', 'needs code'],
    ['5XX,ten,10,http,.*', 'percentages'],
    ['5XX,,10,http,.*', 'percentages'],
    ['5XX,0,110,http,.*', 'percentages'],
    ['(5XX,0,10,http,.*', 'pattern'],
    ['5XX,0,10,http,(', 'pattern'],
  ])('leaves out %s and says why', (text, why) => {
    const { tolerances, problems } = parseRateAnnotation(`4XX,1,2,http,.*;${text}`)
    expect(tolerances).toHaveLength(1)
    expect(problems[0]).toContain(why)
  })

  it('refuses patterns that could stall', () => {
    expect(compilePattern('(\\d{1,1000}){1,1000}')).toBeUndefined()
    expect(compilePattern('1'.repeat(65))).toBeUndefined()
    expect(compilePattern('\\d{3}')?.test('404')).toBe(true)
    // the anchors hold for every branch
    expect(compilePattern('http|grpc')?.test('httpx')).toBe(false)
  })

  it('replaces all defaults: what it does not name is tolerated', () => {
    const object = {
      namespace: 'bookinfo',
      kind: 'workload',
      name: 'reviews-v1',
      annotations: [{ other: '' }, { 'health.kiali.io/rate': '404,50,60,http,inbound' }] as Record<
        string,
        string
      >[],
    }
    const tolerances = tolerancesOf(DEFAULT_HEALTH, object)
    expect(requestReasons(outcomes('http', { 200: 1, 500: 9 }), tolerances, 60)).toEqual([])
    expect(requestReasons(outcomes('http', { 200: 4, 404: 6 }), tolerances, 60)[0]).toMatchObject({
      status: 'failing',
      code: 'http-4xx',
      threshold: 0.6,
    })
  })

  it('falls back to the defaults when none of it can be read', () => {
    const object = {
      namespace: 'a',
      kind: 'workload',
      name: 'b',
      annotations: [{ 'health.kiali.io/rate': 'nonsense' }],
    }
    expect(tolerancesOf(DEFAULT_HEALTH, object)).toBe(DEFAULT_TOLERANCES)
  })

  it('yields to no rule, but rules come before defaults', () => {
    const rule = { namespace: /^a$/, kind: /^workload$/, name: /^b.*$/, tolerances: [] }
    const config = { ...DEFAULT_HEALTH, rules: [rule] }
    const object = { namespace: 'a', kind: 'workload', name: 'b1', annotations: [] }
    expect(tolerancesOf(config, object)).toBe(rule.tolerances)
    expect(tolerancesOf(config, { ...object, namespace: 'aa' })).toBe(DEFAULT_TOLERANCES)
    const annotated = { ...object, annotations: [{ 'health.kiali.io/rate': '5XX,1,2,http,.*' }] }
    expect(tolerancesOf(config, annotated)).toHaveLength(1)
  })
})

describe('traffic', () => {
  const quiet: TrafficInput = {
    windowSeconds: 120,
    requests: [],
    tcp: [],
    tolerances: DEFAULT_TOLERANCES,
    latency: null,
  }

  it('says nothing of silence', () => {
    expect(trafficHealth(quiet, DEFAULT_HEALTH)).toEqual({ reasons: [], hasTraffic: false })
  })

  it('judges TCP by failed connections', () => {
    const tcp = {
      direction: 'inbound' as const,
      connections: [
        { flags: '-', connectionsPerSecond: 8 },
        { flags: 'UF,URX', connectionsPerSecond: 2 },
      ],
      bytesPerSecond: 1,
    }
    const verdict = trafficHealth({ ...quiet, tcp: [tcp] }, DEFAULT_HEALTH)
    expect(verdict.hasTraffic).toBe(true)
    expect(verdict.reasons).toEqual([
      {
        code: 'tcp-failures',
        message:
          '20 % of TCP connections failed, mostly could not connect (UF), gave up after the allowed attempts (URX) (failing from 10 %) over 2 min',
        value: 0.2,
        threshold: 0.1,
        status: 'failing',
      },
    ])
  })

  it.each([
    // 240 requests in the window, usual 120 ms: limit 240
    [{ p95Ms: 840, requestsPerSecond: 2, baseline: { p95Ms: 120 } }, true],
    [{ p95Ms: 240, requestsPerSecond: 2, baseline: { p95Ms: 120 } }, false],
    // small absolute changes of fast services: limit 55
    [{ p95Ms: 54, requestsPerSecond: 2, baseline: { p95Ms: 5 } }, false],
    [{ p95Ms: 56, requestsPerSecond: 2, baseline: { p95Ms: 5 } }, true],
    // 19 requests say nothing
    [{ p95Ms: 840, requestsPerSecond: 19 / 120, baseline: { p95Ms: 120 } }, false],
    // of a few requests the slowest are chance, unless they are far slower than usual
    [{ p95Ms: 356, requestsPerSecond: 102 / 120, baseline: { p95Ms: 167 } }, false],
    [{ p95Ms: 479, requestsPerSecond: 60 / 120, baseline: { p95Ms: 120 } }, false],
    [{ p95Ms: 481, requestsPerSecond: 60 / 120, baseline: { p95Ms: 120 } }, true],
    [{ p95Ms: 246, requestsPerSecond: 24 / 120, baseline: { p95Ms: 50 } }, false],
    [{ p95Ms: 900, requestsPerSecond: 24 / 120, baseline: { p95Ms: 50 } }, true],
    // many do not make the limit narrower than it is set
    [{ p95Ms: 239, requestsPerSecond: 200, baseline: { p95Ms: 120 } }, false],
    [{ p95Ms: 840, requestsPerSecond: 2, baseline: null }, false],
    [{ p95Ms: null, requestsPerSecond: 2, baseline: { p95Ms: 120 } }, false],
  ])('latency %o is degraded: %s', (latency, isSlow) => {
    const { reasons } = trafficHealth({ ...quiet, latency }, DEFAULT_HEALTH)
    expect(reasons.map((reason) => reason.status)).toEqual(isSlow ? ['degraded'] : [])
  })

  it('says the usual latency and the limit', () => {
    const latency = { p95Ms: 840, requestsPerSecond: 2, baseline: { p95Ms: 120 } }
    expect(trafficHealth({ ...quiet, latency }, DEFAULT_HEALTH).reasons[0]?.message).toBe(
      'P95 latency is 840 ms, usually 120 ms (degraded above 240 ms) over 2 min',
    )
  })
})

describe('workloads', () => {
  const workload: WorkloadInventory = {
    cluster: 'east',
    namespace: 'bookinfo',
    name: 'reviews-v1',
    kind: 'Deployment',
    labels: {},
    annotations: {},
    podLabels: {},
    podAnnotations: {},
    serviceAccount: 'default',
    replicas: { desired: 3, current: 3, available: 3 },
    createdAt: null,
  }
  const pod: PodInventory = {
    cluster: 'east',
    namespace: 'bookinfo',
    name: 'reviews-v1-x',
    workload: 'reviews-v1',
    workloadKind: 'Deployment',
    labels: {},
    annotations: {},
    serviceAccount: 'default',
    phase: 'Running',
    ready: true,
    restarts: 0,
    node: null,
    startedAt: 0,
    containers: [],
    hasSidecar: true,
    isAmbient: false,
  }
  const HOUR = 3_600_000

  it.each([
    [{ desired: 3, current: 3, available: 3 }, undefined, undefined],
    // a rollout surges
    [{ desired: 3, current: 4, available: 3 }, undefined, undefined],
    [
      { desired: 3, current: 3, available: 1 },
      'degraded',
      '1 of 3 replicas of reviews-v1 are available now (degraded below 3)',
    ],
    [
      { desired: 3, current: 3, available: 0 },
      'failing',
      '0 of 3 replicas of reviews-v1 are available now (failing at 0)',
    ],
    [
      { desired: 3, current: 0, available: 0 },
      'failing',
      '0 of 3 replicas of reviews-v1 are available now (failing at 0)',
    ],
    [{ desired: 0, current: 0, available: 0 }, 'idle', 'reviews-v1 is scaled to 0 replicas'],
    [null, undefined, undefined],
  ])('replicas %o: %s', (replicas, status, message) => {
    const [reason] = workloadHealth(
      { workload: { ...workload, replicas }, pods: [], now: HOUR },
      DEFAULT_HEALTH,
    )
    expect([reason?.status, reason?.message]).toEqual([status, message])
  })

  it('names containers that cannot start', () => {
    const container = { name: 'app', image: 'a', ready: false, restarts: 0, reason: 'ImagePullBackOff' }
    const pods = [pod, { ...pod, containers: [container, { ...container, reason: null }] }]
    expect(workloadHealth({ workload, pods, now: HOUR }, DEFAULT_HEALTH)).toMatchObject([
      { code: 'container-stuck', status: 'degraded', value: 1 },
    ])
  })

  it.each([
    // 2 restarts are not enough, 3 in an hour are, 3 in a week are not
    [2, HOUR, 0],
    [3, HOUR, 1],
    [3, 168 * HOUR, 0],
  ])('%i restarts in %i ms give %i reasons', (restarts, now, count) => {
    const reasons = workloadHealth({ workload, pods: [{ ...pod, restarts }], now }, DEFAULT_HEALTH)
    expect(reasons).toHaveLength(count)
  })
})

describe('combining', () => {
  const reason = (status: 'failing' | 'degraded' | 'idle', code: string) => {
    return { code, message: '', value: 1, threshold: 0, status }
  }

  it.each([
    [[], { hasTraffic: true, isQuiet: true }, 'healthy'],
    [[], { hasTraffic: true, isQuiet: false }, 'healthy'],
    [[], { hasTraffic: false, isQuiet: true }, 'idle'],
    [[], { hasTraffic: false, isQuiet: false }, 'unknown'],
    [[reason('idle', 'a')], { hasTraffic: false, isQuiet: true }, 'idle'],
    [[reason('idle', 'a')], { hasTraffic: true, isQuiet: true }, 'healthy'],
    [[reason('degraded', 'a')], { hasTraffic: false, isQuiet: true }, 'degraded'],
    [[reason('degraded', 'a'), reason('failing', 'b')], { hasTraffic: true, isQuiet: true }, 'failing'],
  ])('%o with %o is %s', (reasons, facts, status) => {
    expect(combineHealth(reasons, facts).status).toBe(status)
  })

  it('puts the worst reason first, then by code', () => {
    const reasons = [reason('degraded', 'b'), reason('degraded', 'a'), reason('failing', 'c')]
    const { reasons: sorted } = combineHealth(reasons, { hasTraffic: true, isQuiet: true })
    expect(sorted.map((each) => each.code)).toEqual(['c', 'a', 'b'])
  })

  it('ranks failing, degraded, healthy, idle, unknown', () => {
    expect(worstStatus(['idle', 'healthy'])).toBe('healthy')
    expect(worstStatus(['unknown', 'idle'])).toBe('idle')
    expect(worstStatus([])).toBe('unknown')
  })
})
