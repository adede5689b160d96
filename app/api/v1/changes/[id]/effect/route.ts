import { ChangeEffectQuery, ChangePath } from '@/lib/api/schemas/config/changes'
import { getChangeEffect } from '@/lib/server/changes/effect'
import { parsePath } from '@/lib/server/parse'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'

interface Context {
  params: Promise<{ id: string }>
}

export function GET(request: Request, { params }: Context) {
  return answer(request, ChangeEffectQuery, async (query) => {
    const { id } = parsePath(ChangePath, await params)
    return getChangeEffect(upstreams(), id, query, request.signal)
  })
}
