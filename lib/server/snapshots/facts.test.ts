import { expect, it } from 'vitest'
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
