import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getSlos } from '@/lib/server/use-cases/alerts/get-slos'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => getSlos(upstreams(), query))
}
