import { NoQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { listScenarios } from '@/lib/server/use-cases/scenarios'

export function GET(request: Request) {
  return answer(request, NoQuery, () => listScenarios(upstreams(), request.signal))
}
