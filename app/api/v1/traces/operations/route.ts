import { OperationsQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { listOperations } from '@/lib/server/use-cases/find-traces'

export function GET(request: Request) {
  return answer(request, OperationsQuery, (query) => listOperations(upstreams(), query, request.signal))
}
