import type { Upstream } from '@/lib/api/schemas/common'

export const UPSTREAM_NAMES: Record<Upstream, string> = {
  prometheus: 'Prometheus',
  kubernetes: 'Kubernetes',
  jaeger: 'Jaeger',
  tempo: 'Tempo',
  alertmanager: 'Alertmanager',
}
