/** Questions about the mesh as a whole: traffic by namespace over time, and what istiod measures now. */
import { UNKNOWN } from '@/lib/mesh/identity'
import { isOneOf, is, literalPattern, matches, rate, selector, sumBy, type Matcher } from '../promql'
import { windowText } from '@/lib/units/window'
import { CALL } from './counted-once'
import { RECORDED } from './recorded'

export interface NamespaceTrafficOptions {
  /** each point is the rate over so long */
  windowSeconds: number
  scope?: readonly Matcher[]
  /** rates are recorded: a point is read instead of computed */
  isRecorded?: boolean
  /** the same question about so long before */
  offsetSeconds?: number
  /** names of waypoints that do not tell by themselves what they are */
  waypoints?: readonly string[]
}

/** What reached nobody names no cluster but its caller's. */
const PLACE = ['destination_cluster', 'source_cluster', 'destination_service_namespace'] as const
const NO_SUCCESS = '5..|0|-'

/**
 * Requests per second into each namespace, once each: as callers report them, else waypoints, and for callers without
 * a proxy as the called side does. By the namespace of the service: requests that nobody answered have one too.
 */
export function namespaceRequestsQuery(options: NamespaceTrafficOptions): string {
  return sumBy(PLACE, countedParts(options, [[]]))
}

/** Of these, the ones that failed as the graph counts them: 5xx, no response, or a gRPC status other than 0 unless HTTP says 4xx. */
export function namespaceErrorsQuery(options: NamespaceTrafficOptions): string {
  return sumBy(
    PLACE,
    countedParts(options, [
      [matches('response_code', NO_SUCCESS)],
      [
        { label: 'response_code', op: '!~', value: `${NO_SUCCESS}|4..` },
        is('request_protocol', 'grpc'),
        { label: 'grpc_response_status', op: '!~', value: '0|unknown|' },
      ],
    ]),
  )
}

/**
 * The parts hold different series, so that none counts twice. A caller that goes through a waypoint counts its
 * requests, too: of those the caller is believed. What answers such a caller is the waypoint, or not known to it; no
 * other series need to be read for that.
 */
function countedParts(options: NamespaceTrafficOptions, narrowed: readonly (readonly Matcher[])[]): string {
  const rateOf = (matchers: readonly Matcher[]) => namespaceRate(options, matchers)
  const throughWaypoint = rateOf([
    is('reporter', 'source'),
    matches(
      'destination_workload',
      ['(.+-)?waypoint', UNKNOWN, ...(options.waypoints ?? []).map(literalPattern), ''].join('|'),
    ),
  ])
  return narrowed
    .flatMap((more) => [
      rateOf([is('reporter', 'source'), ...more]),
      `(${rateOf([is('reporter', 'waypoint'), ...more])} unless on (${CALL.join(', ')}) (${throughWaypoint} > 0))`,
      rateOf([is('reporter', 'destination'), isOneOf('source_workload', [UNKNOWN, '']), ...more]),
    ])
    .join(' or ')
}

function namespaceRate(
  { windowSeconds, scope = [], isRecorded = false, offsetSeconds = 0 }: NamespaceTrafficOptions,
  matchers: readonly Matcher[],
): string {
  const offset = offsetSeconds === 0 ? '' : ` offset ${windowText(offsetSeconds)}`
  if (isRecorded) return `${selector(RECORDED.requests, [...scope, ...matchers])}${offset}`
  const selected = selector('istio_requests_total', [...scope, ...matchers])
  return offset === ''
    ? rate(selected, windowSeconds)
    : `rate(${selected}[${windowText(windowSeconds)}]${offset})`
}

/** Istiod's own metrics at one instant, by its pods. Names: https://istio.io/latest/docs/reference/commands/pilot-discovery/#metrics */
export function controlPlaneQueries(windowSeconds: number, scope: readonly Matcher[] = []) {
  const perSecond = (metric: string, by: readonly string[]) =>
    sumBy(by, rate(selector(metric, scope), windowSeconds))
  return {
    proxies: sumBy(['namespace', 'pod', 'version'], selector('pilot_xds', scope)),
    pushTime: perSecond('pilot_proxy_convergence_time_bucket', ['namespace', 'pod', 'le']),
    pushes: perSecond('pilot_xds_pushes', ['namespace', 'pod']),
    rejects: perSecond('pilot_total_xds_rejects', ['namespace', 'pod']),
    internalErrors: perSecond('pilot_total_xds_internal_errors', ['namespace', 'pod']),
  }
}
