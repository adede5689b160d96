/**
 * The recording rules Heddle ships (`deploy/prometheus/heddle-rules.yaml`) and how a window is read from them.
 * They hold rates over two minutes, one point per evaluation, by the same labels as the raw queries.
 */
import { is, selector, type Matcher } from '../promql'
import { windowText } from '@/lib/units/window'

/** Window of the recorded rates; it is also the default window of the page. */
export const RECORDED_WINDOW_SECONDS = 120
/** Longer windows would read more points than one query may touch in a mesh that needs the rules. */
export const LONGEST_RECORDED_WINDOW_SECONDS = 86_400

export const RECORDED = {
  requests: 'mesh_edge:requests:rate2m',
  tcpReceived: 'mesh_edge:tcp_received_bytes:rate2m',
  tcpSent: 'mesh_edge:tcp_sent_bytes:rate2m',
  tcpOpened: 'mesh_edge:tcp_connections_opened:rate2m',
  latencySum: 'mesh_edge:duration_sum:rate2m',
  latencyCount: 'mesh_edge:duration_count:rate2m',
  latencyBuckets: 'mesh_edge:duration_bucket:rate2m',
} as const
export type RecordedName = keyof typeof RECORDED

/** One point per evaluation of the rates' group: what a mean over time divides by. */
export const RECORDED_EVALUATIONS = 'mesh_edge:evaluations'

/** Which group of rules a series of buckets is recorded in depends on it. */
const PACE = 'source_workload_namespace'

/** Every recorded series has this prefix: one question finds out whether they exist. */
export const RECORDED_PATTERN = 'mesh_edge:.+'

/** Whether a window can be read from recorded rates at all. */
export function isRecordedWindow(windowSeconds: number): boolean {
  return windowSeconds >= RECORDED_WINDOW_SECONDS && windowSeconds <= LONGEST_RECORDED_WINDOW_SECONDS
}

/**
 * Rates over `windowSeconds` from recorded ones. The recorded rate at an instant covers the two minutes before
 * it, so the points of the last `window - 2m` cover the window exactly; its first and last two minutes are in fewer of
 * them than the time between and weigh less.
 * A series missing at some evaluations had no traffic then: rates divide by the number of evaluations, not of
 * points. Buckets are recorded in groups of their own pace, told apart by the caller's namespace: the number of their
 * evaluations is that of the points of the callers' longest series.
 */
export function recordedRate(
  name: RecordedName,
  windowSeconds: number,
  matchers: readonly Matcher[],
): string {
  const selected = selector(RECORDED[name], matchers)
  const rest = windowSeconds - RECORDED_WINDOW_SECONDS
  if (rest <= 0) return selected
  const range = `[${windowText(rest)}]`
  const total = `sum_over_time(${selected}${range})`
  if (name === 'latencyBuckets') {
    const whole = [...matchers.filter(({ label }) => label !== 'le'), is('le', '+Inf')]
    const points = `count_over_time(${selector(RECORDED[name], whole)}${range})`
    return `${total} / on (${PACE}) group_left () max by (${PACE}) (${points})`
  }
  return `${total} / scalar(max(count_over_time(${RECORDED_EVALUATIONS}${range})))`
}
