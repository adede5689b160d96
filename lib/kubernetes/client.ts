import 'server-only'
import { request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { RequestOptions } from 'node:https'
import { createInterface } from 'node:readline'
import type { Duplex, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { KubeConfig } from '@kubernetes/client-node'
import { backoffMs, delay as realDelay } from '@/lib/http/backoff'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import { loadKubeConfig, type ClusterAccess } from './kube-config'
import { openPortForward } from './port-forward'
import { status as statusSchema } from './schema'

export interface KubernetesClientOptions {
  /** path or text of a kubeconfig, or the pod's own service account */
  kubeconfig: string | 'in-cluster'
  timeoutMs?: number
  /** largest answer after decompression; default 256 MiB */
  maxBytes?: number
  delay?: (ms: number, signal?: AbortSignal) => Promise<void>
  random?: () => number
}

export interface ReadOptions {
  query?: Readonly<Record<string, string | number | boolean | undefined>>
  signal?: AbortSignal
  timeoutMs?: number
  /** tries, the first included; default 1 */
  attempts?: number
}

export interface WriteOptions {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** sent as JSON */
  body?: unknown
  /** of the body; default application/json */
  contentType?: string
  query?: ReadOptions['query']
  signal?: AbortSignal
  timeoutMs?: number
}

export interface Written {
  /** parsed JSON of the answer */
  body: unknown
  /** what the server remarks although it accepts, such as a deprecated version */
  warnings: string[]
}

export interface StreamOptions {
  query?: ReadOptions['query']
  signal: AbortSignal
  /** the server has promised to end the answer by then; one that goes on is dead */
  maxMs: number
  /** default JSON */
  accept?: string
  /** the server answered and will send lines */
  onOpen?: () => void
  onLine: (line: string) => void
}

/** Whose rights a client uses: a bearer token's, or those of a user whom the client may impersonate. */
export type Credentials = { token: string } | { user: string; groups: readonly string[] }

type RequestHeaders = Readonly<Record<string, string | string[]>>

/** Reading from one Kubernetes API server. All methods throw UpstreamError('kubernetes', …). */
export interface KubernetesClient {
  /** address of the API server */
  readonly server: string
  /** the same API server with the rights of somebody else; nothing of the client's own credentials goes along with a token */
  as(credentials: Credentials): KubernetesClient
  /** parsed JSON of a GET */
  read(path: string, options?: ReadOptions): Promise<unknown>
  /** one write, tried once: whether a write that broke off took effect, only the object can tell */
  write(path: string, options: WriteOptions): Promise<Written>
  /** text of a GET, for logs */
  readText(path: string, options?: ReadOptions): Promise<string>
  /** line by line until the server ends the answer (resolves), it breaks (throws) or the signal aborts (throws its reason) */
  stream(path: string, options: StreamOptions): Promise<void>
  /** a connection to a port of a pod; needs `create pods/portforward`, for the upgrade `get` as well */
  forward(to: { namespace: string; pod: string; port: number; signal?: AbortSignal }): Promise<Duplex>
}

const DEFAULT_TIMEOUT_MS = 30_000
/** objects end at 1.5 MB in etcd; a line far beyond is no watch event */
const MAX_LINE_CHARS = 16 * 1024 * 1024

/** Throws KubeConfigError at once when the access is not usable; the network is touched by the methods only. */
export function createKubernetesClient(options: KubernetesClientOptions): KubernetesClient {
  return clientFor(loadKubeConfig(options.kubeconfig), options)
}

/** `acting` are headers of every request: whom to impersonate. */
function clientFor(
  { config, server }: ClusterAccess,
  options: KubernetesClientOptions,
  acting: RequestHeaders = {},
): KubernetesClient {
  const wait = options.delay ?? realDelay
  const random = options.random ?? Math.random
  const maxBytes = options.maxBytes ?? 256 * 1024 * 1024

  async function readBody(path: string, request: ReadOptions, accept: string): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      const guard = deadline(request.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS, request.signal)
      try {
        const response = await send(config, addressOf(server, path, request.query), guard.signal, {
          accept,
          'accept-encoding': 'gzip',
          ...acting,
        })
        const text = await readBounded(response, maxBytes)
        if (response.statusCode !== 200) throw refusal(path, response.statusCode ?? 0, text)
        return text
      } catch (error) {
        const failure = asUpstreamError(error, server, path, guard, request.signal)
        if (!failure.retryable || failure.kind === 'timeout' || attempt >= (request.attempts ?? 1))
          throw failure
        await wait(backoffMs(attempt, random, 250, 5_000), request.signal)
      } finally {
        guard.clear()
      }
    }
  }

  return {
    server,
    async forward({ namespace, pod, port, signal }) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`
      // only until the connection stands
      const guard = deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, signal)
      try {
        const request: RequestOptions = { headers: { ...acting } }
        await config.applyToHTTPSOptions(request)
        return await openPortForward(
          addressOf(server, path, { ports: port }),
          { ...request, signal: guard.signal },
          async (response) => {
            throw refusal(path, response.statusCode ?? 0, await readBounded(response, 1024 * 1024))
          },
        )
      } catch (error) {
        throw asUpstreamError(error, server, path, guard, signal)
      } finally {
        guard.clear()
      }
    },
    as(credentials) {
      if ('token' in credentials) {
        return clientFor({ config: withToken(config, credentials.token), server }, options)
      }
      const { user, groups } = credentials
      return clientFor({ config, server }, options, {
        'impersonate-user': user,
        ...(groups.length > 0 ? { 'impersonate-group': [...groups] } : {}),
      })
    },
    async read(path, request = {}) {
      const text = await readBody(path, request, 'application/json')
      try {
        return JSON.parse(text) as unknown
      } catch (cause) {
        const what = /^\s*</.test(text)
          ? 'a web page; is this the address of an API server?'
          : 'incomplete JSON'
        throw new UpstreamError('kubernetes', 'decode', `${server}${path} answered with ${what}`, { cause })
      }
    },
    readText: (path, request = {}) => readBody(path, request, '*/*'),
    async write(path, request) {
      const guard = deadline(request.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS, request.signal)
      try {
        const address = addressOf(server, path, request.query)
        const headers = {
          accept: 'application/json',
          'content-type': request.contentType ?? 'application/json',
          ...acting,
        }
        const text = request.body === undefined ? undefined : JSON.stringify(request.body)
        const response = await send(config, address, guard.signal, headers, { method: request.method, text })
        const said = await readBounded(response, maxBytes)
        const status = response.statusCode ?? 0
        if (status < 200 || status >= 300) throw refusal(path, status, said)
        return { body: JSON.parse(said) as unknown, warnings: warningsOf(response) }
      } catch (error) {
        if (error instanceof SyntaxError) {
          throw new UpstreamError('kubernetes', 'decode', `${server}${path} answered with incomplete JSON`, {
            cause: error,
          })
        }
        throw asUpstreamError(error, server, path, guard, request.signal)
      } finally {
        guard.clear()
      }
    },
    async stream(path, request) {
      // only until the server answers: the stream itself may be silent for long
      const guard = deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS, request.signal)
      try {
        const response = await send(config, addressOf(server, path, request.query), guard.signal, {
          accept: request.accept ?? 'application/json',
          ...acting,
        })
        if (response.statusCode !== 200) {
          throw refusal(path, response.statusCode ?? 0, await readBounded(response, 1024 * 1024))
        }
        guard.clear()
        // a peer that vanished without a word is found by the system's probes
        response.socket.setKeepAlive(true, 30_000)
        request.onOpen?.()
        const timer = setTimeout(
          () => response.destroy(new Error('the answer did not end in time')),
          request.maxMs,
        )
        await readLines(response, request.onLine).finally(() => clearTimeout(timer))
      } catch (error) {
        throw asUpstreamError(error, server, path, guard, request.signal)
      } finally {
        guard.clear()
      }
    },
  }
}

/** The same cluster, with a token in place of the user's own credentials. */
function withToken(config: KubeConfig, token: string): KubeConfig {
  const cluster = config.getCurrentCluster()
  const own = new KubeConfig()
  if (!cluster) return own
  own.loadFromOptions({
    clusters: [cluster],
    users: [{ name: 'session', token }],
    contexts: [{ name: 'session', cluster: cluster.name, user: 'session' }],
    currentContext: 'session',
  })
  return own
}

interface Deadline {
  signal: AbortSignal
  readonly hasPassed: boolean
  readonly timeoutMs: number
  clear(): void
}

/** Aborts after the time or with the caller, whichever comes first; cleared, only the caller counts. */
function deadline(timeoutMs: number, caller: AbortSignal | undefined): Deadline {
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
async function send(
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

function addressOf(server: string, path: string, query: ReadOptions['query']): URL {
  const url = new URL(`${server}${path}`)
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}

class TooLarge extends Error {}

/** What the reader of a stream threw; it is not the upstream's doing. */
class FromListener extends Error {
  readonly thrown: unknown

  constructor(thrown: unknown) {
    super('the listener threw')
    this.thrown = thrown
  }
}

async function readBounded(response: IncomingMessage, maxBytes: number): Promise<string> {
  const body: Readable = response.headers['content-encoding'] === 'gzip' ? gunzip(response) : response
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > maxBytes) {
      response.destroy()
      throw new TooLarge(`more than ${Math.floor(maxBytes / 1024)} KiB`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** `pipe` does not pass on errors: a connection that breaks must end the reader too. */
function gunzip(response: IncomingMessage): Readable {
  const unpacked = createGunzip()
  response.on('error', (error) => unpacked.destroy(error))
  return response.pipe(unpacked)
}

async function readLines(response: IncomingMessage, onLine: (line: string) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let pending = 0
    const lines = createInterface({ input: response, crlfDelay: Infinity })
    const fail = (error: unknown) => {
      // first: closing the reader would resolve
      reject(error as Error)
      lines.close()
      response.destroy()
    }
    response.on('error', fail)
    response.on('aborted', () => fail(new Error('the connection broke')))
    response.on('data', (chunk: Buffer) => {
      pending += chunk.byteLength
      if (pending > MAX_LINE_CHARS) fail(new TooLarge('a line without end'))
    })
    lines.on('line', (line) => {
      pending = 0
      if (line === '') return
      try {
        onLine(line)
      } catch (error) {
        fail(new FromListener(error))
      }
    })
    // readline closes after the last line of a complete answer, and after an aborted one
    lines.on('close', () => (response.complete ? resolve() : fail(new Error('the connection broke'))))
  })
}

/** Texts of `Warning` headers: `299 - "text"`, several in one line. */
function warningsOf(response: IncomingMessage): string[] {
  const header = response.headers['warning'] ?? ''
  return [...header.matchAll(/\b299 \S+ ("(?:[^"\\]|\\.)*")/g)].flatMap(([, quoted]) => {
    try {
      return [JSON.parse(quoted ?? '""') as string]
    } catch {
      return []
    }
  })
}

/** The API server's own sentence where it gives one. */
function refusal(path: string, code: number, text: string): UpstreamError {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    body = undefined
  }
  const said = statusSchema.safeParse(body)
  const message = said.success ? said.data.message : undefined
  const kind = code === 400 || code === 422 ? 'query' : 'http'
  return new UpstreamError('kubernetes', kind, message || `${path} answered with status ${code}`, {
    status: code,
    reason: (said.success && said.data.reason) || undefined,
    cause: said.success ? undefined : new Error(text.slice(0, 300)),
  })
}

function asUpstreamError(
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
  if (code !== undefined && /CERT|SELF_SIGNED|TLS|SSL|ALTNAME/.test(code)) {
    return `the certificate of ${server} is not accepted (${code})`
  }
  if (code !== undefined && code.startsWith('E')) return `the connection to ${server} broke (${code})`
  // credential plugins and unreadable certificate files end here
  const reason = error instanceof Error ? error.message : String(error)
  return `no connection to ${server}: ${reason}`
}
