import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getIncidents } from '@/lib/server/use-cases/overview/get-incidents'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => getIncidents(upstreams(), query))
}
