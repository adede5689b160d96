import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { findRoute } from '@/lib/api/routes'
import type { ApiError } from '@/lib/api/schemas/common'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { isRefusal, Refusal, sentence, upstreamCode, type RefusalKind } from './errors'
import { errorFacts } from './log'
import { parseSearch } from './parse'
import { accessOf } from './session/access'
import { narrowed } from './session/narrow'
import { sessionOf, unauthenticated } from './session/authenticate'
import { runAs, type Session } from './session/current'
import { upstreams } from './upstreams'

const STATUS: Record<RefusalKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  unavailable: 503,
  'too-large': 413,
  unsupported: 415,
}

export interface AnswerOptions {
  /** true: for those who have not signed in yet as well */
  isPublic?: boolean
}

interface Rendered {
  json: Buffer
  etag: string
}

/** Bytes of answers that are given more than once: a view of a snapshot is one object for all who ask. */
const rendered = new WeakMap<object, Rendered>()

/**
 * Answers a request: parameters parsed strictly, one use case called, its result as JSON with an ETag, or its error as the one shape errors have. Times, counts and logs it. A use case may also answer with a
 * Response of its own (a stream).
 */
export async function answer<T extends z.ZodType>(
  request: Request,
  schema: T,
  run: (query: z.output<T>) => object | Promise<object>,
  { isPublic = false }: AnswerOptions = {},
): Promise<Response> {
  const startedAt = performance.now()
  const requestId = requestIdOf(request)
  const url = new URL(request.url)
  let response: Response
  let failure: unknown
  try {
    const result = await asUser(request, isPublic, async (session) => {
      const query = parseSearch(schema, url.searchParams)
      return run(session ? await narrowed(upstreams(), session, url.pathname, query) : query)
    })
    response = result instanceof Response ? await asAsked(request, result) : await success(request, result)
  } catch (error) {
    failure = error
    response = refuse(error, requestId, request.signal)
  }
  response.headers.set('x-request-id', requestId)
  record(request, url.pathname, response.status, requestId, startedAt, failure)
  return response
}

/**
 * Runs a request with the rights of its user, where people sign in. Throws Refusal('unauthenticated') when nobody
 * did, or when the API server does not accept the user any more.
 */
async function asUser<T>(
  request: Request,
  isPublic: boolean,
  run: (session: Session | undefined) => Promise<T>,
): Promise<T> {
  const up = upstreams()
  const session = isPublic ? undefined : sessionOf(up, request)
  if (!session) return run(undefined)
  try {
    const { namespaces, whole } = await accessOf(up, session)
    const sight = whole ? { wholeClusters: [...whole] } : { isRestricted: namespaces !== null }
    return await runAs({ ...session, ...sight }, () => run(session))
  } catch (error) {
    if (isUpstreamError(error) && error.upstream === 'kubernetes' && error.status === 401) {
      throw unauthenticated(
        'The Kubernetes API does not accept your token any more; sign in again.',
        'token-refused',
      )
    }
    if (isUpstreamError(error) && error.upstream === 'kubernetes' && error.status === 403) {
      throw new Refusal('forbidden', sentence(error.message))
    }
    throw error
  }
}

/** A use case's errors as an answer; what nobody foresaw keeps its words in the log. */
function refuse(error: unknown, requestId: string, signal: AbortSignal): Response {
  // nobody reads this; the status is what the log shows
  if (signal.aborted && !isRefusal(error)) return new Response(null, { status: 499 })
  if (isRefusal(error)) {
    return errorResponse(
      STATUS[error.kind] ?? 500,
      {
        code: error.code,
        message: error.message,
        requestId,
        ...(error.parameter === undefined ? {} : { parameter: error.parameter }),
      },
      error.details,
    )
  }
  if (isUpstreamError(error)) {
    const status = error.kind === 'timeout' ? 504 : error.kind === 'network' ? 503 : 502
    return errorResponse(status, {
      code: upstreamCode(error),
      message: sentence(error.message),
      requestId,
      upstream: error.upstream,
    })
  }
  return errorResponse(500, {
    code: 'internal',
    message: `Something went wrong in Heddle itself; its log says what, under request ${requestId}.`,
    requestId,
  })
}

function errorResponse(
  status: number,
  error: ApiError['error'],
  details: Readonly<Record<string, unknown>> = {},
): Response {
  const headers = new Headers({ 'cache-control': 'no-store' })
  if (status === 503 || status === 504) headers.set('retry-after', '5')
  return Response.json({ ...details, error } satisfies ApiError, { status, headers })
}

async function success(request: Request, result: object): Promise<Response> {
  let bytes = rendered.get(result)
  if (!bytes) {
    const json = Buffer.from(JSON.stringify(result))
    bytes = { json, etag: `"${createHash('sha1').update(json).digest('base64url')}"` }
    rendered.set(result, bytes)
  }
  const headers = new Headers({
    'content-type': 'application/json; charset=utf-8',
    // asked again each time, and answered with 304 while nothing changed
    'cache-control': 'private, no-cache',
    vary: 'accept-encoding',
    // a compressed body is another representation, a weak tag covers both
    etag: `W/${bytes.etag}`,
  })
  if (matchesTag(request.headers.get('if-none-match'), bytes.etag)) {
    return new Response(null, { status: 304, headers })
  }
  // Next compresses it on the way out, and drops a content-encoding of ours: gzipped here it would be so twice
  return new Response(asOneChunk(bytes.json), { headers })
}

/** To HEAD the headers alone: nobody would read the stream to its end, or notice that its reader has left. */
async function asAsked(request: Request, response: Response): Promise<Response> {
  if (request.method !== 'HEAD') return response
  await response.body?.cancel()
  return new Response(null, response)
}

/** A body of bytes would be copied before it is sent, and the graph of a large mesh is megabytes. */
function asOneChunk(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
}

function matchesTag(header: string | null, etag: string): boolean {
  if (header === null) return false
  return header.split(',').some((one) => ['*', etag].includes(one.trim().replace(/^W\//, '')))
}

/** The id a proxy in front gave the request, when it is one; ids end up in logs. */
function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id')
  return given !== null && /^[A-Za-z0-9._-]{8,128}$/.test(given) ? given : randomUUID()
}

function record(
  request: Request,
  pathname: string,
  status: number,
  requestId: string,
  startedAt: number,
  failure: unknown,
): void {
  const { log, metrics } = upstreams()
  const seconds = (performance.now() - startedAt) / 1000
  const route = findRoute(pathname)?.path ?? 'unknown'
  metrics.httpRequests.observe({ route, method: request.method, status: String(status) }, seconds)
  const facts = { requestId, method: request.method, route, status, durationMs: Math.round(seconds * 1000) }
  if (status === 500) log.write('error', 'request failed', { ...facts, ...errorFacts(failure) })
  else if (isUpstreamError(failure)) log.write('warn', 'request', { ...facts, error: failure.message })
  else log.write('info', 'request', facts)
}
