import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getSplits } from '@/lib/server/use-cases/get-splits'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => getSplits(upstreams(), query))
}
