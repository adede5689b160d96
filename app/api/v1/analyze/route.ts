import { NoQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { analyzeRequest } from '@/lib/server/use-cases/checks/analyze'

export function POST(request: Request) {
  return answer(request, NoQuery, () => analyzeRequest(upstreams(), request))
}
