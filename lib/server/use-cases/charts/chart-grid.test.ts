import { describe, expect, it } from 'vitest'
import type { TelemetryFacts } from '../../snapshots/facts'
import type { Upstreams } from '../../upstreams'
import { chartTime } from './chart-grid'

const NOW = Date.UTC(2026, 7, 20, 12, 41, 50)
const facts: TelemetryFacts = {
  build: null,
  scrapeIntervalSeconds: 15,
  isScrapeIntervalKnown: true,
  retentionSeconds: null,
  recorded: new Set(),
  areRulesKnown: true,
}
// all that the time of a chart is made of
const up = {
  facts: { get: () => Promise.resolve(facts) },
  clock: { now: () => NOW },
  config: { refresh: { lagMs: 5_000 } },
} as unknown as Upstreams

const end = (minutes: number, seconds = 0) => Date.UTC(2026, 7, 20, 12, minutes, seconds)

describe('the time of a chart', () => {
  it.each([
    ['1h', end(41, 45), 15],
    ['6h', end(40, 30), 90],
    ['1d', end(40), 360],
    ['7d', end(40), 2_520],
  ] as const)('of %s ends with the newest snapshot of that window', async (window, to, stepSeconds) => {
    const { grid, rateSeconds } = await chartTime(up, { window })
    expect([grid.to, grid.stepSeconds]).toEqual([to, stepSeconds])
    // every request lies between two points
    expect((grid.to - grid.from) % (stepSeconds * 1_000)).toBe(0)
    expect(rateSeconds).toBe(Math.max(60, stepSeconds))
  })

  it('of a moment of the past ends within five minutes before it', async () => {
    const at = end(41) - 86_400_000
    const { grid } = await chartTime(up, { window: '7d', at })
    expect(at - grid.to).toBe(60_000)
  })
})
