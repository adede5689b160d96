import 'server-only'
import { z } from 'zod'
import type { SessionAnswer } from '@/lib/api/schemas/session'
import { findUserName } from '@/lib/kubernetes/patch'
import { mayListPods } from '@/lib/kubernetes/access'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { clusterNamed } from '../changes/targets'
import { Refusal } from '../errors'
import type { Upstreams } from '../upstreams'
import type { Session } from './current'

export const SESSION_COOKIE = 'heddle_session'
/** a browser drops cookies beyond 4,096 bytes without a word; sealing adds a third */
const MOST_TOKEN_CHARS = 2_700

const Sealed = z.object({ token: z.string(), user: z.string().nullable(), expiresAt: z.number() })

/**
 * The user of a request; undefined in anonymous mode, where everyone acts with Heddle's rights.
 * Throws Refusal('unauthenticated') where somebody must sign in first.
 */
export function sessionOf(up: Upstreams, request: Pick<Request, 'headers'>): Session | undefined {
  const { auth } = up.config
  if (auth.mode === 'anonymous') return undefined
  if (auth.mode === 'header') {
    const user = request.headers.get(auth.userHeader)?.trim()
    if (!user) {
      throw unauthenticated(
        `The proxy in front of Heddle sent no user (header ${auth.userHeader}).`,
        'no-user-header',
      )
    }
    const groups = (request.headers.get(auth.groupsHeader) ?? '').split(',').map((group) => group.trim())
    const credentials = { user, groups: groups.filter((group) => group !== '') }
    return { user, credentials, expiresAt: null }
  }
  const cookie = cookieOf(request.headers.get('cookie'))
  if (cookie === undefined) throw unauthenticated('Sign in first.', 'signed-out')
  const session = readCookie(up, cookie)
  if (!session) throw unauthenticated('The session has ended; sign in again.', 'session-expired')
  return session
}

function readCookie(up: Upstreams, cookie: string): Session | undefined {
  const text = up.sealer.open(cookie)
  if (text === undefined) return undefined
  const { token, user, expiresAt } = Sealed.parse(JSON.parse(text))
  return expiresAt > up.clock.now() ? { user, credentials: { token }, expiresAt } : undefined
}

/**
 * Checks a bearer token against the home cluster and answers the cookie that carries it, encrypted.
 * Throws Refusal when it is not accepted, UpstreamError when the API server does not answer.
 */
export async function signIn(
  up: Upstreams,
  token: string,
  request: Request,
): Promise<{ session: SessionAnswer; cookie: string }> {
  if (up.config.auth.mode !== 'token') {
    throw new Refusal('invalid', 'Nobody signs in here with a token.', { code: 'sign-in-not-offered' })
  }
  if (token.length > MOST_TOKEN_CHARS) {
    throw new Refusal(
      'invalid',
      `The token is longer than ${MOST_TOKEN_CHARS} characters, more than a cookie can carry.`,
      { code: 'token-too-long', parameter: 'token' },
    )
  }
  const client = clusterNamed(up).client.as({ token })
  let user: string | null
  try {
    user = await findUserName(client, request.signal)
    // where the API server does not tell names, a question only users may ask shows that it knows one
    if (user === null) await mayListPods(client, undefined, request.signal)
  } catch (error) {
    if (!isUpstreamError(error) || (error.status !== 401 && error.status !== 403)) throw error
    throw unauthenticated('The Kubernetes API does not accept this token.', 'token-refused')
  }
  const now = up.clock.now()
  const expiresAt = Math.min(now + up.config.auth.sessionMs, expiryOf(token) ?? Infinity)
  if (expiresAt <= now) throw unauthenticated('This token has expired.', 'token-refused')
  const value = up.sealer.seal(JSON.stringify({ token, user, expiresAt }))
  const seconds = Math.floor((expiresAt - now) / 1000)
  return {
    session: { mode: 'token', user, expiresAt },
    cookie: cookieText(value, seconds, request),
  }
}

/** The cookie that ends a session. */
export function endedCookie(request: Request): string {
  return cookieText('', 0, request)
}

/** Who is signed in, and how one does; asks for nothing. */
export function describeSession(up: Upstreams, request: Pick<Request, 'headers'>): SessionAnswer {
  const { mode } = up.config.auth
  try {
    const session = sessionOf(up, request)
    return { mode, user: session?.user ?? null, expiresAt: session?.expiresAt ?? null }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { mode, user: null, expiresAt: null, problem: error.code }
  }
}

export function unauthenticated(message: string, code: string): Refusal {
  return new Refusal('unauthenticated', message, { code })
}

function cookieText(value: string, seconds: number, request: Request): string {
  const proto = request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim()
  const isSecure = (proto ?? new URL(request.url).protocol.replace(':', '')) === 'https'
  return `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`
}

function cookieOf(header: string | null): string | undefined {
  for (const part of (header ?? '').split(';')) {
    const [name, value] = part.trim().split('=')
    if (name === SESSION_COOKIE && value) return value
  }
  return undefined
}

const Claims = z.object({ exp: z.number() })

/** When a service account's token ends, epoch milliseconds; undefined for tokens that do not say. */
function expiryOf(token: string): number | undefined {
  try {
    const body: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const claims = Claims.safeParse(body)
    return claims.success ? claims.data.exp * 1000 : undefined
  } catch {
    return undefined
  }
}
