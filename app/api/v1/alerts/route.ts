import { ScopeQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getAlerts } from '@/lib/server/use-cases/alerts/get-alerts'

export function GET(request: Request) {
  return answer(request, ScopeQuery, (query) => getAlerts(upstreams(), query))
}
