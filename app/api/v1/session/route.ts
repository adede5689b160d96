import { NoQuery } from '@/lib/api/schemas/requests'
import { SignInBody } from '@/lib/api/schemas/session'
import { parseBody, readDocument } from '@/lib/server/changes/body'
import { answer } from '@/lib/server/respond'
import { requireSameOrigin } from '@/lib/server/same-origin'
import { describeSession, endedCookie, signIn } from '@/lib/server/session/authenticate'
import { upstreams } from '@/lib/server/upstreams'

export function GET(request: Request) {
  return answer(request, NoQuery, () => describeSession(upstreams(), request), { isPublic: true })
}

/** Signs in. */
export function POST(request: Request) {
  return answer(
    request,
    NoQuery,
    async () => {
      requireSameOrigin(request)
      const { token } = parseBody(SignInBody, await readDocument(request))
      const { session, cookie } = await signIn(upstreams(), token, request)
      return Response.json(session, { headers: { 'set-cookie': cookie, 'cache-control': 'no-store' } })
    },
    { isPublic: true },
  )
}

/** Signs out. */
export function DELETE(request: Request) {
  return answer(
    request,
    NoQuery,
    () => {
      requireSameOrigin(request)
      const { mode } = upstreams().config.auth
      return Response.json(
        { mode, user: null, expiresAt: null },
        { headers: { 'set-cookie': endedCookie(request), 'cache-control': 'no-store' } },
      )
    },
    { isPublic: true },
  )
}
