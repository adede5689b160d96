import { LogsQuery } from '@/lib/api/schemas/telemetry/logs'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getLogs } from '@/lib/server/use-cases/logs/get-logs'

export function GET(request: Request) {
  return answer(request, LogsQuery, (query) => getLogs(upstreams(), query, request.signal))
}
