import { CheckBody } from '@/lib/api/schemas/config/editing'
import { NoQuery } from '@/lib/api/schemas/requests'
import { parseBody, readDocument } from '@/lib/server/changes/body'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { checkText } from '@/lib/server/use-cases/checks/check-text'

export function POST(request: Request) {
  return answer(request, NoQuery, async () =>
    checkText(upstreams(), parseBody(CheckBody, await readDocument(request)), request.signal),
  )
}
