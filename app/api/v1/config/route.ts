import { ConfigListQuery } from '@/lib/api/schemas/config/changes'
import { listConfig } from '@/lib/server/changes/objects'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'

export function GET(request: Request) {
  return answer(request, ConfigListQuery, (query) => listConfig(upstreams(), query))
}
