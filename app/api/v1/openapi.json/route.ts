import { openapi } from '@/lib/api/openapi'
import { NoQuery } from '@/lib/api/schemas/requests'
import { answer } from '@/lib/server/respond'
import { version } from '@/lib/server/version'

const description = openapi(version)

export function GET(request: Request) {
  return answer(request, NoQuery, () => description)
}
