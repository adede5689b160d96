import { EventsQuery } from '@/lib/api/schemas/mesh/details'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getRollouts } from '@/lib/server/use-cases/details/get-rollouts'

export function GET(request: Request) {
  return answer(request, EventsQuery, (query) => getRollouts(upstreams(), query))
}
