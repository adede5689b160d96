import { EdgeMetricsQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getEdgeMetrics } from '@/lib/server/use-cases/charts/get-metrics'

export function GET(request: Request) {
  return answer(request, EdgeMetricsQuery, (query) => getEdgeMetrics(upstreams(), query, request.signal))
}
