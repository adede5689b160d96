import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getMtlsNamespaces } from '@/lib/server/use-cases/mtls/get-mtls'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => getMtlsNamespaces(upstreams(), query))
}
