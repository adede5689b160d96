import { describe, expect, it } from 'vitest'
import { createManualClock } from './clock'
import { createSimulation } from './simulation'
import { matcherOf } from './prometheus/promql/syntax/matcher'
import { isRunning } from './schedule'

const MINUTE = 60_000
const RUNS = { firstMinute: 8, everyMinutes: 20, forMinutes: 7 }

it.each([
  [7, false],
  [8, true],
  [14.9, true],
  [15, false],
  [28, true],
  [48, true],
  [60, false],
  [68, true],
])('a run at minute 8 of every 20, of 7 minutes, at minute %d: %s', (minute, isOn) => {
  expect(isRunning(RUNS, Date.UTC(2026, 7, 20, 12) + minute * MINUTE)).toBe(isOn)
})

describe('a workload that runs now and then', async () => {
  const from = Date.UTC(2026, 7, 20, 12, 5)
  const simulation = createSimulation({
    seed: 1,
    retentionSeconds: 3_600,
    startMs: from,
    clock: createManualClock(from),
  })
  await simulation.fillTo(from + 28 * MINUTE)

  it('has one pod while it runs and none before, between and after', () => {
    expect(simulation.store.list('Pod', 'payments').map(({ metadata }) => metadata.name)).toContain(
      'reconciliation-0',
    )
    const events = simulation.store
      .list('Event', 'payments')
      .filter(({ reason }) => String(reason).startsWith('ScheduleTarget'))
    expect(events.map(({ reason, count }) => [reason, count])).toEqual(
      expect.arrayContaining([
        ['ScheduleTargetActivated', 2],
        ['ScheduleTargetDeactivated', 1],
      ]),
    )
  })

  it('counts while it runs only: the same series end and come back', () => {
    const own = simulation.metrics.select([
      matcherOf('__name__', '=', 'istio_requests_total'),
      matcherOf('pod', '=', 'reconciliation-0'),
    ])
    expect(own.length).toBeGreaterThan(0)
    for (const { born, end, earlier } of own) {
      expect(end).toBe(Infinity)
      expect(earlier).toHaveLength(2)
      const [first = 0, last = 0] = earlier ?? []
      const minutes = (index: number) => (simulation.metrics.ring.timeAt(index) - from) / MINUTE
      expect(minutes(first)).toBeCloseTo(3, 0)
      expect(minutes(last)).toBeCloseTo(10, 0)
      expect(minutes(born)).toBeCloseTo(23, 0)
    }
  })
})
