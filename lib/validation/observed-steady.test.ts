import { describe, expect, it } from 'vitest'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import type { Observed } from './observed'
import { steady } from './observed-steady'

const latency = (p99Ms: number, requests = 1_000): Observed => ({
  ...NOTHING_OBSERVED,
  latencies: [{ namespace: 'shop', service: 'cart', p99Ms, requests }],
})

describe('measurements', () => {
  it('are the same while they only waver', () => {
    const first = latency(500)
    expect(steady(first, latency(540))).toBe(first)
    expect(steady(first, latency(480, 1_100))).toBe(first)
  })

  it('are new ones once they moved', () => {
    const next = steady(latency(500), latency(800))
    expect(next.latencies?.[0]?.p99Ms).toBe(800)
  })

  it('keep what did not move beside what did', () => {
    const first: Observed = { ...latency(500), plaintext: [] }
    const next = steady(first, { ...latency(900), plaintext: [] })
    expect(next.plaintext).toBe(first.plaintext)
    expect(next.latencies).not.toBe(first.latencies)
  })

  it('are gone when they are not measured any more', () => {
    expect(steady(latency(500), NOTHING_OBSERVED).latencies).toBeNull()
  })

  it('follow who calls what', () => {
    const calls = (...hosts: string[]): Observed => ({
      ...NOTHING_OBSERVED,
      outgoing: [
        {
          namespace: 'web',
          workload: 'web',
          labels: {},
          hosts: hosts.map((host) => ({ namespace: 'shop', host })),
        },
      ],
    })
    const first = calls('cart')
    expect(steady(first, calls('cart'))).toBe(first)
    expect(steady(first, calls('cart', 'pay')).outgoing?.[0]?.hosts).toHaveLength(2)
  })

  it('follow certificates to the letter', () => {
    const ends = (notAfter: number): Observed => ({
      ...NOTHING_OBSERVED,
      certificates: [{ namespace: 'edge', secret: 'cert', state: 'usable', notBefore: 0, notAfter }],
    })
    const first = ends(10)
    expect(steady(first, ends(10))).toBe(first)
    expect(steady(first, ends(11)).certificates?.[0]).toMatchObject({ notAfter: 11 })
  })
})
