import { GraphQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getGraph } from '@/lib/server/use-cases/graph/get-graph'

export function GET(request: Request) {
  return answer(request, GraphQuery, (query) => getGraph(upstreams(), query))
}
