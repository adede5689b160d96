import { EventsQuery } from '@/lib/api/schemas/mesh/details'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getEvents } from '@/lib/server/use-cases/details/get-events'

export function GET(request: Request) {
  return answer(request, EventsQuery, (query) => getEvents(upstreams(), query))
}
