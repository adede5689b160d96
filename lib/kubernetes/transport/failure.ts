import 'server-only'
import { statusSentence } from '@/lib/http/status-sentence'
import { tlsSentence } from '@/lib/http/tls-sentence'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import { status as statusSchema } from '../schema'
import { FromListener, TooLarge } from './body'
import type { Deadline } from './send'

/** The API server's own sentence where it gives one that says anything. */
export function refusal(server: string, path: string, code: number, text: string): UpstreamError {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  const said = statusSchema.safeParse(body)
  // its whole sentence then is "Unauthorized"
  const message = said.success && code !== 401 ? said.data.message : undefined
  const kind = code === 400 || code === 422 ? 'query' : 'http'
  return new UpstreamError('kubernetes', kind, message || statusSentence(`${server}${path}`, code), {
    status: code,
    reason: (said.success && said.data.reason) || undefined,
    cause: said.success ? undefined : new Error(text.slice(0, 300)),
  })
}

/** Any failure of a request as an UpstreamError that says what to look at; the caller's own reason is thrown as it is. */
export function asUpstreamError(
  error: unknown,
  server: string,
  path: string,
  guard: Deadline,
  caller: AbortSignal | undefined,
): UpstreamError {
  // the caller's own reason passes through unchanged
  if (caller?.aborted) throw caller.reason
  if (error instanceof FromListener) throw error.thrown
  if (isUpstreamError(error)) return error
  if (guard.hasPassed) {
    return new UpstreamError(
      'kubernetes',
      'timeout',
      `${server}${path} did not answer within ${guard.timeoutMs / 1000} s`,
    )
  }
  if (error instanceof TooLarge) {
    return new UpstreamError('kubernetes', 'decode', `${server}${path} answered with ${error.message}`)
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (code !== undefined && /^Z_/.test(code)) {
    return new UpstreamError('kubernetes', 'decode', `${server}${path} answered with broken gzip`, {
      cause: error,
    })
  }
  return new UpstreamError('kubernetes', 'network', networkSentence(server, code, error), { cause: error })
}

function networkSentence(server: string, code: string | undefined, error: unknown): string {
  if (code === 'ECONNREFUSED') return `nothing listens at ${server} (connection refused)`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host name of ${server} is not known`
  const tls = tlsSentence(server, code, 'the kubeconfig names it as certificate-authority')
  if (tls !== undefined) return tls
  // of a certificate or key, read at every request
  if (code !== undefined && error instanceof Error && 'path' in error) {
    return `no connection to ${server}: the file ${String(error.path)} cannot be read (${code})`
  }
  if (code !== undefined && code.startsWith('E')) return `the connection to ${server} broke (${code})`
  // credential plugins and token files end here
  const reason = error instanceof Error ? error.message : String(error)
  return `no connection to ${server}: ${reason}`
}
