import { describe, expect, it } from 'vitest'
import { buildTopology } from '@/lib/graph/build'
import { RECORDED, type RecordedName } from '@/lib/prometheus/istio/recorded'
import { request } from '@/tests/support/graph/samples'
import { planLatency, silentCallersOf, type PlanInput } from './latency'

function topologyOf(flows: number) {
  const requests = Array.from({ length: flows }, (_, i) => request(`ns-${i % 10}/a${i}`, `shop/b${i}`, 1))
  return buildTopology({
    at: 0,
    windowSeconds: 120,
    requests,
    tcp: [],
    inventories: [],
    defaultCluster: 'east',
  })
}

const SMALL = topologyOf(10)
const LARGE = topologyOf(2_000)

const input = (more: Partial<PlanInput>): PlanInput => ({
  options: { windowSeconds: 120 },
  topology: LARGE,
  requestsMs: 1_000,
  lastBuckets: null,
  budgetMs: 5_000,
  inView: new Set(),
  ...more,
})

describe('the plan for quantiles', () => {
  it('is all of them in a small mesh, whatever the first answer took', () => {
    expect(planLatency(input({ topology: SMALL, requestsMs: 60_000 })).kind).toBe('whole')
  })

  it('is all of them where they fit the budget', () => {
    expect(planLatency(input({ requestsMs: 100 })).kind).toBe('whole')
    expect(planLatency(input({ lastBuckets: { bucketsMs: 3_000, requestsMs: 1_000 } })).kind).toBe('whole')
  })

  it('is none where they do not, and nobody looks at less than everything', () => {
    expect(planLatency(input({}))).toEqual({ kind: 'mean', estimateMs: 20_000 })
  })

  it('believes a measurement more than a guess', () => {
    const lastBuckets = { bucketsMs: 9_000, requestsMs: 1_000 }
    expect(planLatency(input({ topology: SMALL, lastBuckets })).kind).toBe('mean')
    expect(planLatency(input({ topology: SMALL, lastBuckets, requestsMs: 300 })).kind).toBe('mean')
  })

  it('does not hold it against buckets that all of Prometheus was slow when they were asked', () => {
    const lastBuckets = { bucketsMs: 60_000, requestsMs: 20_000 }
    expect(planLatency(input({ lastBuckets, requestsMs: 20_000 })).kind).toBe('mean')
    expect(planLatency(input({ lastBuckets, requestsMs: 40 })).kind).toBe('whole')
    // these were dear even for how slow it was
    expect(planLatency(input({ lastBuckets, requestsMs: 2_000 }))).toEqual({
      kind: 'mean',
      estimateMs: 6_000,
    })
  })

  it('is those of the namespaces in view as far as the budget goes', () => {
    const plan = planLatency(input({ inView: new Set(['ns-1', 'ns-2']) }))
    expect(plan).toEqual({ kind: 'namespaces', namespaces: ['ns-1', 'ns-2'], estimateMs: 20_000 })
    // every flow ends in `shop`
    expect(planLatency(input({ inView: new Set(['shop']) })).kind).toBe('mean')
  })

  it('is all of them from recording rules', () => {
    const recorded = new Set(Object.keys(RECORDED) as RecordedName[])
    const plan = planLatency(input({ options: { windowSeconds: 120, recorded } }))
    expect(plan).toEqual({ kind: 'whole', isRecorded: true })
    expect(planLatency(input({ options: { windowSeconds: 60, recorded } })).kind).toBe('mean')
  })
})

it('names callers that report nothing themselves, and only those', () => {
  const requests = [
    request('shop/a', 'shop/b', 1),
    request('shop/a', 'shop/b', 1, { reporter: 'destination' }),
    request('shop/quiet', 'shop/b', 1, { reporter: 'destination' }),
  ]
  const topology = buildTopology({
    at: 0,
    windowSeconds: 120,
    requests,
    tcp: [],
    inventories: [],
    defaultCluster: 'east',
  })
  expect(silentCallersOf(topology, requests)).toEqual(['quiet'])
})
