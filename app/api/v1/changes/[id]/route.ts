import { ChangePath } from '@/lib/api/schemas/config/changes'
import { NoQuery } from '@/lib/api/schemas/requests'
import { getChange } from '@/lib/server/changes/history'
import { parsePath } from '@/lib/server/parse'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'

interface Context {
  params: Promise<{ id: string }>
}

export function GET(request: Request, { params }: Context) {
  return answer(request, NoQuery, async () =>
    getChange(upstreams(), parsePath(ChangePath, await params).id, request.signal),
  )
}
