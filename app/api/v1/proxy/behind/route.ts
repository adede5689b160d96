import { NoQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getProxiesBehind } from '@/lib/server/use-cases/proxy/get-behind'

export function GET(request: Request) {
  return answer(request, NoQuery, () => getProxiesBehind(upstreams(), request.signal))
}
