/** A small cluster behind the real HTTP handler, for tests. */
import type { KubernetesObject } from '@/lib/demo/model'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import type { KubernetesHandlerOptions } from '@/lib/demo/kubernetes/handler'
import type { JsonRecord } from '@/lib/demo/kubernetes/json'
import { ObjectStore, timestamp } from '@/lib/demo/kubernetes/object-store'
import type { ObjectStoreOptions } from '@/lib/demo/kubernetes/object-store'
import { serveInTest } from '../serve-in-test'

export const START = Date.UTC(2024, 5, 1)

export interface TestCluster {
  store: ObjectStore
  address: string
  /** moves the simulation's clock and lets its controllers act */
  advance(ms: number): void
  /** one request; a body that is no text is sent as JSON */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** lines of a watch as they come, until `count` have arrived */
  watch(path: string, count: number, headers?: Record<string, string>): Promise<WatchLine[]>
}

export interface Answer {
  status: number
  headers: Headers
  body: JsonRecord & { metadata?: JsonRecord; items?: KubernetesObject[] }
  text: string
}

export interface WatchLine {
  type: string
  object: JsonRecord & { metadata: JsonRecord }
}

export function namespace(name: string, labels: Record<string, string> = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels, creationTimestamp: timestamp(START) },
  }
}

export function virtualService(
  name: string,
  spec: JsonRecord = {},
  metadata: JsonRecord = {},
): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace: 'shop', ...metadata },
    spec: { hosts: [name], http: [{ route: [{ destination: { host: name } }] }], ...spec },
  }
}

export function deployment(name: string, replicas = 1): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop', creationTimestamp: timestamp(START - 86_400_000) },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: `example/${name}:1` }] },
      },
    },
  }
}

/** Starts a cluster with the namespace `shop` and these objects; it ends with the test. */
export async function startCluster(
  objects: readonly KubernetesObject[] = [],
  options: Partial<KubernetesHandlerOptions> & ObjectStoreOptions = {},
): Promise<TestCluster> {
  let nowMs = START
  const now = () => nowMs
  const store = new ObjectStore([namespace('shop'), ...objects], { historyLimit: options.historyLimit, now })
  reconcileWorkloads(store, nowMs)
  const address = await serveInTest(kubernetesHandler({ store, now, ...options }))
  return {
    store,
    address,
    advance(ms) {
      nowMs += ms
      reconcileWorkloads(store, nowMs)
    },
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${address}${path}`, {
        method,
        headers: { 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json') ?? false
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: (isJson ? JSON.parse(text) : {}) as Answer['body'],
      }
    },
    async watch(path, count, headers = {}) {
      const abort = new AbortController()
      const response = await fetch(`${address}${path}`, { headers, signal: abort.signal })
      const lines: WatchLine[] = []
      let rest = ''
      const decoder = new TextDecoder()
      if (response.body === null) throw new Error('a watch without a body')
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        rest += decoder.decode(chunk, { stream: true })
        const parts = rest.split('\n')
        rest = parts.pop() ?? ''
        lines.push(...parts.map((part) => JSON.parse(part) as WatchLine))
        if (lines.length >= count) break
      }
      abort.abort()
      return lines
    },
  }
}
