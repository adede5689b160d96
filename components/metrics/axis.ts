/** Ticks of chart axes: round values from zero, round instants of the reader's day. Pure. */
import type { ChartUnit } from './chart-shapes'

export interface ValueAxis {
  /** from 0, evenly spaced; the last one is the top of the chart */
  ticks: number[]
  format: (value: number) => string
}

const PER_SECOND = [
  { factor: 1, suffix: '/s' },
  { factor: 1e3, suffix: 'k/s' },
  { factor: 1e6, suffix: 'M/s' },
]
const SCALES: Record<ChartUnit, readonly { factor: number; suffix: string }[]> = {
  'requests/s': PER_SECOND,
  ratio: [{ factor: 0.01, suffix: ' %' }],
  ms: [
    { factor: 1, suffix: ' ms' },
    { factor: 1000, suffix: ' s' },
  ],
  'bytes/s': [
    { factor: 1, suffix: ' B/s' },
    { factor: 1e3, suffix: ' kB/s' },
    { factor: 1e6, suffix: ' MB/s' },
    { factor: 1e9, suffix: ' GB/s' },
  ],
  bytes: [
    { factor: 1, suffix: ' B' },
    { factor: 1e3, suffix: ' kB' },
    { factor: 1e6, suffix: ' MB' },
    { factor: 1e9, suffix: ' GB' },
  ],
  'messages/s': PER_SECOND,
  'connections/s': PER_SECOND,
  'events/s': PER_SECOND,
  count: [
    { factor: 1, suffix: '' },
    { factor: 1e3, suffix: 'k' },
    { factor: 1e6, suffix: 'M' },
  ],
  cores: [{ factor: 1, suffix: '' }],
}

/** Shown where nothing is above zero, so that a flat line lies at the bottom of a scale that means something. */
const LEAST_TOP: Record<ChartUnit, number> = {
  'requests/s': 1,
  ratio: 0.01,
  ms: 10,
  'bytes/s': 100,
  bytes: 100,
  'messages/s': 1,
  'connections/s': 1,
  'events/s': 1,
  count: 1,
  cores: 0.01,
}

const INTERVALS = 4

/** An axis from zero to a round value at or above `max`; all its ticks are written in one unit. */
export function valueAxis(max: number, unit: ChartUnit): ValueAxis {
  const top = Math.max(Number.isFinite(max) ? max : 0, unit === 'ratio' ? LEAST_TOP.ratio : 0)
  const wanted = (top > 0 ? top : LEAST_TOP[unit]) / INTERVALS
  const power = 10 ** Math.floor(Math.log10(wanted))
  const round = [1, 2, 2.5, 5, 10].find((each) => each * power >= wanted * 0.999) ?? 10
  const step = round * power
  const count = Math.max(1, Math.ceil((top > 0 ? top : LEAST_TOP[unit]) / step - 1e-9))
  // a ratio never passes 100 %, neither may its axis
  const ticks = Array.from({ length: count + 1 }, (_, index) => tidy(index * step)).filter(
    (tick) => unit !== 'ratio' || tick <= 1,
  )
  const last = ticks.at(-1) ?? step
  const scale = SCALES[unit].findLast((each) => last >= each.factor * 0.999) ?? SCALES[unit][0]
  const { factor, suffix } = scale ?? { factor: 1, suffix: '' }
  return {
    ticks,
    format: (value) => (value === 0 ? '0' : `${tidy(value / factor)}${suffix}`),
  }
}

// sums of steps such as 0.1 leave dust behind the twelfth digit
function tidy(value: number): number {
  return Number(value.toPrecision(10))
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const TIME_STEPS = [
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
]

/**
 * Round instants between `from` and `to`, at most `most` of them. `offsetMs` is what the reader's clock is ahead of
 * UTC, so that a step of six hours falls on their midnight.
 */
export function timeTicks(from: number, to: number, most: number, offsetMs = 0): number[] {
  const step =
    TIME_STEPS.find((each) => (to - from) / each <= most) ?? DAY * Math.ceil((to - from) / DAY / most)
  const ticks: number[] = []
  for (let at = Math.ceil((from + offsetMs) / step) * step - offsetMs; at <= to; at += step) ticks.push(at)
  return ticks
}

/** True where ticks fall on more than one day, so that the time alone would not tell them apart. */
export function spansDays(from: number, to: number): boolean {
  return to - from > DAY
}
