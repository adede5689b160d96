/** What Heddle asks of a tracing store, whichever it is. */
import type { Trace } from './span'

export interface TraceSearch {
  service: string
  operation?: string
  /** all must be on one span */
  tags?: Readonly<Record<string, string>>
  startMs: number
  endMs: number
  minDurationMs?: number
  maxDurationMs?: number
  limit: number
}

/** A trace as a search found it. */
export interface FoundTrace extends Trace {
  /**
   * What the store says of the whole where it sent a part, the spans that met the search; absent: `spans` are all.
   * `null`s are what it does not say.
   */
  whole?: {
    rootService: string
    rootOperation: string
    spans: number | null
    services: string[] | null
    hasError: boolean | null
  }
}

/** A store that can be searched; all methods throw UpstreamError. */
export interface TraceStore {
  name: 'jaeger' | 'tempo'
  /** for people */
  product: 'Jaeger' | 'Tempo'
  /** names that one search of many services may bear, each of which Jaeger is asked for by itself */
  mostServices: number
  /** names of services that have spans, sorted */
  services(signal?: AbortSignal): Promise<string[]>
  /** names of operations that spans of these services have, sorted; a name nobody has reported under costs nothing */
  operations(services: readonly string[], signal?: AbortSignal): Promise<string[]>
  /** traces in which a span of one of the services meets everything else; newest first */
  search(
    services: readonly string[],
    search: Omit<TraceSearch, 'service'>,
    signal?: AbortSignal,
  ): Promise<{ traces: FoundTrace[]; warnings: string[] }>
  /** null when the store holds no such trace (any more) */
  trace(id: string, signal?: AbortSignal): Promise<Trace | null>
  /** the trace's page in the store's own interface; null when no address for browsers is set */
  traceUrl(id: string): string | null
}

/**
 * Name under which Istio's proxies report spans of a workload: `{app}.{namespace}`, the app being its
 * canonical name. Old proxies and other tracers use the bare name.
 */
export function istioServiceName(app: string, namespace: string): string {
  return `${app}.${namespace}`
}

/** A trace id as stores take it in a path: 1 to 32 hexadecimal digits. */
export function isTraceId(text: string): boolean {
  return /^[0-9a-fA-F]{1,32}$/.test(text)
}
