import { OverheadQuery } from '@/lib/api/schemas/mesh/details'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getOverhead } from '@/lib/server/use-cases/details/get-overhead'

export function GET(request: Request) {
  return answer(request, OverheadQuery, (query) => getOverhead(upstreams(), query, request.signal))
}
