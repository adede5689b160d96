/** The newest traces of the embedded mesh, in memory. */
import type { SimulatedSpan } from '../model'
import { isFailed, operationOf, serviceOf, tagsOf } from './span-json'

export interface StoredTrace {
  traceId: string
  startMs: number
  spans: readonly SimulatedSpan[]
}

export interface TraceQuery {
  service: string
  operation?: string
  tags: Readonly<Record<string, string>>
  startMs: number
  endMs: number
  minDurationMs?: number
  maxDurationMs?: number
  limit: number
}

export interface TraceStore {
  /** One call is one trace, or more spans of one that is kept. Beyond `capacity` the oldest added goes. */
  add(spans: readonly SimulatedSpan[]): void
  get(traceId: string): StoredTrace | undefined
  /** the newest `limit` traces in which one span meets every condition, newest first */
  find(query: TraceQuery): StoredTrace[]
  /** service names, sorted */
  services(): string[]
  /** operations of a service with the side that reported them, sorted */
  operations(service: string): { name: string; spanKind: SimulatedSpan['side'] }[]
  /** calls between services whose callee started in the time, sorted */
  dependencies(fromMs: number, toMs: number): { parent: string; child: string; callCount: number }[]
  /** every trace kept, in the order of adding */
  all(): StoredTrace[]
  readonly size: number
}

export function createTraceStore({ capacity }: { capacity: number }): TraceStore {
  // a Map keeps the order of adding, which is nearly the order of time
  const traces = new Map<string, StoredTrace>()

  return {
    add(spans) {
      const first = spans[0]
      if (!first) return
      const traceId = normalize(first.traceId)
      const kept = traces.get(traceId)
      const all = kept ? [...kept.spans, ...spans] : spans
      const startMs = all.reduce((earliest, span) => Math.min(earliest, span.startMs), Infinity)
      traces.set(traceId, { traceId: first.traceId, startMs, spans: all })
      for (const oldest of traces.keys()) {
        if (traces.size <= capacity) break
        traces.delete(oldest)
      }
    },
    get: (traceId) => traces.get(normalize(traceId)),
    find(query) {
      const matches = [...traces.values()].filter((trace) => trace.spans.some((span) => meets(span, query)))
      matches.sort((a, b) => b.startMs - a.startMs || (a.traceId < b.traceId ? -1 : 1))
      return matches.slice(0, query.limit)
    },
    services() {
      const names = new Set<string>()
      for (const trace of traces.values()) for (const span of trace.spans) names.add(serviceOf(span))
      return [...names].sort()
    },
    operations(service) {
      const found = new Map<string, { name: string; spanKind: SimulatedSpan['side'] }>()
      for (const trace of traces.values()) {
        for (const span of trace.spans) {
          if (serviceOf(span) !== service) continue
          const name = operationOf(span)
          found.set(`${name} ${span.side}`, { name, spanKind: span.side })
        }
      }
      return [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, operation]) => operation)
    },
    dependencies(fromMs, toMs) {
      const counts = new Map<string, { parent: string; child: string; callCount: number }>()
      for (const trace of traces.values()) {
        const services = new Map(trace.spans.map((span) => [span.spanId, serviceOf(span)]))
        for (const span of trace.spans) {
          const parent = span.parentSpanId === null ? undefined : services.get(span.parentSpanId)
          const child = serviceOf(span)
          if (parent === undefined || parent === child) continue
          if (span.startMs < fromMs || span.startMs > toMs) continue
          const key = `${parent} ${child}`
          const count = counts.get(key) ?? { parent, child, callCount: 0 }
          count.callCount += 1
          counts.set(key, count)
        }
      }
      return [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count)
    },
    all: () => [...traces.values()],
    get size() {
      return traces.size
    },
  }
}

function meets(span: SimulatedSpan, query: TraceQuery): boolean {
  if (span.startMs < query.startMs || span.startMs > query.endMs) return false
  if (query.minDurationMs !== undefined && span.durationMs < query.minDurationMs) return false
  if (query.maxDurationMs !== undefined && span.durationMs > query.maxDurationMs) return false
  if (serviceOf(span) !== query.service) return false
  if (query.operation !== undefined && operationOf(span) !== query.operation) return false
  const wanted = Object.entries(query.tags)
  const [first] = wanted
  if (!first) return true
  // the common question needs no list of tags
  if (wanted.length === 1 && first[0] === 'error') return isFailed(span) && first[1] === 'true'
  const tags = new Map(
    [...tagsOf(span), { key: 'ip', value: span.podIp }].map((tag) => [tag.key, String(tag.value)]),
  )
  return wanted.every(([key, value]) => tags.get(key) === value)
}

/** Jaeger takes ids with or without leading zeros. */
function normalize(traceId: string): string {
  return traceId.toLowerCase().replace(/^0+(?=.)/, '')
}
