import { expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import type { PrometheusClient } from '@/lib/prometheus/client'
import { createFacts, rulesToRead } from './facts'

const NOW = 1_700_000_000_000
const DAY_MS = 86_400_000

it('counts the points of a window at the moment that is asked about, the present once a minute', async () => {
  const asked: number[] = []
  // a scrape interval that was longer a day ago
  const instant: PrometheusClient['instant'] = (_query, { time }) => {
    asked.push(time)
    return Promise.resolve({
      samples: [{ labels: {}, value: time < NOW - DAY_MS / 2 ? 2 : 8 }],
      warnings: [],
    })
  }
  const clock = manualClock(NOW)
  const facts = createFacts({ instant } as PrometheusClient, {
    scrapeIntervalSeconds: 30,
    scope: [],
    usesRecordingRules: false,
    clock,
  })
  expect(await facts.pointsWithin(60, NOW - DAY_MS)).toBe(2)
  expect(await facts.pointsWithin(60, NOW)).toBe(8)
  expect(await facts.pointsWithin(60, NOW + 30_000)).toBe(8)
  expect(asked).toEqual([NOW - DAY_MS, NOW])
  clock.advance(61_000)
  expect(await facts.pointsWithin(60, NOW + 61_000)).toBe(8)
  expect(asked).toHaveLength(3)
})

it('reads no recorded rates of what is scraped too rarely for their two minutes', () => {
  const recorded = new Set(['requests'] as const)
  expect(rulesToRead({ recorded, scrapeIntervalSeconds: 30 })).toBe(recorded)
  expect(rulesToRead({ recorded, scrapeIntervalSeconds: 60 })).toEqual(new Set())
})

it.each([
  ['is just starting', new UpstreamError('prometheus', 'http', 'not ready', { status: 503 }), 10_000],
  ['wants credentials', new UpstreamError('prometheus', 'http', 'no', { status: 401 }), 10_000],
  ['does not serve these pages', new UpstreamError('prometheus', 'http', 'none', { status: 404 }), 300_000],
])('asks a Prometheus that %s again in time', async (_what, refusal, againMs) => {
  const answers = { isWell: false, asked: 0 }
  const ask = <T>(answer: T) => {
    answers.asked += 1
    return answers.isWell ? Promise.resolve(answer) : Promise.reject(refusal)
  }
  const clock = manualClock(NOW)
  const facts = createFacts(
    {
      build: () => ask({ product: 'Prometheus', version: '3.1.0' }),
      scrapeIntervalSeconds: () => ask(60),
      retentionSeconds: () => ask(86_400),
      instant: () => Promise.resolve({ samples: [], warnings: [] }),
    } as unknown as PrometheusClient,
    { scrapeIntervalSeconds: null, scope: [], usesRecordingRules: false, clock },
  )
  expect(await facts.get()).toMatchObject({ isScrapeIntervalKnown: false, scrapeIntervalSeconds: 15 })
  answers.isWell = true
  clock.advance(againMs - 1)
  await facts.get()
  expect(answers.asked).toBe(3)
  clock.advance(1)
  facts.current()
  await Promise.resolve()
  expect(answers.asked).toBe(6)
  await new Promise((resolve) => setImmediate(resolve))
  expect(facts.current()).toMatchObject({ isScrapeIntervalKnown: true, scrapeIntervalSeconds: 60 })
})

it('counts how often a Prometheus that does not tell scrapes the mesh, and takes no gap for a longer interval', async () => {
  const refuse = () => Promise.reject(new UpstreamError('prometheus', 'http', 'no', { status: 403 }))
  // samples of the last half minute are not there yet
  const counted = { points: 9 }
  const clock = manualClock(NOW)
  const facts = createFacts(
    {
      build: refuse,
      scrapeIntervalSeconds: refuse,
      retentionSeconds: refuse,
      instant: () =>
        Promise.resolve({
          samples: counted.points === 0 ? [] : [{ labels: {}, value: counted.points }],
          warnings: [],
        }),
    } as unknown as PrometheusClient,
    { scrapeIntervalSeconds: null, scope: [], usesRecordingRules: false, clock },
  )
  const after = async (points: number) => {
    counted.points = points
    clock.advance(300_000)
    facts.current()
    await new Promise((resolve) => setImmediate(resolve))
    return facts.current()
  }
  expect(await facts.get()).toMatchObject({ isScrapeIntervalKnown: true, scrapeIntervalSeconds: 60 })
  expect(await after(3)).toMatchObject({ scrapeIntervalSeconds: 60 })
  expect(await after(0)).toMatchObject({ isScrapeIntervalKnown: true, scrapeIntervalSeconds: 60 })
  expect(await after(19)).toMatchObject({ scrapeIntervalSeconds: 30 })
  // made longer for good
  for (let look = 0; look < 3; look += 1) expect((await after(9)).scrapeIntervalSeconds).toBe(30)
  expect((await after(9)).scrapeIntervalSeconds).toBe(60)
})
