import { ChangeBody } from '@/lib/api/schemas/config/changes'
import { NoQuery } from '@/lib/api/schemas/requests'
import { parseBody, readDocument } from '@/lib/server/changes/body'
import { previewChanges } from '@/lib/server/changes/preview'
import { answer } from '@/lib/server/respond'
import { requireSameOrigin } from '@/lib/server/same-origin'
import { upstreams } from '@/lib/server/upstreams'

export function POST(request: Request) {
  return answer(request, NoQuery, async () => {
    requireSameOrigin(request)
    const body = parseBody(ChangeBody, await readDocument(request))
    return previewChanges(upstreams(), body, request.signal)
  })
}
