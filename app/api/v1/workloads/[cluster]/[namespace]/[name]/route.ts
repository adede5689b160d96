import { ItemPath, ItemQuery } from '@/lib/api/schemas/requests'
import { parsePath } from '@/lib/server/parse'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getItem } from '@/lib/server/use-cases/lists/get-item'

interface Context {
  params: Promise<{ cluster: string; namespace: string; name: string }>
}

export function GET(request: Request, { params }: Context) {
  return answer(request, ItemQuery, async (query) =>
    getItem(upstreams(), 'workloads', parsePath(ItemPath, await params), query),
  )
}
