import { describe, expect, it } from 'vitest'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { readConfig } from '../config/config'
import { createLog } from '../log'
import { createUpstreams } from '../upstreams'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { budgetOf, burnRate, goneInSeconds, HOUR } from '@/lib/slo/burn'
import { parseWindow } from '@/lib/units/window'
import { measure } from './measure'

it('tells how fast a budget burns now where Prometheus cannot answer for the past', async () => {
  const up = createUpstreams(readConfig({ PROMETHEUS_URL: 'http://127.0.0.1:1' }), {
    clock: manualClock(Date.UTC(2026, 7, 20, 12, 30)),
    log: createLog('error', () => undefined),
  })
  const facts = { retentionSeconds: null, recorded: new Set() }
  Object.assign(up.facts, { current: () => facts, get: () => Promise.resolve(facts) })
  up.prometheus.range = () => Promise.reject(new UpstreamError('prometheus', 'query', 'too many samples'))
  const labels = { destination_service_namespace: 'shop', destination_service_name: 'cart' }
  up.prometheus.instant = () =>
    Promise.resolve({
      samples: [
        { labels: { ...labels, response_code: '200' }, value: 9 },
        { labels: { ...labels, response_code: '500' }, value: 1 },
      ],
      warnings: [],
    })
  const objective = {
    kind: 'availability',
    target: 0.99,
    thresholdMs: null,
    windowSeconds: 72 * HOUR,
  } as const
  const cluster = up.config.defaultCluster
  const CART = { cluster, namespace: 'shop', name: 'cart', createdAt: null, objective }
  const measured = await measure(up, [CART])
  await up.close()
  const hour = measured.over(HOUR).counts.get(`${cluster}/shop/cart`)
  expect(hour && hour.bad / hour.total).toBeCloseTo(0.1)
  expect(measured.knownSeconds(72 * HOUR, CART)).toBe(0)
  expect([measured.failure?.message, measured.missingHours]).toEqual(['too many samples', 72])
})

const HOUR_MS = HOUR * 1_000
const NOON = Date.UTC(2026, 7, 20, 12)

/** Good and bad requests of the service up to an instant. */
type World = (at: number) => { good: number; bad: number }

/** One request a second from an instant on, of which a share fails between two. */
function world(of: { from: number; failing: [number, number]; ratio: number }): World {
  const seconds = (at: number, from: number, to: number) => Math.max(0, Math.min(at, to) - from) / 1_000
  return (at) => {
    const bad = of.ratio * seconds(at, ...of.failing)
    return { good: seconds(at, of.from, Infinity) - bad, bad }
  }
}

/** What is told of the service at an instant by a Prometheus that has seen this world. */
async function told(now: number, seen: World, of: { windowSeconds: number; createdAt: number | null }) {
  const up = createUpstreams(readConfig({ PROMETHEUS_URL: 'http://127.0.0.1:1' }), {
    clock: manualClock(now),
    log: createLog('error', () => undefined),
  })
  const facts = { retentionSeconds: null, recorded: new Set() }
  Object.assign(up.facts, { current: () => facts, get: () => Promise.resolve(facts) })
  const labels = { destination_service_namespace: 'shop', destination_service_name: 'cart' }
  const secondsOf = (query: string) => parseWindow(/\[(\w+)\]/.exec(query)?.[1] ?? '') ?? 0
  const perSecond = (kind: 'good' | 'bad', at: number, seconds: number) =>
    (seen(at)[kind] - seen(at - seconds * 1_000)[kind]) / seconds
  const codes = [
    ['200', 'good'],
    ['500', 'bad'],
  ] as const
  up.prometheus.instant = (query, { time }) =>
    Promise.resolve({
      samples: codes.map(([response_code, kind]) => ({
        labels: { ...labels, response_code },
        value: perSecond(kind, time ?? now, secondsOf(query)),
      })),
      warnings: [],
    })
  up.prometheus.range = (query, { from, to, stepSeconds }) => {
    const times: number[] = []
    for (let at = from; at <= to; at += stepSeconds * 1_000) times.push(at)
    const series = query.startsWith('count(')
      ? [{ labels: {}, points: times.map((at): [number, number] => [at, 1]) }]
      : codes.map(([response_code, kind]) => ({
          labels: { ...labels, response_code },
          points: times.map((at): [number, number] => [at, perSecond(kind, at, HOUR)]),
        }))
    return Promise.resolve({ series, warnings: [] })
  }
  const { windowSeconds, createdAt } = of
  const cluster = up.config.defaultCluster
  const objective = { kind: 'availability', target: 0.99, thresholdMs: null, windowSeconds } as const
  const subject = { cluster, namespace: 'shop', name: 'cart', createdAt, objective }
  const measured = await measure(up, [subject])
  await up.close()
  const events = measured.over(windowSeconds).counts.get(`${cluster}/shop/cart`) ?? null
  const knownSeconds = measured.knownSeconds(windowSeconds, subject)
  const budget = budgetOf(events, objective, knownSeconds)
  const burn = burnRate(measured.over(HOUR).counts.get(`${cluster}/shop/cart`) ?? null, 0.99)
  return { events, knownSeconds, budget, burn, gone: goneInSeconds(budget, burn, windowSeconds) }
}

describe('counted by hand', () => {
  // 1 % may fail; every minute from 10:45 to 11:15 a tenth does: 180 requests
  const outage = world({
    from: 0,
    failing: [NOON - 1.25 * HOUR_MS, NOON - 0.75 * HOUR_MS],
    ratio: 0.1,
  })

  it.each([
    // [now, total, bad]: of 12 hours, up to the last whole five minutes; half of the first hour counts, evenly
    ['half past', NOON + 33 * 60_000, 12 * HOUR, 180],
    ['right after the hour, before it is settled', NOON + 60_000, 12 * HOUR, 180],
    ['right after it is settled', NOON + 150_000, 12 * HOUR, 180],
  ])('every second of the window is counted once: %s', async (_, now, total, bad) => {
    const { events, knownSeconds } = await told(now, outage, { windowSeconds: 12 * HOUR, createdAt: null })
    expect(events?.total).toBeCloseTo(total, 6)
    expect(events?.bad).toBeCloseTo(bad, 6)
    expect(knownSeconds).toBe(12 * HOUR)
  })

  it('a service an hour old has spent an hour of its budget, not a month of it', async () => {
    const from = NOON - HOUR_MS
    const young = world({ from, failing: [from, NOON + HOUR_MS], ratio: 0.02 })
    const of = { windowSeconds: 720 * HOUR, createdAt: from }
    const { events, knownSeconds, budget, burn, gone } = await told(NOON + 150_000, young, of)
    // 3,600 requests, 72 failed, where 36 might: twice the even pace for one of 720 hours
    expect([events?.total, knownSeconds]).toEqual([expect.closeTo(HOUR, 6), HOUR])
    expect(events?.bad).toBeCloseTo(72, 6)
    expect(burn).toBeCloseTo(2, 6)
    expect(budget?.spentRatio).toBeCloseTo(2 / 720, 9)
    // 718 hours' worth is left, two of which go in an hour
    expect((gone ?? 0) / HOUR).toBeCloseTo(718 / 2, 6)
  })

  it('one that was made anew keeps the past that is known of it', async () => {
    const of = { windowSeconds: 12 * HOUR, createdAt: NOON - HOUR_MS }
    expect((await told(NOON + 150_000, outage, of)).knownSeconds).toBe(12 * HOUR)
  })

  it('one that nobody asks has no budget that could be spent', async () => {
    const silent: World = () => ({ good: 0, bad: 0 })
    const { budget, burn, gone } = await told(NOON, silent, { windowSeconds: 720 * HOUR, createdAt: null })
    expect([budget, burn, gone]).toEqual([null, null, null])
  })
})
