import 'server-only'
import type { RequestOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { KubeConfig } from '@kubernetes/client-node'
import { backoffMs, delay as realDelay } from '@/lib/http/backoff'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { loadKubeConfig, type ClusterAccess } from './kube-config'
import { openPortForward } from './pods/port-forward'
import { readBounded, readLines, warningsOf } from './transport/body'
import { asUpstreamError, refusal } from './transport/failure'
import { refuseCredentials } from './transport/credentials'
import { addressOf, applyCredentials, deadline, send, type Query } from './transport/send'

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
  query?: Query
  signal?: AbortSignal
  timeoutMs?: number
  /** tries, the first included; default 1 */
  attempts?: number
  /** of a text: it is read so far and no further, however long it is */
  cutBytes?: number
}

export interface WriteOptions {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** sent as JSON */
  body?: unknown
  /** of the body; default application/json */
  contentType?: string
  query?: Query
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
  query?: Query
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

/** Throws KubeConfigError at once when the access is not usable; the network is touched by the methods only. */
export function createKubernetesClient(options: KubernetesClientOptions): KubernetesClient {
  return clientFor(loadKubeConfig(options.kubeconfig), options)
}

function clientFor(
  { config, server, acting }: ClusterAccess,
  options: KubernetesClientOptions,
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
        const text = await readBounded(response, maxBytes, request.cutBytes)
        if (response.statusCode !== 200) throw refusal(server, path, response.statusCode ?? 0, text)
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
        await applyCredentials(config, request, guard.signal)
        return await openPortForward(
          addressOf(server, path, { ports: port }),
          { ...request, signal: guard.signal },
          async (response) => {
            if (response.statusCode === 401) refuseCredentials(config)
            throw refusal(server, path, response.statusCode ?? 0, await readBounded(response, 1024 * 1024))
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
        return clientFor({ config: withToken(config, credentials.token), server, acting: {} }, options)
      }
      const { user, groups } = credentials
      // in the place of whom the kubeconfig's user acts as: nobody may act as one who acts as another
      const theirs = {
        'impersonate-user': user,
        ...(groups.length > 0 ? { 'impersonate-group': [...groups] } : {}),
      }
      return clientFor({ config, server, acting: theirs }, options)
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
        if (status < 200 || status >= 300) throw refusal(server, path, status, said)
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
          throw refusal(server, path, response.statusCode ?? 0, await readBounded(response, 1024 * 1024))
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
