import 'server-only'
import type { ReadOutcome } from '@/lib/http/read-upstream'
import { createJaegerClient, type JaegerClient } from '@/lib/jaeger/client'
import { createTempoClient } from '@/lib/tempo/client'
import type { SpanContext } from '@/lib/trace/nodes/node-of-span'
import type { TraceStore } from '@/lib/trace/store'
import type { Config } from './config/config'

export interface Tracing {
  store: TraceStore
  close(): Promise<void>
}

/** The tracing store of a configuration; null where none is configured. Asks nothing yet. */
export function createTracing(
  { jaeger, tempo }: Pick<Config, 'jaeger' | 'tempo'>,
  watching: { context: () => SpanContext; onDone: (outcome: ReadOutcome) => void },
): Tracing | null {
  if (tempo) {
    const { traceUrl, ...rest } = tempo
    const store = createTempoClient({ ...rest, ...watching, ...(traceUrl === null ? {} : { traceUrl }) })
    return { store, close: () => store.close() }
  }
  if (jaeger) {
    const { publicUrl, ...rest } = jaeger
    const client = createJaegerClient({ ...rest, ...watching, ...(publicUrl === null ? {} : { publicUrl }) })
    return { store: storeOfJaeger(client), close: () => client.close() }
  }
  return null
}

/** Jaeger is asked for one service at a time, and only for those it knows. */
function storeOfJaeger(client: JaegerClient): TraceStore {
  const knownOf = async (services: readonly string[], signal?: AbortSignal) => {
    const known = new Set(await client.services(signal))
    return services.filter((name) => known.has(name))
  }
  return {
    name: 'jaeger',
    product: 'Jaeger',
    mostServices: 12,
    services: (signal) => client.services(signal),
    async operations(services, signal) {
      const known = await knownOf(services, signal)
      const lists = await Promise.all(known.map((name) => client.operations(name, signal)))
      return [...new Set(lists.flat())].sort()
    },
    async search(services, search, signal) {
      const known = services.length === 1 ? services : await knownOf(services, signal)
      const answers = await Promise.all(known.map((service) => client.search({ ...search, service }, signal)))
      const traces = new Map(answers.flatMap((answer) => answer.traces).map((trace) => [trace.id, trace]))
      return {
        traces: [...traces.values()].sort((a, b) => b.startMs - a.startMs || (a.id < b.id ? -1 : 1)),
        warnings: [...new Set(answers.flatMap((answer) => answer.warnings))],
      }
    },
    trace: (id, signal) => client.trace(id, signal),
    traceUrl: (id) => client.traceUrl(id),
  }
}
