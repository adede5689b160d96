import { ChangeBody } from '@/lib/api/schemas/config/changes'
import { NoQuery } from '@/lib/api/schemas/requests'
import { applyChanges, requireWritable } from '@/lib/server/changes/apply'
import { parseBody, readDocument } from '@/lib/server/changes/body'
import { answer } from '@/lib/server/respond'
import { requireSameOrigin } from '@/lib/server/same-origin'
import { upstreams } from '@/lib/server/upstreams'

export function POST(request: Request) {
  return answer(request, NoQuery, async () => {
    requireSameOrigin(request)
    requireWritable(upstreams())
    const body = parseBody(ChangeBody, await readDocument(request))
    return applyChanges(upstreams(), body, { signal: request.signal })
  })
}
