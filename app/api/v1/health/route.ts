import { HealthQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getHealth } from '@/lib/server/use-cases/get-health'

export function GET(request: Request) {
  return answer(request, HealthQuery, (query) => getHealth(upstreams(), query))
}
