import { GraphQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { openGraphStream } from '@/lib/server/use-cases/graph/open-graph-stream'

export function GET(request: Request) {
  const lastId = request.headers.get('last-event-id')
  return answer(request, GraphQuery, (query) =>
    openGraphStream(upstreams(), query, { lastId, signal: request.signal }),
  )
}
