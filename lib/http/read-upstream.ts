import 'server-only'
import { Agent, request as send } from 'undici'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import type { UpstreamErrorKind, UpstreamName } from '@/lib/mesh/upstream-error'
import { readAnswerBody, TooLarge, type Scanner } from './answer-body'
import { backoffMs, delay as realDelay } from './backoff'
import { createLimiter } from './limiter'
import type { Limiter } from './limiter'
import { parseJson } from './parse-json'
import { statusSentence } from './status-sentence'
import { tlsSentence } from './tls-sentence'

export interface UpstreamOptions {
  upstream: UpstreamName
  /** address with optional base path (`https://host/prometheus`), user and password, and fixed query */
  url: string
  /** sent with every request: bearer, basic, tenant */
  headers?: Record<string, string>
  /** for one try, from connecting to the last byte; default 30 s */
  timeoutMs?: number
  /** tries per question, the first included; default 3 */
  attempts?: number
  /** questions under way at once; default 8 */
  concurrency?: number
  /** largest answer after decompression; default 256 MiB */
  maxBytes?: number
  /** called once per question, also for failed and abandoned ones: own metrics hang here */
  onDone?: (outcome: ReadOutcome) => void
  delay?: (ms: number, signal?: AbortSignal) => Promise<void>
  random?: () => number
}

/** What a client is told of the upstream it is for; the rest it knows itself. */
export type UpstreamConnection = Pick<UpstreamOptions, 'url' | 'headers' | 'timeoutMs' | 'onDone' | 'delay'>

export interface ReadOutcome {
  upstream: UpstreamName
  outcome: 'ok' | 'aborted' | UpstreamErrorKind
  durationMs: number
  attempts: number
  sizeBytes: number
}

/** One upstream with its places and connections; make one per configured address and `close` it at the end. */
export interface UpstreamTarget {
  readonly options: Required<UpstreamOptions>
  readonly base: URL
  readonly limiter: Limiter
  readonly agent: Agent
  close(): Promise<void>
}

export interface ReadRequest {
  /** below the base path, with a leading slash; already percent-encoded */
  path: string
  /** sent as query of a GET or as form of a POST; lists become repeated parameters, undefined is left out */
  params?: Record<string, string | number | boolean | readonly string[] | undefined>
  method?: 'GET' | 'POST'
  signal?: AbortSignal
  timeoutMs?: number
  /** many wait for it: does not wait behind all that others have asked */
  goesBefore?: boolean
  /** false reads the body as text and does not mind web pages; default true */
  json?: boolean
  /** makes what reads an answer quicker than JSON.parse can; where it cannot, JSON.parse does */
  scan?: () => Scanner<unknown>
  /**
   * Reads an error out of an answer with a failing status: what the upstream says is wrong, and whether it
   * refuses the question (`query`). `body` is parsed JSON, or text where it is none.
   */
  explain?: (status: number, body: unknown) => { kind?: 'http' | 'query'; message: string } | undefined
}

export interface ReadAnswer {
  /** parsed JSON, or the text when `json` is false */
  body: unknown
  status: number
  headers: { get(name: string): string | null }
  sizeBytes: number
}

/** Throws TypeError when the address is not an http(s) one. */
export function createUpstreamTarget(options: UpstreamOptions): UpstreamTarget {
  const base = new URL(options.url)
  if (base.protocol !== 'http:' && base.protocol !== 'https:') {
    throw new TypeError(`not an http or https address: ${base.protocol}//…`)
  }
  const headers: Record<string, string> = {
    accept: 'application/json',
    // traffic between zones is paid for, and rows of one answer are alike: a twentieth is left of them
    'accept-encoding': 'gzip',
    'user-agent': 'heddle',
  }
  if (base.username !== '' || base.password !== '') {
    const pair = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`
    base.username = ''
    base.password = ''
  }
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value
  base.hash = ''
  const full: Required<UpstreamOptions> = {
    upstream: options.upstream,
    url: options.url,
    headers,
    timeoutMs: options.timeoutMs ?? 30_000,
    attempts: options.attempts ?? 3,
    concurrency: options.concurrency ?? 8,
    maxBytes: options.maxBytes ?? 256 * 1024 * 1024,
    onDone: options.onDone ?? (() => {}),
    delay: options.delay ?? realDelay,
    random: options.random ?? Math.random,
  }
  // our own deadline covers headers and body; a connection that sits idle is dropped before a proxy drops it
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 10_000 })
  return {
    options: full,
    base,
    limiter: createLimiter(full.concurrency),
    agent,
    close: () => agent.destroy(),
  }
}

/**
 * Asks an upstream one read-only question and answers with what it said.
 * Failed connections and the statuses 429 and 5xx are tried again with growing, jittered delays
 * (`Retry-After` up to 10 s is honoured); a timeout is not, since the upstream may still be working on it.
 * Redirects are not followed: credentials would follow them.
 * Throws UpstreamError; or the signal's reason when the caller gave up.
 */
export async function readUpstream(target: UpstreamTarget, request: ReadRequest): Promise<ReadAnswer> {
  const { options } = target
  const startedAt = performance.now()
  let attempts = 0
  const done = (outcome: ReadOutcome['outcome'], sizeBytes = 0) => {
    const durationMs = performance.now() - startedAt
    options.onDone({ upstream: options.upstream, outcome, durationMs, attempts, sizeBytes })
  }
  let leave: (() => void) | undefined
  try {
    leave = await target.limiter.enter(request.signal, request.goesBefore)
    for (;;) {
      attempts += 1
      try {
        const answer = await readOnce(target, request)
        done('ok', answer.sizeBytes)
        return answer
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const mayRetry = error.error.retryable && error.error.kind !== 'timeout'
        if (!mayRetry || attempts >= options.attempts) throw error.error
        const waitMs = error.retryAfterMs ?? backoffMs(attempts, options.random, 250, 5_000)
        await options.delay(waitMs, request.signal)
      }
    }
  } catch (error) {
    done(isUpstreamError(error) ? error.kind : 'aborted')
    throw error
  } finally {
    leave?.()
  }
}

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8'

/** A failure of one try, with how long the upstream asked us to wait. */
class Refusal extends Error {
  readonly error: UpstreamError
  readonly retryAfterMs: number | undefined

  constructor(error: UpstreamError, retryAfterMs?: number) {
    super(error.message)
    this.error = error
    this.retryAfterMs = retryAfterMs
  }
}

async function readOnce(target: UpstreamTarget, request: ReadRequest): Promise<ReadAnswer> {
  const { options } = target
  const { upstream } = options
  const timeoutMs = request.timeoutMs ?? options.timeoutMs
  const deadline = AbortSignal.timeout(timeoutMs)
  const signal = request.signal ? AbortSignal.any([request.signal, deadline]) : deadline
  const url = addressOf(target.base, request.path)
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(request.params ?? {})) {
    if (value === undefined) continue
    if (Array.isArray(value)) for (const one of value as readonly string[]) form.append(name, one)
    else form.append(name, String(value))
  }
  const isPost = request.method === 'POST'
  if (!isPost) form.forEach((value, name) => url.searchParams.append(name, value))
  const where = `${url.origin}${url.pathname}`

  try {
    const response = await send(url, {
      method: isPost ? 'POST' : 'GET',
      headers: isPost ? { ...options.headers, 'content-type': FORM } : options.headers,
      body: isPost ? form.toString() : null,
      dispatcher: target.agent,
      signal,
    })
    const { statusCode: status } = response
    const headers = headersOf(response.headers)
    const isOk = status >= 200 && status < 300
    const scanner = isOk ? request.scan?.() : undefined
    const encoding = headers.get('content-encoding')
    const { sizeBytes, text } = await readAnswerBody(response.body, encoding, options.maxBytes, scanner)
    const body = scanner?.end() ?? bodyOf(request, { upstream, where, url, status, headers, text: text() })
    return { body, status, headers, sizeBytes }
  } catch (error) {
    if (error instanceof Refusal || isUpstreamError(error)) throw error
    if (request.signal?.aborted) throw request.signal.reason
    if (deadline.aborted) {
      const message = `${where} did not answer within ${timeoutMs / 1000} s`
      throw new Refusal(new UpstreamError(upstream, 'timeout', message, { cause: error }))
    }
    if (error instanceof TooLarge) {
      const message = `${where} answered with more than ${Math.floor(options.maxBytes / 1024)} KiB; narrow the question`
      throw new UpstreamError(upstream, 'decode', message)
    }
    throw new Refusal(new UpstreamError(upstream, 'network', networkSentence(where, error), { cause: error }))
  }
}

interface Answered {
  upstream: UpstreamName
  where: string
  url: URL
  status: number
  headers: ReadAnswer['headers']
  text: string
}

/** What an answer says, as JSON unless text was asked for. Throws Refusal for a failing status, UpstreamError for what cannot be read. */
function bodyOf(request: ReadRequest, { upstream, where, url, status, headers, text }: Answered): unknown {
  const contentType = headers.get('content-type') ?? ''
  const isPage = contentType.includes('text/html') || /^\s*<(!doctype|html)/i.test(text.slice(0, 64))
  if (status >= 300 && status < 400) {
    const to = withoutQuery(headers.get('location'), url)
    throw new Refusal(
      new UpstreamError(upstream, 'http', `${where} redirects${to}; set that address instead`, { status }),
    )
  }
  if (status < 200 || status >= 300) {
    const said = isPage ? undefined : request.explain?.(status, parseJson(text) ?? text)
    const error = new UpstreamError(
      upstream,
      said?.kind ?? 'http',
      said?.message ?? statusSentence(where, status),
      { status, cause: isPage ? undefined : new Error(text.slice(0, 500)) },
    )
    throw new Refusal(error, retryAfterMs(headers.get('retry-after')))
  }
  if (request.json === false) return text
  if (isPage) {
    const message = `${where} answered with a web page; is this the right address?`
    throw new UpstreamError(upstream, 'decode', message, { status })
  }
  // no upstream of ours answers with a bare `null` on purpose
  const body = parseJson(text) ?? undefined
  if (body !== undefined) return body
  const message = `${where} answered with something that is not complete JSON`
  throw new UpstreamError(upstream, 'decode', message, { status, cause: new Error(text.slice(-200)) })
}

/** Names in any case; of a repeated header the first. */
function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): ReadAnswer['headers'] {
  return { get: (name) => [headers[name.toLowerCase()]].flat()[0] ?? null }
}

/** The base address with `path` behind its own path; its fixed query stays. */
function addressOf(base: URL, path: string): URL {
  const url = new URL(base)
  url.pathname = `${base.pathname.replace(/\/+$/, '')}${path}`
  return url
}

function retryAfterMs(header: string | null): number | undefined {
  const seconds = header === null || header.trim() === '' ? Number.NaN : Number(header)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(10, seconds) * 1000 : undefined
}

function withoutQuery(location: string | null, from: URL): string {
  if (location === null || !URL.canParse(location, from)) return ''
  const to = new URL(location, from)
  return ` to ${to.origin}${to.pathname}`
}

function networkSentence(where: string, error: unknown): string {
  const code = errorCode(error)
  if (code === 'ECONNREFUSED') return `nothing listens at ${where} (connection refused)`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host name of ${where} is not known`
  return (
    tlsSentence(where, code, 'NODE_EXTRA_CA_CERTS names a file of further ones') ??
    `the connection to ${where} broke${code === undefined ? '' : ` (${code})`}`
  )
}

/** undici wraps the reason once or twice. */
function errorCode(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return undefined
}
