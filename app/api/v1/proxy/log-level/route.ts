import { ProxyLevelBody } from '@/lib/api/schemas/telemetry/proxy'
import { NoQuery } from '@/lib/api/schemas/requests'
import { readJson } from '@/lib/server/read-json'
import { answer } from '@/lib/server/respond'
import { requireSameOrigin } from '@/lib/server/same-origin'
import { upstreams } from '@/lib/server/upstreams'
import { setProxyLevel } from '@/lib/server/use-cases/proxy/get-proxy'

export function POST(request: Request) {
  return answer(request, NoQuery, async () => {
    requireSameOrigin(request)
    return setProxyLevel(upstreams(), await readJson(request, ProxyLevelBody), request.signal)
  })
}
