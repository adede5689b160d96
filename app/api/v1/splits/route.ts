import { SplitsQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getSplits } from '@/lib/server/splits/get-splits'

export function GET(request: Request) {
  return answer(request, SplitsQuery, (query) => getSplits(upstreams(), query))
}
