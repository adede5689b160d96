/**
 * What an upstream (Prometheus, a tracing store, the Kubernetes API, Alertmanager) can do wrong, in words the server maps to statuses
 * and the page to sentences. Pure, so that every client folder may throw it without knowing the others.
 */

export type UpstreamName = 'prometheus' | 'jaeger' | 'tempo' | 'kubernetes' | 'alertmanager'

/**
 * - `network`: no connection, or it broke before the answer was complete
 * - `timeout`: no complete answer in the time allowed
 * - `http`: an answer with a status that says no (4xx, 5xx, a redirect)
 * - `query`: the upstream understood us and refuses the question itself
 * - `decode`: an answer that is not what the upstream speaks (a web page, cut JSON, another shape, too large)
 */
export type UpstreamErrorKind = 'network' | 'timeout' | 'http' | 'query' | 'decode'

export interface UpstreamErrorOptions {
  cause?: unknown
  /** HTTP status, where there was an answer */
  status?: number
  /** the upstream's own word for the failure, such as Kubernetes' `AlreadyExists` */
  reason?: string | undefined
  /** asking again may help; by default true for `network`, `timeout`, and the statuses 429 and 5xx but 501 */
  retryable?: boolean
}

/**
 * A failed question to an upstream. `message` is a sentence for a person and never holds credentials;
 * what the upstream itself said stays in `cause`, for the log.
 */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly upstream: UpstreamName
  readonly kind: UpstreamErrorKind
  readonly retryable: boolean
  readonly status: number | undefined
  readonly reason: string | undefined

  constructor(
    upstream: UpstreamName,
    kind: UpstreamErrorKind,
    message: string,
    options: UpstreamErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.upstream = upstream
    this.kind = kind
    this.status = options.status
    this.reason = options.reason
    this.retryable = options.retryable ?? isRetryable(kind, options.status)
  }
}

/** Whether a failure is an upstream's, also across module copies of one process (routes are bundled apart). */
export function isUpstreamError(error: unknown): error is UpstreamError {
  return error instanceof Error && error.name === 'UpstreamError' && 'upstream' in error && 'kind' in error
}

/** Managed services and the proxies of tenants let queries through, and refuse or lack the pages about the server. */
export function isPageRefused(error: unknown): boolean {
  return isUpstreamError(error) && error.kind === 'http' && [403, 404, 405, 501].includes(error.status ?? 0)
}

function isRetryable(kind: UpstreamErrorKind, status: number | undefined): boolean {
  if (kind === 'network' || kind === 'timeout') return true
  if (kind !== 'http' || status === undefined) return false
  // what is not implemented is not so a moment later either
  return status === 429 || (status >= 500 && status !== 501)
}
