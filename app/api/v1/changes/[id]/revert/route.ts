import { ChangePath, RevertBody } from '@/lib/api/schemas/config/changes'
import { NoQuery } from '@/lib/api/schemas/requests'
import { parseBody, readDocument } from '@/lib/server/changes/body'
import { revertChange } from '@/lib/server/changes/history'
import { parsePath } from '@/lib/server/parse'
import { answer } from '@/lib/server/respond'
import { requireSameOrigin } from '@/lib/server/same-origin'
import { upstreams } from '@/lib/server/upstreams'

interface Context {
  params: Promise<{ id: string }>
}

export function POST(request: Request, { params }: Context) {
  return answer(request, NoQuery, async () => {
    requireSameOrigin(request)
    const { id } = parsePath(ChangePath, await params)
    const body = parseBody(RevertBody, await readDocument(request))
    return revertChange(upstreams(), id, body, request.signal)
  })
}
