import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getOverview } from '@/lib/server/use-cases/overview/get-overview'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => getOverview(upstreams(), query))
}
