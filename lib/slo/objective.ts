/**
 * What somebody promised of a service: how many of its requests succeed, how many are answered in time. Written as
 * annotations on the Service, or in the configuration file. Pure.
 */
import { formatWindow, parseWindow } from '@/lib/units/window'

export const AVAILABILITY_ANNOTATION = 'heddle.io/slo-availability'
export const LATENCY_ANNOTATION = 'heddle.io/slo-latency'
export const WINDOW_ANNOTATION = 'heddle.io/slo-window'

const DAY_SECONDS = 86_400
export const DEFAULT_WINDOW_SECONDS = 30 * DAY_SECONDS
const SHORTEST_WINDOW_SECONDS = 3_600
const LONGEST_WINDOW_SECONDS = 90 * DAY_SECONDS
const MOST_LATENCIES = 3

export interface Objective {
  kind: 'availability' | 'latency'
  /** share of requests that must be good, above 0 and below 1 */
  target: number
  /** of latency: what is in time; null for availability */
  thresholdMs: number | null
  windowSeconds: number
}

/** Something written that is no objective: where, what it says, and what it should. */
export interface ObjectiveProblem {
  annotation: string
  text: string
  message: string
}

/**
 * The objectives among annotations: `heddle.io/slo-availability: "99.9"`, `heddle.io/slo-latency: "99% < 500ms"`
 * (several behind commas), `heddle.io/slo-window: 30d`. One that cannot be read is left out and named; with a window
 * that cannot be read the usual one holds.
 */
export function parseObjectives(annotations: Readonly<Record<string, string>>): {
  objectives: Objective[]
  problems: ObjectiveProblem[]
} {
  const problems: ObjectiveProblem[] = []
  const objectives: Objective[] = []
  const complain = (annotation: string, text: string, message: string) =>
    problems.push({ annotation, text, message })

  const availability = annotations[AVAILABILITY_ANNOTATION]
  const latency = annotations[LATENCY_ANNOTATION]
  const window = annotations[WINDOW_ANNOTATION]
  let windowSeconds = DEFAULT_WINDOW_SECONDS
  if (window !== undefined) {
    const parsed = parseWindow(window.trim())
    if (parsed === undefined || parsed < SHORTEST_WINDOW_SECONDS || parsed > LONGEST_WINDOW_SECONDS) {
      const used =
        availability === undefined && latency === undefined ? '' : `; ${formatWindow(windowSeconds)} are used`
      complain(WINDOW_ANNOTATION, window, `write a time from 1h to 90d, such as 30d${used}`)
    } else if (availability === undefined && latency === undefined) {
      complain(
        WINDOW_ANNOTATION,
        window,
        'a window alone promises nothing: add slo-availability or slo-latency',
      )
    } else windowSeconds = parsed
  }
  if (availability !== undefined) {
    const target = percentOf(availability)
    if (target === undefined) {
      complain(
        AVAILABILITY_ANNOTATION,
        availability,
        'write a percentage above 0 and below 100, such as 99.9',
      )
    } else objectives.push({ kind: 'availability', target, thresholdMs: null, windowSeconds })
  }
  const parts = latency === undefined ? [] : latency.split(',')
  if (latency !== undefined && parts.length > MOST_LATENCIES) {
    complain(LATENCY_ANNOTATION, latency, `write at most ${MOST_LATENCIES} latency objectives`)
  }
  for (const part of parts.slice(0, MOST_LATENCIES)) {
    const [, percent = '', amount = '', unit = ''] =
      /^\s*(\d[\d.]*\s*%?)\s*<=?\s*(\d+(?:\.\d+)?)\s*(ms|s)\s*$/.exec(part) ?? []
    const target = percentOf(percent)
    const thresholdMs = Number(amount) * (unit === 's' ? 1000 : 1)
    if (target === undefined || !(thresholdMs > 0)) {
      complain(LATENCY_ANNOTATION, part.trim(), 'write a percentage, < and a time, such as 99% < 500ms')
    } else objectives.push({ kind: 'latency', target, thresholdMs, windowSeconds })
  }
  return { objectives, problems }
}

/** `99.9` and `99.9%` as 0.999; undefined for what is no percentage between 0 and 100. */
function percentOf(text: string): number | undefined {
  const number = /^\s*(\d+(?:\.\d+)?)\s*%?\s*$/.exec(text)?.[1]
  if (number === undefined) return undefined
  const percent = Number(number)
  // without the detour 99.9 / 100 is 0.9990000000000001
  return percent > 0 && percent < 100 ? Number((percent / 100).toPrecision(12)) : undefined
}
