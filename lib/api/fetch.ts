/** The browser's one way to Heddle's own API: typed answers, typed errors. */
import type { z } from 'zod'
import type { ApiError, Upstream } from './schemas/common'

/** A request Heddle's API refused or could not answer; `message` is a sentence for a person. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly code: string
  readonly status: number
  readonly requestId: string | null
  readonly upstream: Upstream | null
  readonly parameter: string | null
  /** what stands beside the error in the answer, such as the versions of a conflict; not checked */
  readonly details: unknown

  constructor(
    message: string,
    at: {
      code: string
      status: number
      requestId?: string
      upstream?: Upstream
      parameter?: string
      details?: unknown
    },
  ) {
    super(message)
    this.details = at.details ?? null
    this.code = at.code
    this.status = at.status
    this.requestId = at.requestId ?? null
    this.upstream = at.upstream ?? null
    this.parameter = at.parameter ?? null
  }

  /** Asking again may help: the server or what it asks was out of reach. What is not configured stays so. */
  get retryable(): boolean {
    if (this.code.endsWith('-not-configured')) return false
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

export interface FetchOptions {
  signal?: AbortSignal
  method?: 'GET' | 'POST' | 'DELETE'
  /** sent as JSON */
  body?: unknown
}

/** Validators come in a chunk of their own, beside the request: the first load stays small. */
export type SchemaLoader<T extends z.ZodType> = () => Promise<T>

/**
 * The answer of one request as the schema describes it.
 * Throws ApiFailure with the server's code, or `unreachable`, or `bad-answer` (a proxy's page instead of ours);
 * an abort is passed on as it is.
 */
export async function fetchJson<T extends z.ZodType>(
  url: string,
  loadSchema: SchemaLoader<T>,
  options: FetchOptions = {},
): Promise<z.output<T>> {
  const schema = loadSchema()
  // a chunk that fails while the request fails too must not become an unhandled rejection
  schema.catch(() => {})
  let response: Response
  try {
    response = await fetch(url, {
      method: options.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new ApiFailure('Heddle’s server does not answer.', { code: 'unreachable', status: 0 })
  }
  let body: unknown
  try {
    body = await response.json()
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw badAnswer(response.status)
  }
  if (!response.ok) throw failureOf(response.status, body)
  const parsed = (await schema).safeParse(body)
  if (!parsed.success) throw badAnswer(response.status)
  return parsed.data
}

function failureOf(status: number, body: unknown): ApiFailure {
  if (!isApiError(body)) return badAnswer(status)
  const { error, ...details } = body
  const { message, ...at } = error
  return new ApiFailure(message, { ...at, status, details })
}

function isApiError(body: unknown): body is ApiError {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false
  const { error } = body
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    'message' in error &&
    typeof error.message === 'string'
  )
}

function badAnswer(status: number): ApiFailure {
  return new ApiFailure(
    `Heddle’s server answered something else than was asked for (HTTP ${status}); reload the page.`,
    { code: 'bad-answer', status },
  )
}
