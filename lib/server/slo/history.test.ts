import { describe, expect, it } from 'vitest'
import { HOUR } from '@/lib/slo/burn'
import type { Upstreams } from '../upstreams'
import { createHistory, together } from './history'

const HOUR_MS = HOUR * 1_000
const NOON = Date.UTC(2026, 7, 20, 12)
const KEY = 'east/shop/cart'

/** Prometheus with one request a second to one service, and nothing but that. */
function steady(): Upstreams {
  const labels = {
    destination_cluster: 'east',
    destination_service_namespace: 'shop',
    destination_service_name: 'cart',
    response_code: '200',
  }
  const range = (_: string, { from, to, stepSeconds }: { from: number; to: number; stepSeconds: number }) => {
    const points: [number, number][] = []
    for (let at = from; at <= to; at += stepSeconds * 1_000) points.push([at, 1])
    return Promise.resolve({ series: [{ labels, points }], warnings: [] })
  }
  const up = {
    prometheus: { range },
    facts: {
      current: () => ({ retentionSeconds: null }),
      get: () => Promise.resolve({ recorded: new Set() }),
    },
    config: { prometheus: { scope: [] }, defaultCluster: 'east' },
  }
  // all that is read of it
  return up as unknown as Upstreams
}

const historyOf = (longestSeconds: number) =>
  createHistory(steady(), {
    services: [{ namespace: 'shop', name: 'cart' }],
    bounds: [],
    keys: new Set([KEY]),
    longestSeconds,
  })

describe('the hours that are kept', () => {
  it('are added up once for all who ask, and anew when an hour has passed', async () => {
    const history = historyOf(48 * HOUR)
    await history.fill(NOON + 300_000)
    const day = history.sumSince(NOON - 23.5 * HOUR_MS)
    expect(day.counts.get(KEY)).toMatchObject({ total: 24 * HOUR, bad: 0 })
    expect(day.knownSeconds).toBe(24 * HOUR)
    expect(history.sumSince(NOON - 23.2 * HOUR_MS)).toBe(day)
    await history.fill(NOON + HOUR_MS + 300_000)
    expect(history.sumSince(NOON - 23.5 * HOUR_MS).counts.get(KEY)?.total).toBe(25 * HOUR)
  })

  it('stay what they are when something is added to their sum', async () => {
    const history = historyOf(6 * HOUR)
    await history.fill(NOON)
    const sum = history.sumSince(NOON - 3 * HOUR_MS)
    const before = sum.counts.get(KEY)?.total ?? 0
    expect(together(sum.counts, sum.counts).get(KEY)?.total).toBe(2 * before)
    expect(history.sumSince(NOON - 3 * HOUR_MS).counts.get(KEY)?.total).toBe(before)
  })
})
