import 'server-only'
import type { Trace } from '@/lib/trace/span'
import { createUpstreamTarget, readUpstream } from '@/lib/http/read-upstream'
import type { UpstreamConnection } from '@/lib/http/read-upstream'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { SpanContext } from '@/lib/trace/nodes/node-of-span'
import { isTraceId, type TraceSearch } from '@/lib/trace/store'
import { decodeServices, decodeTrace, decodeTraces } from './decode'
import { envelope } from './schema'
import { searchParams } from './query'

export interface JaegerClientOptions extends UpstreamConnection {
  /** address of the query service with its base path, e.g. `http://jaeger:16686/jaeger` */
  url: string
  /** address that a browser can open, when it is another; makes links to traces */
  publicUrl?: string
  /** called for every decoding, so that a changed set of pods counts at once */
  context?: () => SpanContext
}

export interface JaegerClient {
  /** names of services that have spans, sorted */
  services(signal?: AbortSignal): Promise<string[]>
  /** names of a service's operations, sorted */
  operations(service: string, signal?: AbortSignal): Promise<string[]>
  /** matching traces, newest first; `limit` is applied by Jaeger before it sorts */
  search(search: TraceSearch, signal?: AbortSignal): Promise<{ traces: Trace[]; warnings: string[] }>
  /** null when the store holds no such trace (any more), also for what is no trace id */
  trace(id: string, signal?: AbortSignal): Promise<Trace | null>
  /** the trace's page in Jaeger; null when no address for browsers is set */
  traceUrl(id: string): string | null
  close(): Promise<void>
}

const nowhere = (): SpanContext => ({ pods: null, defaultCluster: null })

/** A client of Jaeger's HTTP query API. All methods throw UpstreamError('jaeger', …). */
export function createJaegerClient(options: JaegerClientOptions): JaegerClient {
  const { publicUrl, context = nowhere, ...connection } = options
  const target = createUpstreamTarget({
    ...connection,
    upstream: 'jaeger',
    timeoutMs: connection.timeoutMs ?? 15_000,
    concurrency: 6,
    maxBytes: 128 * 1024 * 1024,
  })

  return {
    async services(signal) {
      const { body } = await readUpstream(target, { path: '/api/services', signal, explain })
      return decodeServices(body)
    },
    async operations(service, signal) {
      const path = `/api/services/${encodeURIComponent(service)}/operations`
      const { body } = await readUpstream(target, { path, signal, explain })
      return decodeServices(body)
    },
    async search(search, signal) {
      const { body } = await readUpstream(target, {
        path: '/api/traces',
        params: searchParams(search),
        signal,
        explain,
      })
      return decodeTraces(body, context())
    },
    async trace(id, signal) {
      if (!isTraceId(id)) return null
      try {
        const { body } = await readUpstream(target, { path: `/api/traces/${id}`, signal, explain })
        return decodeTrace(body, context()) ?? null
      } catch (error) {
        // a 404 of Jaeger's own says the trace is gone; any other says the address is wrong
        if (isUpstreamError(error) && error.kind === 'query' && error.status === 404) return null
        throw error
      }
    },
    traceUrl(id) {
      return publicUrl === undefined || !isTraceId(id) ? null : `${publicUrl.replace(/\/+$/, '')}/trace/${id}`
    },
    close: () => target.close(),
  }
}

/** Jaeger's own errors come in its envelope with the status of the answer. */
function explain(status: number, body: unknown): { kind: 'http' | 'query'; message: string } | undefined {
  const parsed = envelope.safeParse(body)
  const said = parsed.success ? parsed.data.errors?.map((error) => error.msg).join('; ') : undefined
  if (!said) return undefined
  return { kind: status < 500 ? 'query' : 'http', message: `Jaeger: ${said}` }
}
