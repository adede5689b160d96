import { NodeQuery } from '@/lib/api/schemas/mesh/details'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getEffectiveRouting } from '@/lib/server/use-cases/details/get-effective-routing'

export function GET(request: Request) {
  return answer(request, NodeQuery, (query) => getEffectiveRouting(upstreams(), query))
}
