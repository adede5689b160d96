import { ConfigPath, ConfigQuery } from '@/lib/api/schemas/config/changes'
import { parsePath } from '@/lib/server/parse'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getObjectContext } from '@/lib/server/use-cases/checks/get-object-context'

interface Context {
  params: Promise<{ group: string; version: string; resource: string; namespace: string; name: string }>
}

export function GET(request: Request, { params }: Context) {
  return answer(request, ConfigQuery, async (query) =>
    getObjectContext(upstreams(), parsePath(ConfigPath, await params), query, request.signal),
  )
}
