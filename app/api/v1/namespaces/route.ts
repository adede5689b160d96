import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { listNamespaces } from '@/lib/server/use-cases/lists/list-namespaces'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => listNamespaces(upstreams(), query))
}
