import { upstreams } from '@/lib/server/upstreams'

export const dynamic = 'force-dynamic'

export async function GET() {
  const { registry } = upstreams().metrics
  return new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } })
}
