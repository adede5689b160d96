import { SplitTargetsQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { getServiceRouting } from '@/lib/server/splits/get-service-routing'
import { upstreams } from '@/lib/server/upstreams'

export function GET(request: Request) {
  return answer(request, SplitTargetsQuery, (query) => getServiceRouting(upstreams(), query))
}
