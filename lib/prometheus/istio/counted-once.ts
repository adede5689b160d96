/**
 * Rates with every request counted once, as the graph counts them, in PromQL. The rules are those of `lib/graph/build`:
 * the caller's figures, else the waypoint's, else the called side's.
 */
import { UNKNOWN } from '@/lib/mesh/identity'
import { FLAGS_BEFORE_ARRIVAL } from '@/lib/mesh/response-flags'
import { is, isNoneOf, isOneOf, matches, sumBy, type Matcher } from '../promql'

/** Between two workloads one side is believed, whatever names it gives the service: the called side knows only one. */
export const PAIR = [
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'destination_cluster',
  'destination_workload_namespace',
  'destination_workload',
] as const

/** Who asks for which service: a caller may not know who answers behind a waypoint, yet it is the same request. */
export const CALL = [
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'destination_service_namespace',
  'destination_service_name',
] as const

/** Who answers for a service: behind a waypoint the called side takes the waypoint for its caller. */
const ANSWER = [
  'destination_cluster',
  'destination_workload_namespace',
  'destination_workload',
  'destination_service_namespace',
  'destination_service_name',
] as const

const NOT_ARRIVED = matches('response_flags', `(.*,)?(${FLAGS_BEFORE_ARRIVAL.join('|')})(,.*)?`)
const ARRIVED: Matcher = { ...NOT_ARRIVED, op: '!~' }
/** Labels of which one is missing where a caller's row cannot be told to be of the same pair as the called side's. */
const NAMELESS = ['destination_workload', 'destination_cluster']
const NOBODY = ['', UNKNOWN]

/**
 * Sums by `by` of what `rateOf` answers for the matchers it is given (of any labels: they are summed here).
 * A caller behind a waypoint knows all of its requests but not who answered. Where `by` asks who answered, the
 * waypoint's figures stand in for the caller's, with what the caller could not send; else the caller's stand alone.
 * A mirror's requests are told of by the called side alone, and their answers reach nobody: the graph draws them, a
 * caller knows nothing of them. They are in the sums where `withMirrored` says so.
 */
export function countedOnce(
  by: readonly string[],
  rateOf: (matchers: readonly Matcher[]) => string,
  {
    withMirrored = false,
    pairsOf = null,
  }: {
    withMirrored?: boolean
    /** as `rateOf`, of the same workloads whatever service was asked for; null: `rateOf` asks for any service */
    pairsOf?: ((matchers: readonly Matcher[]) => string) | null
  } = {},
): string {
  const labels = [...new Set(['reporter', ...PAIR, ...CALL, ...by])]
  const from = (reporter: string, ...more: Matcher[]) =>
    sumBy(labels, rateOf([is('reporter', reporter), ...more]))
  const unless = (on: readonly string[], other: string) => ` unless on (${on.join(', ')}) (${other} > 0)`
  const source = from('source')
  const waypoint = from('waypoint')
  const callers = by.some(tellsWhoAnswered)
    ? [`(${source}${unless(CALL, waypoint)})`, `(${from('source', NOT_ARRIVED)})`, `(${waypoint})`]
    : [`(${source})`, `(${waypoint}${unless(CALL, source)})`]
  const called = from('destination', isNoneOf('source_workload', NOBODY))
  const callersOfPair = pairsOf ? sumBy(PAIR, pairsOf([is('reporter', 'source')])) : source
  // who names the workloads that answer has told of all it was answered by them
  const callersOfTheSame = withMirrored
    ? `(${NAMELESS.map((label) => from('source', ARRIVED, isOneOf(label, NOBODY))).join(' or ')})`
    : source
  return sumBy(
    by,
    [
      ...callers,
      `(${from('destination', isOneOf('source_workload', NOBODY))})`,
      `(${called}${unless(PAIR, callersOfPair)}${unless(CALL, callersOfTheSame)}${unless(CALL, waypoint)}${unless(ANSWER, waypoint)})`,
    ].join(' or '),
  )
}

function tellsWhoAnswered(label: string): boolean {
  return /^destination_(?:workload|canonical)/.test(label)
}
