import { ProxyStatsQuery } from '@/lib/api/schemas/telemetry/proxy'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getProxyStats } from '@/lib/server/use-cases/proxy/get-proxy'

export function GET(request: Request) {
  return answer(request, ProxyStatsQuery, (query) => getProxyStats(upstreams(), query, request.signal))
}
