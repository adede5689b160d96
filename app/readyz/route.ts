import { upstreams } from '@/lib/server/upstreams'
import { getReadiness } from '@/lib/server/use-cases/get-readiness'

export const dynamic = 'force-dynamic'

export async function GET() {
  const readiness = await getReadiness(upstreams())
  return Response.json(readiness, { status: readiness.ready ? 200 : 503 })
}
