import { ConfigPath, ConfigQuery, ConfigWriteQuery } from '@/lib/api/schemas/config/changes'
import { getConfig, writeConfig } from '@/lib/server/changes/objects'
import { parsePath } from '@/lib/server/parse'
import { answer } from '@/lib/server/respond'
import { requireSameOrigin } from '@/lib/server/same-origin'
import { upstreams } from '@/lib/server/upstreams'

interface Context {
  params: Promise<{ group: string; version: string; resource: string; namespace: string; name: string }>
}

export function GET(request: Request, { params }: Context) {
  return answer(request, ConfigQuery, async (query) =>
    getConfig(upstreams(), parsePath(ConfigPath, await params), query, request.signal),
  )
}

const write =
  (op: 'create' | 'update' | 'delete') =>
  (request: Request, { params }: Context) =>
    answer(request, ConfigWriteQuery, async (query) => {
      requireSameOrigin(request)
      return writeConfig(upstreams(), op, parsePath(ConfigPath, await params), query, request)
    })

export const PUT = write('update')
export const POST = write('create')
export const DELETE = write('delete')
