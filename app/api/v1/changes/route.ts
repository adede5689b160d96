import { ChangesQuery } from '@/lib/api/schemas/config/changes'
import { listChanges } from '@/lib/server/changes/history'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'

export function GET(request: Request) {
  return answer(request, ChangesQuery, (query) => listChanges(upstreams(), query, request.signal))
}
