import { SearchQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { searchMesh } from '@/lib/server/use-cases/lists/search-mesh'

export function GET(request: Request) {
  return answer(request, SearchQuery, (query) => searchMesh(upstreams(), query))
}
