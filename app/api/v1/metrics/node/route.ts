import { NodeMetricsQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getNodeMetrics } from '@/lib/server/use-cases/charts/get-metrics'

export function GET(request: Request) {
  return answer(request, NodeMetricsQuery, (query) => getNodeMetrics(upstreams(), query, request.signal))
}
