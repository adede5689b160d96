import { NoQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { preflightMtls } from '@/lib/server/use-cases/mtls/preflight-mtls'

export function POST(request: Request) {
  return answer(request, NoQuery, () => preflightMtls(upstreams(), request, request.signal))
}
