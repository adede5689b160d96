/** Questions about the nodes of an incident: its level over time, and how often requests are tried. */
import { is, isOneOf, rate, selector, sumBy, type Matcher } from '../promql'
import { destinationMatchers, type ChartEnd, type ChartOptions } from './charts/charts'
import { PAIR } from './counted-once'

/** Connections of one node by response flags: what a TCP incident is dated by. */
export function connectionsQuery(end: ChartEnd, options: ChartOptions): string {
  const metric = 'istio_tcp_connections_opened_total'
  return sumBy(['response_flags'], into(end, metric, [isOneOf('reporter', ['source', 'waypoint'])], options))
}

/**
 * Requests to a workload as its callers count them and as its own proxy does, from callers that report: the own proxy
 * sees every attempt, callers count a request once however often it was tried. One whose metrics are missing is only
 * in what the called side counts, and would pass for attempts of others.
 */
export function attemptsQuery(end: ChartEnd, options: ChartOptions): string {
  const of = (reporter: string) =>
    sumBy(
      ['reporter', ...PAIR],
      into(end, 'istio_requests_total', [is('reporter', reporter), NAMED_CALLER], options),
    )
  const sent = of('source')
  return sumBy(['reporter'], `${sent} or (${of('destination')} and on (${PAIR.join(', ')}) (${sent} > 0))`)
}

const NAMED_CALLER: Matcher = { label: 'source_workload', op: '!~', value: 'unknown|' }

function into(end: ChartEnd, metric: string, matchers: readonly Matcher[], options: ChartOptions): string {
  return destinationMatchers(end, options)
    .map((to) => selector(metric, [...(options.scope ?? []), ...matchers, ...to]))
    .map((selected) => rate(selected, options.windowSeconds))
    .join(' or ')
}
