import { ControlPlaneMetricsQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getControlPlaneMetrics } from '@/lib/server/use-cases/charts/get-control-plane-metrics'

export function GET(request: Request) {
  return answer(request, ControlPlaneMetricsQuery, (query) =>
    getControlPlaneMetrics(upstreams(), query, request.signal),
  )
}
