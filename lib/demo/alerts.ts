/** Alerts that the embedded Prometheus watches, as an operator of such a mesh would have set them up. */
import type { RuleGroupSpec } from './prometheus/rules'

export const ALERT_GROUPS: readonly RuleGroupSpec[] = [
  {
    name: 'mesh',
    interval: '60s',
    rules: [
      {
        alert: 'MeshServiceErrors',
        expr: 'sum by (destination_service_namespace, destination_service_name) ( rate(istio_requests_total{reporter=~"source|waypoint", response_code=~"5..|0"}[5m]) ) / sum by (destination_service_namespace, destination_service_name) ( rate(istio_requests_total{reporter=~"source|waypoint"}[5m]) ) > 0.05',
        for: '2m',
        labels: { severity: 'critical' },
        annotations: {
          summary:
            '{{ $labels.destination_service_name }} fails {{ $value | humanizePercentage }} of its requests',
        },
      },
      {
        alert: 'MeshTrafficBlocked',
        expr: 'sum by (source_workload_namespace, source_workload) ( rate(istio_requests_total{destination_service_name="BlackHoleCluster"}[5m]) ) > 0',
        for: '1m',
        labels: { severity: 'warning' },
        annotations: {
          summary: '{{ $labels.source_workload }} asks for hosts outside that are not registered',
        },
      },
    ],
  },
]
