import { AlertSeriesQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getAlertSeries } from '@/lib/server/use-cases/alerts/get-alert-series'

export function GET(request: Request) {
  return answer(request, AlertSeriesQuery, (query) => getAlertSeries(upstreams(), query))
}
