import 'server-only'
import { isUpstreamError, type UpstreamErrorKind, type UpstreamName } from '@/lib/mesh/upstream-error'
import type { Notice } from '@/lib/api/schemas/common'

export type RefusalKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'unavailable'
  | 'too-large'
  | 'unsupported'

export interface RefusalOptions {
  /** stable, kebab-case; the kind itself when there is nothing more to say */
  code?: string
  /** the request's parameter that is wrong */
  parameter?: string
  /** sent beside the error: what a person needs to decide what to do */
  details?: Readonly<Record<string, unknown>>
}

/** A request a use case will not answer; `message` is a sentence for a person. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly kind: RefusalKind
  readonly code: string
  readonly parameter: string | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(kind: RefusalKind, message: string, options: RefusalOptions = {}) {
    super(message)
    this.kind = kind
    this.code = options.code ?? kind
    this.parameter = options.parameter
    this.details = options.details ?? {}
  }
}

/** Also true for the class of another bundle: what outlives a route was made by one of them. */
export function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && error.name === 'Refusal' && 'kind' in error && 'code' in error
}

export const invalid = (parameter: string, message: string, code = 'invalid-parameter') =>
  new Refusal('invalid', message, { code, parameter })

export const notFound = (message: string, code = 'not-found') => new Refusal('not-found', message, { code })

const UPSTREAM_WORDS: Record<UpstreamErrorKind, string> = {
  network: 'unreachable',
  timeout: 'timeout',
  http: 'failed',
  query: 'refused',
  decode: 'bad-answer',
}

/** `prometheus-unreachable`, `jaeger-timeout`…: one code wherever the failure is told. */
export function upstreamCode(error: { upstream: string; kind: UpstreamErrorKind }): string {
  return `${error.upstream}-${UPSTREAM_WORDS[error.kind]}`
}

const UPSTREAM_NAMES: Record<UpstreamName, string> = {
  prometheus: 'Prometheus',
  kubernetes: 'Kubernetes',
  jaeger: 'Jaeger',
  tempo: 'Tempo',
  alertmanager: 'Alertmanager',
}

/** An upstream's failure for readers of what still stands; `then` says what that is. Rethrows anything else. */
export function noticeOf(error: unknown, then: string): Notice {
  if (!isUpstreamError(error)) throw error
  const name = `${UPSTREAM_NAMES[error.upstream]}: `
  // what an upstream says itself may bear its name already
  const told = withStop(error.message.startsWith(name) ? error.message : name + error.message)
  return {
    code: upstreamCode(error),
    message: `${told} ${then}`,
    upstream: error.upstream,
  }
}

/** First letter large, unless it is of an address, and a full stop at the end. */
export function sentence(text: string): string {
  return withStop(/^https?:/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1))
}

export function withStop(text: string): string {
  const trimmed = text.trim()
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
