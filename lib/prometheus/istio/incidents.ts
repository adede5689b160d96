/** Questions about the nodes of an incident: its level over time, and how often requests are tried. */
import { isOneOf, rate, selector, sumBy, type Matcher } from '../promql'
import { destinationMatchers, type ChartEnd, type ChartOptions } from './charts'

/** Connections of one node by response flags: what a TCP incident is dated by. */
export function connectionsQuery(end: ChartEnd, options: ChartOptions): string {
  const metric = 'istio_tcp_connections_opened_total'
  return sumBy(['response_flags'], into(end, metric, [isOneOf('reporter', ['source', 'waypoint'])], options))
}

/**
 * Requests to a workload as its callers count them and as its own proxy does, from callers that have a proxy: the
 * own proxy sees every attempt, callers count a request once however often it was tried.
 */
export function attemptsQuery(end: ChartEnd, options: ChartOptions): string {
  const named: Matcher[] = [
    isOneOf('reporter', ['source', 'destination']),
    { label: 'source_workload', op: '!~', value: 'unknown|' },
  ]
  return sumBy(['reporter'], into(end, 'istio_requests_total', named, options))
}

function into(end: ChartEnd, metric: string, matchers: readonly Matcher[], options: ChartOptions): string {
  return destinationMatchers(end, options)
    .map((to) => selector(metric, [...(options.scope ?? []), ...matchers, ...to]))
    .map((selected) => rate(selected, options.windowSeconds))
    .join(' or ')
}
