import { FindingsQuery } from '@/lib/api/schemas/config/analyze'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getFindings } from '@/lib/server/use-cases/checks/get-findings'

export function GET(request: Request) {
  return answer(request, FindingsQuery, (query) => getFindings(upstreams(), query))
}
