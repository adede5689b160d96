import { describe, expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { RECORDED } from '@/lib/prometheus/istio/recorded'
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
      get: () => Promise.resolve({ recorded: new Set(), scrapeIntervalSeconds: 15 }),
    },
    config: { prometheus: { scope: [] }, defaultCluster: 'east' },
  }
  // all that is read of it
  return up as unknown as Upstreams
}

const CART = {
  services: [{ namespace: 'shop', name: 'cart' }],
  beside: () => Promise.resolve([]),
  bounds: [],
  keys: new Set([KEY]),
}
const historyOf = (longestSeconds: number) => createHistory(steady(), { ...CART, longestSeconds })

describe('the hours that are kept', () => {
  it('are added up once for all who ask, and anew when an hour has passed', async () => {
    const history = historyOf(48 * HOUR)
    await history.fill(NOON + 300_000)
    const day = history.sumSince(NOON - 24 * HOUR_MS)
    expect(day.counts.get(KEY)).toMatchObject({ total: 24 * HOUR, bad: 0 })
    expect(day.knownSeconds).toBe(24 * HOUR)
    expect(history.sumSince(NOON - 24 * HOUR_MS)).toBe(day)
    await history.fill(NOON + HOUR_MS + 300_000)
    expect(history.sumSince(NOON - 24 * HOUR_MS).counts.get(KEY)?.total).toBe(25 * HOUR)
  })

  it('count in part where what is asked begins within one', async () => {
    const history = historyOf(48 * HOUR)
    await history.fill(NOON + 300_000)
    const sum = history.sumSince(NOON - 2.25 * HOUR_MS)
    expect(sum.counts.get(KEY)?.total).toBe(2.25 * HOUR)
    expect([sum.knownSeconds, sum.firstAt.get(KEY)]).toEqual([2.25 * HOUR, NOON - 2.25 * HOUR_MS])
  })

  it('are asked for again a minute after they could not be read, not with every look', async () => {
    const up = steady()
    const { range } = up.prometheus
    const asked: string[] = []
    up.prometheus.range = (query) => {
      asked.push(query)
      return Promise.reject(new UpstreamError('prometheus', 'query', 'too many samples'))
    }
    const history = createHistory(up, { ...CART, longestSeconds: 3 * HOUR })
    await history.fill(NOON)
    await history.fill(NOON + 30_000)
    expect(history.failure()?.message).toBe('too many samples')
    expect([asked.length, history.missing(NOON)]).toEqual([1, 2])
    up.prometheus.range = range
    await history.fill(NOON + 60_000)
    expect([history.failure(), history.missing(NOON)]).toEqual([null, 0])
  })

  it('whose beginning could not be asked for are not taken for whole', async () => {
    const up = steady()
    const { range } = up.prometheus
    up.prometheus.range = (query, grid) =>
      query.startsWith('count(')
        ? Promise.reject(new UpstreamError('prometheus', 'timeout', 'slow'))
        : range(query, grid)
    const history = createHistory(up, { ...CART, longestSeconds: 3 * HOUR })
    await history.fill(NOON)
    // of the first hour only the last quarter is there
    up.prometheus.range = (query, grid) =>
      range(query, { ...grid, from: query.startsWith('count(') ? grid.to - 600_000 : grid.from })
    await history.fill(NOON + 60_000)
    expect(history.sumSince(NOON - 4 * HOUR_MS).knownSeconds).toBe(HOUR + 900)
  })

  describe('with recording rules that are three hours old', () => {
    const ruled = () => {
      const up = steady()
      const { range } = up.prometheus
      const asked: [recorded: boolean, hours: number][] = []
      up.facts.get = async () => ({
        ...(await steady().facts.get()),
        recorded: new Set(['requests'] as const),
      })
      let refusal: UpstreamError | null = null
      up.prometheus.range = async (query, grid) => {
        const answer = await range(query, grid)
        if (query.startsWith('count(')) return answer
        const isRecorded = query.includes(RECORDED.requests)
        asked.push([isRecorded, (grid.to - grid.from) / HOUR_MS + 1])
        if (!isRecorded && refusal) throw refusal
        const [line] = answer.series
        const points = line?.points.filter(([at]) => !isRecorded || at > NOON - 3 * HOUR_MS) ?? []
        return { ...answer, series: line && points.length > 0 ? [{ ...line, points }] : [] }
      }
      const refuse = (kind: 'query' | 'timeout' | null) => {
        refusal = kind && new UpstreamError('prometheus', kind, 'too much')
      }
      const history = createHistory(up, { ...CART, longestSeconds: 48 * HOUR })
      const known = () => {
        const sum = history.sumSince(NOON - 30 * HOUR_MS)
        return [sum.counts.get(KEY)?.total, sum.knownSeconds]
      }
      return { history, asked, refuse, known }
    }

    it('read the hours before from the raw series, and none of them twice', async () => {
      const { history, asked, known } = ruled()
      await history.fill(NOON + 300_000)
      expect(known()).toEqual([30 * HOUR, 30 * HOUR])
      // two days: of the newer one what the rules do not have, of the older one all
      expect(asked).toEqual([
        [true, 24],
        [false, 21],
        [true, 24],
        [false, 24],
      ])
    })

    it('keep what the rules know while the hours before cannot be read, and ask for those again', async () => {
      const { history, refuse, known } = ruled()
      refuse('timeout')
      await history.fill(NOON + 300_000)
      expect([known(), history.failure()?.message]).toEqual([[3 * HOUR, 3 * HOUR], 'too much'])
      refuse(null)
      await history.fill(NOON + 400_000)
      expect([known(), history.failure()]).toEqual([[30 * HOUR, 30 * HOUR], null])
    })

    it('know nothing of the hours before where the raw series are too much for Prometheus', async () => {
      const { history, asked, refuse, known } = ruled()
      refuse('query')
      await history.fill(NOON + 300_000)
      expect([known(), history.failure()]).toEqual([[3 * HOUR, 3 * HOUR], null])
      const before = asked.length
      await history.fill(NOON + 400_000)
      expect(asked.length).toBe(before)
    })
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
