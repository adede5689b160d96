import { TraceQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { findTraces } from '@/lib/server/use-cases/find-traces'

export function GET(request: Request) {
  return answer(request, TraceQuery, (query) => findTraces(upstreams(), query, request.signal))
}
