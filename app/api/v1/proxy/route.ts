import { ProxyQuery } from '@/lib/api/schemas/telemetry/proxy'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getProxy } from '@/lib/server/use-cases/proxy/get-proxy'

export function GET(request: Request) {
  return answer(request, ProxyQuery, (query) => getProxy(upstreams(), query, request.signal))
}
