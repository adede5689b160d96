import { SplitWatchQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { watchSplit } from '@/lib/server/splits/watch-split'

export function GET(request: Request) {
  return answer(request, SplitWatchQuery, (query) => watchSplit(upstreams(), query, request.signal))
}
