import { z } from 'zod'
import { notFound } from '@/lib/server/errors'
import { answer } from '@/lib/server/respond'

function missing(request: Request) {
  return answer(request, z.unknown(), () => {
    throw notFound('There is no such address; GET /api/v1/openapi.json lists all.', 'unknown-route')
  })
}

export { missing as DELETE, missing as GET, missing as PATCH, missing as POST, missing as PUT }
