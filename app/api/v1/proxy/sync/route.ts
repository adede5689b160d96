import { ProxySyncQuery } from '@/lib/api/schemas/telemetry/proxy'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getPodSync } from '@/lib/server/use-cases/proxy/get-sync'

export function GET(request: Request) {
  return answer(request, ProxySyncQuery, (query) => getPodSync(upstreams(), query, request.signal))
}
