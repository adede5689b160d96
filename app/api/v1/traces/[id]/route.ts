import { TraceDetailQuery, TracePath } from '@/lib/api/schemas/requests'
import { parsePath } from '@/lib/server/parse'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getTrace } from '@/lib/server/use-cases/find-traces'

interface Context {
  params: Promise<{ id: string }>
}

export function GET(request: Request, { params }: Context) {
  return answer(request, TraceDetailQuery, async (query) =>
    getTrace(upstreams(), parsePath(TracePath, await params).id, query, request.signal),
  )
}
