import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { listItems } from '@/lib/server/use-cases/lists/list-items'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => listItems(upstreams(), 'apps', query))
}
