import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getMtls } from '@/lib/server/use-cases/mtls/get-mtls'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => getMtls(upstreams(), query))
}
