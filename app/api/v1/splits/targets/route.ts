import { SplitTargetsQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getSplitTargets } from '@/lib/server/splits/get-split-targets'

export function GET(request: Request) {
  return answer(request, SplitTargetsQuery, (query) => getSplitTargets(upstreams(), query))
}
