import { ProxyListQuery } from '@/lib/api/schemas/telemetry/proxy'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { listProxies } from '@/lib/server/use-cases/proxy/list-proxies'

export function GET(request: Request) {
  return answer(request, ProxyListQuery, (query) => listProxies(upstreams(), query, request.signal))
}
