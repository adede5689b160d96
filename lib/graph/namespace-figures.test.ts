import { describe, expect, it } from 'vitest'
import { callee, input, latency, request, tcp } from '@/tests/support/graph/samples'
import { buildTopology } from './build'
import { withLatency } from './latency'
import { figuresOfPlaces, mtlsRatioOf } from './namespace-figures'

const requests = [request('a', 'reviews-v1', 90), request('a', 'reviews-v2', 10)]
const buckets = [latency('a', 'reviews-v1', [90, 90, 90, 90]), latency('a', 'reviews-v2', [0, 0, 10, 10])]

function figures(parts: Parameters<typeof input>[0]) {
  const topology = withLatency(buildTopology(input(parts)), { latency: buckets, means: [] })
  return figuresOfPlaces(topology)
}

describe('figuresOfPlaces', () => {
  it('takes one quantile of everything in a namespace, not a mean of quantiles', () => {
    const { namespace } = callee('reviews-v1')
    const of = figures({ requests })
    const all = [...of].filter(([key]) => key.endsWith(`/${namespace}`))
    expect(all).toHaveLength(1)
    // the 99th of 100 requests is the 9th of the 10 slow ones
    expect(all[0]?.[1].p99Ms).toBeCloseTo(910, 0)
    expect(of.get(all[0]?.[0].split('/')[0] ?? '')?.p99Ms).toBeCloseTo(910, 0)
  })

  it('leaves TCP out', () => {
    expect(figures({ tcp: [tcp('a', 'db-v1', 10)] }).size).toBe(0)
  })

  it('does not know a share where nothing is known', () => {
    expect(mtlsRatioOf(undefined)).toBeNull()
    expect(mtlsRatioOf({ p99Ms: null, secured: { known: 0, mutual: 0 } })).toBeNull()
    expect(mtlsRatioOf({ p99Ms: null, secured: { known: 4, mutual: 3 } })).toBe(0.75)
  })
})
