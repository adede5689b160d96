import { NamespaceMetricsQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getNamespaceMetrics } from '@/lib/server/use-cases/charts/get-metrics'

export function GET(request: Request) {
  return answer(request, NamespaceMetricsQuery, (query) =>
    getNamespaceMetrics(upstreams(), query, request.signal),
  )
}
