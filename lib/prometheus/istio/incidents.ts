/** Questions about the nodes of an incident: its level over time, and how often requests are tried. */
import { isOneOf, rate, selector, sumBy, type Matcher } from '../promql'
import { destinationMatchers, type ChartEnd, type ChartOptions } from './charts'

/** Connections of one node by response flags: what a TCP incident is dated by. */
export function connectionsQuery(end: ChartEnd, options: ChartOptions): string {
  const matchers: Matcher[] = [
    ...(options.scope ?? []),
    isOneOf('reporter', ['source', 'waypoint']),
    ...destinationMatchers(end, options),
  ]
  return sumBy(
    ['response_flags'],
    rate(selector('istio_tcp_connections_opened_total', matchers), options.windowSeconds),
  )
}

/**
 * Requests to a workload as its callers count them and as its own proxy does, from callers that have a proxy: the
 * own proxy sees every attempt, callers count a request once however often it was tried.
 */
export function attemptsQuery(end: ChartEnd, options: ChartOptions): string {
  const matchers: Matcher[] = [
    ...(options.scope ?? []),
    isOneOf('reporter', ['source', 'destination']),
    { label: 'source_workload', op: '!~', value: 'unknown|' },
    ...destinationMatchers(end, options),
  ]
  return sumBy(['reporter'], rate(selector('istio_requests_total', matchers), options.windowSeconds))
}
