/**
 * Istiod's own metrics as charts. Names: https://istio.io/latest/docs/reference/commands/pilot-discovery/#metrics
 */
import type { MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import type { Series } from '../decode'
import { is, literalPattern, matches, rate, selector, sumBy, type Matcher } from '../promql'
import { quantileSeries, sumSeries, type ChartGrid } from './charts/chart-series'

/** The pods of a Deployment by the alphabets their names are made of: `istiod` must not take `istiod-canary`. */
function podsOf(deployment: string): string {
  return `${literalPattern(deployment)}-[456789bcdf]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}`
}

export interface ControlPlaneQuestion {
  id: string
  query: string
  read(rows: readonly Series[], grid: ChartGrid): MetricSeries[]
}

export function controlPlaneQuestions(
  deployment: { namespace: string; name: string },
  rateSeconds: number,
  scope: readonly Matcher[] = [],
): ControlPlaneQuestion[] {
  const matchers = [...scope, is('namespace', deployment.namespace), matches('pod', podsOf(deployment.name))]
  const gauge = (metric: string, by: readonly string[] = []) => sumBy(by, selector(metric, matchers))
  const perSecond = (metric: string, by: readonly string[] = []) =>
    sumBy(by, rate(selector(metric, matchers), rateSeconds))
  // every replica watches all of the configuration and tells the same of it: a sum would tell it twice
  const most = (by: readonly string[], inner: string) =>
    `max by (${by.join(', ')}) (${sumBy([...by, 'pod'], inner)})`
  const one =
    (metric: MetricSeries['metric'], name: string, unit: MetricSeries['unit']) =>
    (rows: readonly Series[], grid: ChartGrid) =>
      sumSeries(metric, name, unit, rows, grid)
  const each =
    (metric: MetricSeries['metric'], labels: readonly string[], unit: MetricSeries['unit']) =>
    (rows: readonly Series[], grid: ChartGrid) =>
      rows.flatMap((row) => {
        const name = labels.map((label) => row.labels[label] ?? '').join(' ')
        return sumSeries(metric, name || 'all', unit, [row], grid)
      })
  return [
    { id: 'proxies', query: gauge('pilot_xds', ['version']), read: each('proxies', ['version'], 'count') },
    {
      id: 'pushes',
      query: perSecond('pilot_xds_pushes', ['type']),
      read: each('pushes', ['type'], 'events/s'),
    },
    {
      id: 'pushTime',
      query: perSecond('pilot_proxy_convergence_time_bucket', ['le']),
      read: (rows, grid) => quantileSeries('pushTime', 'ms', rows, grid, 1000),
    },
    {
      id: 'rejects',
      query: perSecond('pilot_total_xds_rejects', ['type']),
      read: each('rejects', ['type'], 'events/s'),
    },
    {
      id: 'configEvents',
      query: most(['type', 'event'], rate(selector('pilot_k8s_cfg_events', matchers), rateSeconds)),
      read: each('configEvents', ['type', 'event'], 'events/s'),
    },
    {
      id: 'inboundConflicts',
      query: most([], selector('pilot_conflict_inbound_listener', matchers)),
      read: one('conflicts', 'listeners in conflict', 'count'),
    },
    {
      id: 'noInstances',
      query: most([], selector('pilot_eds_no_instances', matchers)),
      read: one('conflicts', 'clusters without endpoints', 'count'),
    },
    {
      id: 'csr',
      query: perSecond('citadel_server_csr_count'),
      read: one('certificates', 'asked for', 'events/s'),
    },
    {
      id: 'issued',
      query: perSecond('citadel_server_success_cert_issuance_count'),
      read: one('certificates', 'issued', 'events/s'),
    },
    {
      id: 'cpu',
      query: perSecond('process_cpu_seconds_total', ['pod']),
      read: each('cpu', ['pod'], 'cores'),
    },
    {
      id: 'memory',
      query: gauge('process_resident_memory_bytes', ['pod']),
      read: each('memory', ['pod'], 'bytes'),
    },
    {
      id: 'goroutines',
      query: gauge('go_goroutines', ['pod']),
      read: each('goroutines', ['pod'], 'count'),
    },
  ]
}

/**
 * Seconds until the workload certificate of each pod of a namespace ends, by `pod`; negative: it has ended. Its agent
 * measures it, beside the proxy's own metrics (port 15020).
 */
export function certificateQuery(namespace: string, scope: readonly Matcher[] = []): string {
  return `min by (pod) (${selector('istio_agent_cert_expiry_seconds', [
    ...scope,
    is('namespace', namespace),
    is('resource_name', 'default'),
  ])})`
}
