/**
 * What node proxies (ztunnel) count as bytes is often what an L7 proxy counts as requests. The rules are those of
 * `lib/graph/build/twins.ts`, in PromQL.
 */
import { is, matches, sumBy, type Matcher } from '@/lib/prometheus/promql'
import { CALL, PAIR } from '../counted-once'
import { ZTUNNEL_APP } from '../labels'

/** As `isWaypoint` knows one by name alone. */
const WAYPOINT_NAME = '(.*-)?waypoint'
/** set while the question is asked: whether a row is of the way to a waypoint or of the way from it */
const LEG = 'waypoint_leg'

const ENDS = [...new Set([...PAIR, ...CALL])]
const INTO_NAMESPACE = [
  'source_cluster',
  'source_workload_namespace',
  'source_workload',
  'destination_workload_namespace',
]
const ANSWERER = ['destination_cluster', 'destination_workload_namespace', 'destination_workload']

export interface Questions {
  /** sums by labels of TCP, each byte once */
  counted(labels: readonly string[]): string
  /** rates of the same TCP series, of any labels */
  bytesOf(matchers: readonly Matcher[]): string
  /** rates of requests between the same ends, of any labels */
  requestsOf(matchers: readonly Matcher[]): string
}

/** Sums by `by` of TCP that no L7 proxy counted as requests. */
export function withoutRequests(by: readonly string[], { counted, bytesOf, requestsOf }: Questions): string {
  const byWaypoint = (labels: readonly string[]) =>
    `${sumBy(labels, requestsOf([is('reporter', 'waypoint')]))} > 0`
  const toWaypoint = sumBy(
    CALL,
    bytesOf([is('app', ZTUNNEL_APP), matches('destination_workload', WAYPOINT_NAME)]),
  )
  // a waypoint may route on to another service (HTTPRoute) than the one that its caller asked for
  const routedOn = `(${byWaypoint([...CALL, 'destination_workload_namespace'])}) unless on (${CALL.join(', ')}) (${toWaypoint} > 0)`
  const all = counted([...new Set([...by, 'app', ...ENDS])])
  return sumBy(
    by,
    [
      withLeg('to', 'destination_workload', withLeg('from', 'source_workload', all)),
      twinsOf('', ENDS, `${sumBy(ENDS, requestsOf([]))} > 0`),
      twinsOf('to', CALL, byWaypoint(CALL)),
      twinsOf('to', INTO_NAMESPACE, sumBy(INTO_NAMESPACE, routedOn)),
      twinsOf('from', ANSWERER, byWaypoint(ANSWERER)),
    ].join(' unless '),
  )
}

function withLeg(leg: string, label: string, rows: string): string {
  return `label_replace(${rows}, "${LEG}", "${leg}", "${label}", "${WAYPOINT_NAME}")`
}

/** Right side of an `unless`: what requests there were, of the labels that a node proxy's row of the same has. */
function twinsOf(leg: string, labels: readonly string[], requests: string): string {
  const ofNodeProxy = `label_replace(${requests}, "app", "${ZTUNNEL_APP}", "", "")`
  const on = [...labels, 'app', LEG].join(', ')
  return `on (${on}) ${leg === '' ? ofNodeProxy : `label_replace(${ofNodeProxy}, "${LEG}", "${leg}", "", "")`}`
}
