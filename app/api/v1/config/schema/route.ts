import { SchemaQuery } from '@/lib/api/schemas/config/editing'
import { answer } from '@/lib/server/respond'
import { upstreams } from '@/lib/server/upstreams'
import { getConfigSchema } from '@/lib/server/use-cases/checks/get-config-schema'

export function GET(request: Request) {
  return answer(request, SchemaQuery, (query) => getConfigSchema(upstreams(), query))
}
