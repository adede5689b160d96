import { NoQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getStatus } from '@/lib/server/use-cases/get-status'

export function GET(request: Request) {
  return answer(request, NoQuery, () => getStatus(upstreams()))
}
