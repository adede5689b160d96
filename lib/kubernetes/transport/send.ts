import 'server-only'
import { request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'

export type RequestHeaders = Readonly<Record<string, string | string[]>>

/** Parameters of an address; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Deadline {
  signal: AbortSignal
  readonly hasPassed: boolean
  readonly timeoutMs: number
  clear(): void
}

/** Aborts after the time or with the caller, whichever comes first; cleared, only the caller counts. */
export function deadline(timeoutMs: number, caller: AbortSignal | undefined): Deadline {
  const controller = new AbortController()
  let hasPassed = false
  const timer = setTimeout(() => {
    hasPassed = true
    controller.abort()
  }, timeoutMs)
  return {
    signal: caller ? AbortSignal.any([caller, controller.signal]) : controller.signal,
    get hasPassed() {
      return hasPassed
    },
    timeoutMs,
    clear: () => clearTimeout(timer),
  }
}

/** Sends a request with the configuration's certificates and credentials; resolves with the answer's head. */
export async function send(
  config: KubeConfig,
  url: URL,
  signal: AbortSignal,
  headers: RequestHeaders,
  { method = 'GET', text }: { method?: string; text?: string | undefined } = {},
): Promise<IncomingMessage> {
  signal.throwIfAborted()
  const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }
  const options: RequestOptions = { headers: { ...headers, ...length } }
  // may run a credential plugin or read a rotated token
  await config.applyToHTTPSOptions(options)
  signal.throwIfAborted()
  return await new Promise((resolve, reject) => {
    const request: ClientRequest = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
      url,
      { ...options, method, signal },
      resolve,
    )
    request.on('error', reject)
    request.end(text)
  })
}

/** Where a path of the API server is asked, with its parameters. */
export function addressOf(server: string, path: string, query: Query | undefined): URL {
  const url = new URL(`${server}${path}`)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}
