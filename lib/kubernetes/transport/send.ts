import 'server-only'
import { request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { refuseCredentials } from './credentials'

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
  const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) }
  const options: RequestOptions = { headers: { ...headers, ...length } }
  await applyCredentials(config, options, signal)
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request: ClientRequest = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
      url,
      { ...options, method, signal },
      resolve,
    )
    request.on('error', reject)
    request.end(text)
  })
  if (response.statusCode === 401) refuseCredentials(config)
  return response
}

/** Adds certificates and credentials; a plugin that takes its time is not waited for beyond the signal. */
export async function applyCredentials(
  config: KubeConfig,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  let stop = () => {}
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    await Promise.race([config.applyToHTTPSOptions(options), ended])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Where a path of the API server is asked, with its parameters. */
export function addressOf(server: string, path: string, query: Query | undefined): URL {
  const url = new URL(`${server}${path}`)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}
