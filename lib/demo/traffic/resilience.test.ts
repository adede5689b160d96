import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '@/lib/demo/model'
import { NOON, call, object, run, smallWorld, virtualService, workload } from './testing/small-world'

const front = { destination: { host: 'front' } }
const rule = (fields: object) =>
  virtualService('shop/front', { hosts: ['front'], http: [{ route: [front], ...fields }] })

/** loader > front > leaf */
function chain(objects: KubernetesObject[] = [], leaf: Parameters<typeof workload>[1] = {}, required = true) {
  return smallWorld({
    workloads: [
      workload('shop/loader'),
      workload('shop/front', { calls: [call('shop/leaf', { required })] }),
      workload('shop/leaf', leaf),
    ],
    services: { 'shop/front': 'http', 'shop/leaf': 'http' },
    entries: [{ from: 'shop/loader', to: 'shop/front' }],
    objects,
  })
}

const toFront = { destination_service_name: 'front' }
const toLeaf = { destination_service_name: 'leaf' }

describe('faults', () => {
  it('aborts the wanted share with flag FI, and only the rest flows on', () => {
    const abort = { fault: { abort: { percentage: { value: 20 }, httpStatus: 555 } } }
    const { measured } = run(chain([rule(abort)]))
    const aborted = measured.requests({ response_code: '555', response_flags: 'FI', ...toFront })
    expect(aborted / measured.requests(toFront)).toBeCloseTo(0.2, 1)
    expect(measured.requests({ reporter: 'destination', ...toFront })).toBe(
      measured.requests(toFront) - aborted,
    )
    expect(measured.requests(toLeaf)).toBe(measured.requests(toFront) - aborted)
  })

  it('delays the wanted share with flag DI, against no timeout of the same route', () => {
    const delay = { fault: { delay: { percentage: { value: 50 }, fixedDelay: '3s' } }, timeout: '1s' }
    const { measured } = run(chain([rule(delay)]))
    expect(
      measured.requests({ response_flags: 'DI', response_code: '200' }) / measured.requests(toFront),
    ).toBeCloseTo(0.5, 1)
    expect(measured.meanMs({ response_flags: 'DI' })).toBeGreaterThan(3_000)
    expect(measured.meanMs({ response_flags: '-', ...toFront })).toBeLessThan(60)
  })
})

describe('latency and failures on the way up', () => {
  it('adds up over required calls', () => {
    const { measured } = run(chain([], { latencyMs: { median: 200, p99: 400 } }))
    const leaf = measured.meanMs(toLeaf)
    expect(leaf).toBeGreaterThan(190)
    expect(measured.meanMs(toFront)).toBeGreaterThan(leaf + 5)
    expect(measured.meanMs(toFront)).toBeLessThan(leaf + 20)
  })

  it('fails callers of a required call, and spares those of one that is not', () => {
    const failing = { errorRatio: 0.3 }
    const share = (required: boolean) => {
      const { measured } = run(chain([], failing, required))
      return measured.requests({ response_code: '500', ...toFront }) / measured.requests(toFront)
    }
    expect(share(true)).toBeCloseTo(0.3, 1)
    expect(share(false)).toBe(0)
  })

  it('answers 503 UH when nobody is ready, and callers answer 503', () => {
    const { measured } = run(chain([], { replicas: 0 }))
    expect(measured.values('istio_requests_total', 'response_flags', toLeaf)).toEqual(['UH'])
    expect(measured.values('istio_requests_total', 'destination_workload', toLeaf)).toEqual(['unknown'])
    expect(measured.requests({ response_code: '503', response_flags: '-', ...toFront })).toBe(
      measured.requests(toFront),
    )
  })

  it('counts the ready pods of the object in the cluster', () => {
    const deployment = (name: string, replicas: number) =>
      object(`Deployment shop/${name}`, { replicas, template: { metadata: { labels: { app: name } } } })
    const all = ['loader', 'front'].map((name) => deployment(name, 1))
    const { measured, config, more } = run(chain([...all, deployment('leaf', 1)]))
    expect(measured.values('istio_requests_total', 'response_flags')).toEqual(['-'])
    config.put(deployment('leaf', 0))
    more(50)
    expect(measured.requests({ response_flags: 'UH', ...toLeaf })).toBeGreaterThan(1_000)
  })
})

describe('timeouts and retries', () => {
  it('cuts at the timeout: 504 UT for the caller, code 0 DC at the callee', () => {
    const { measured } = run(chain([rule({ timeout: '100ms' })], { latencyMs: { median: 100, p99: 200 } }))
    const cut = measured.requests({ response_code: '504', response_flags: 'UT', ...toFront })
    expect(cut / measured.requests(toFront)).toBeGreaterThan(0.3)
    expect(
      measured.requests({ reporter: 'destination', response_code: '0', response_flags: 'DC', ...toFront }),
    ).toBe(cut)
    expect(measured.meanMs({ response_flags: 'UT' })).toBeCloseTo(100, 0)
  })

  it('retries what it may: the caller sees fewer errors, the callee more requests', () => {
    const retries = { retries: { attempts: 2, retryOn: '5xx' } }
    const world = smallWorld({
      workloads: [workload('shop/loader'), workload('shop/front', { errorRatio: 0.5 })],
      services: { 'shop/front': 'http' },
      entries: [{ from: 'shop/loader', to: 'shop/front' }],
      objects: [rule(retries)],
    })
    const { measured } = run(world)
    const sent = measured.requests()
    expect(measured.requests({ response_code: '500', response_flags: 'URX' }) / sent).toBeCloseTo(0.125, 1)
    expect(measured.requests({ reporter: 'destination' }) / sent).toBeCloseTo(1.75, 1)
    expect(measured.requests({ reporter: 'destination', response_code: '500' }) / sent).toBeCloseTo(0.875, 1)
  })

  it('does not retry an error of the application by default', () => {
    const { measured } = run(chain([], { errorRatio: 0.5 }))
    expect(measured.requests({ reporter: 'destination', ...toLeaf })).toBe(measured.requests(toLeaf))
  })
})

describe('circuit breakers', () => {
  const pool = (limits: object) =>
    object('DestinationRule shop/front', { host: 'front', trafficPolicy: limits })

  it('overflows with 503 UO when more is under way than the pool takes', () => {
    // 100 requests per second of a second each: a hundred at once
    const slow = { latencyMs: { median: 1_000, p99: 1_100 } }
    const limits = { connectionPool: { http: { http2MaxRequests: 20 } } }
    const { measured } = run(chain([pool(limits)], slow), 300)
    const overflow = measured.requests({ response_code: '503', response_flags: 'UO', ...toFront })
    expect(overflow / measured.requests(toFront)).toBeGreaterThan(0.7)
    expect(measured.requests({ reporter: 'destination', ...toFront })).toBe(
      measured.requests(toFront) - overflow,
    )
  })

  it('leaves a pool with room alone', () => {
    const limits = { connectionPool: { http: { http2MaxRequests: 20 } } }
    expect(run(chain([pool(limits)])).measured.requests({ response_flags: 'UO' })).toBe(0)
  })

  it('ejects endpoints that fail in a row, up to the share allowed', () => {
    const world = (outlier: object | null) =>
      smallWorld({
        workloads: [
          workload('shop/loader'),
          workload('shop/front-v1', { replicas: 3 }),
          workload('shop/front-v2', { replicas: 3, errorRatio: 1 }),
        ],
        services: { 'shop/front': 'http' },
        entries: [{ from: 'shop/loader', to: 'shop/front' }],
        objects: outlier === null ? [] : [pool({ outlierDetection: outlier })],
      })
    const errors = (outlier: object | null) => {
      const { measured } = run(world(outlier), 400)
      return measured.requests({ response_code: '500' }) / measured.requests()
    }
    expect(errors(null)).toBeCloseTo(0.5, 1)
    expect(errors({ consecutive5xxErrors: 5, maxEjectionPercent: 50 })).toBeLessThan(0.2)
    // one of six at most
    expect(errors({ consecutive5xxErrors: 5, maxEjectionPercent: 17 })).toBeGreaterThan(0.35)
  })
})

describe('outlier detection', () => {
  it('lets everybody back in when the errors end', () => {
    const outlier = { outlierDetection: { consecutive5xxErrors: 3, maxEjectionPercent: 100 } }
    const world = chain([object('DestinationRule shop/leaf', { host: 'leaf', trafficPolicy: outlier })])
    const { measured, engine, more } = run(world, 0)
    engine.setFaults('test', new Map([['east/shop/leaf', { errorRatio: 0.9 }]]))
    more(100)
    expect(measured.requests({ response_flags: 'UH' })).toBeGreaterThan(100)
    engine.clearFaults('test')
    more(100)
    const before = measured.requests({ response_flags: 'UH' })
    more(600)
    expect(measured.requests({ response_flags: 'UH' })).toBe(before)
  })
})

describe('determinism', () => {
  it('writes the same numbers for the same seed, others for another', () => {
    const sums = (seed: number) =>
      run(chain([rule({ timeout: '20ms' })]), 60, { seed }).measured.counters.map((one) => one.value)
    expect(sums(3)).toEqual(sums(3))
    expect(sums(3)).not.toEqual(sums(4))
  })

  it('draws a tick by its instant, whatever came before', () => {
    const first = run(chain(), 5).measured.requests()
    const both = run(chain(), 10).measured.requests()
    const later = run(chain(), 0)
    later.engine.tick(NOON + 5_000, NOON + 10_000)
    expect(later.measured.requests()).toBe(both - first)
  })

  it('falls silent with the load', () => {
    const { measured, engine, more } = run(chain(), 5)
    const before = measured.requests()
    engine.setLoad(0)
    more(60)
    expect(measured.requests()).toBe(before)
  })
})

describe('faults of a scenario', () => {
  it('slow a workload and fail its requests until they are cleared', () => {
    const { measured, engine, more } = run(chain(), 0)
    engine.setFaults(
      'test',
      new Map([['east/shop/leaf', { latencyFactor: 50, errorRatio: 0.4, errorStatus: 502 }]]),
    )
    more(60)
    const failed = measured.requests({ response_code: '502', ...toLeaf })
    expect(failed / measured.requests(toLeaf)).toBeCloseTo(0.4, 1)
    expect(measured.meanMs(toLeaf)).toBeGreaterThan(200)
    engine.clearFaults('test')
    more(60)
    expect(measured.requests({ response_code: '502', ...toLeaf })).toBe(failed)
  })
})

describe('cycles', () => {
  it('end, when each round is less likely than the last', () => {
    const world = smallWorld({
      workloads: [
        workload('shop/loader'),
        workload('shop/front', { calls: [call('shop/leaf')] }),
        workload('shop/leaf', { calls: [call('shop/front', { perRequest: 0.2 })] }),
      ],
      services: { 'shop/front': 'http', 'shop/leaf': 'http' },
      entries: [{ from: 'shop/loader', to: 'shop/front' }],
    })
    const { measured } = run(world)
    const entered = measured.requests({ source_workload: 'loader' })
    expect(measured.requests(toLeaf) / entered).toBeCloseTo(1.25, 1)
  })
})
