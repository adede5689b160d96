import 'server-only'
import { createUpstreamTarget, readUpstream } from '@/lib/http/read-upstream'
import type { ReadRequest, UpstreamConnection } from '@/lib/http/read-upstream'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import type { SpanContext } from '@/lib/trace/nodes/node-of-span'
import { isTraceId, type TraceStore } from '@/lib/trace/store'
import { decodeSearch, decodeTagValues, decodeTrace } from './decode'
import { namesQuery, searchParams } from './query'

export interface TempoClientOptions extends UpstreamConnection {
  /** address of the query frontend with its base path, e.g. `http://tempo:3200` */
  url: string
  /** address of a trace's page for browsers, with `{traceId}` where its id goes */
  traceUrl?: string
  /** called for every decoding, so that a changed set of pods counts at once */
  context?: () => SpanContext
}

export interface TempoClient extends TraceStore {
  close(): Promise<void>
}

const nowhere = (): SpanContext => ({ pods: null, defaultCluster: null })

/** A client of Tempo's HTTP API. All methods throw UpstreamError('tempo', …). */
export function createTempoClient(options: TempoClientOptions): TempoClient {
  const { traceUrl, context = nowhere, ...connection } = options
  const target = createUpstreamTarget({
    ...connection,
    upstream: 'tempo',
    timeoutMs: connection.timeoutMs ?? 15_000,
    concurrency: 6,
    maxBytes: 128 * 1024 * 1024,
  })
  /** ways this Tempo is too old for, so that each is tried once */
  const missing = new Set<string>()

  /** The newer way first; the older one where this Tempo does not know the newer. */
  async function read(ways: readonly [ReadRequest & { way: string }, ReadRequest], signal?: AbortSignal) {
    const [{ way, ...newer }, older] = ways
    if (!missing.has(way)) {
      try {
        return await readUpstream(target, { explain, ...newer, signal })
      } catch (error) {
        if (!isUnknownPath(error)) throw error
        const answer = await readUpstream(target, { explain, ...older, signal })
        missing.add(way)
        return answer
      }
    }
    return readUpstream(target, { explain, ...older, signal })
  }

  return {
    name: 'tempo',
    product: 'Tempo',
    // all in one query, whose length is bounded on its way
    mostServices: 60,
    async services(signal) {
      const { body } = await read(
        [
          { way: 'values', path: '/api/v2/search/tag/resource.service.name/values' },
          { path: '/api/search/tag/service.name/values' },
        ],
        signal,
      )
      return decodeTagValues(body)
    },
    async operations(services, signal) {
      const { body } = await read(
        [
          {
            way: 'values',
            path: '/api/v2/search/tag/name/values',
            params: { q: namesQuery(services) },
          },
          { path: '/api/search/tag/name/values' },
        ],
        signal,
      )
      return decodeTagValues(body)
    },
    async search(services, search, signal) {
      const params = searchParams(services, search)
      const { body } = await readUpstream(target, { path: '/api/search', params, signal, explain })
      return decodeSearch(body, context())
    },
    async trace(id, signal) {
      if (!isTraceId(id)) return null
      try {
        const { body } = await read(
          [
            { way: 'trace', path: `/api/v2/traces/${id}`, explain: explainTrace },
            { path: `/api/traces/${id}`, explain: explainTrace },
          ],
          signal,
        )
        return decodeTrace(id, body, context()) ?? null
      } catch (error) {
        // a 404 of Tempo's own says the trace is gone; a path it does not know, that the address is wrong
        if (isUpstreamError(error) && error.kind === 'query' && error.status === 404) return null
        throw error
      }
    },
    traceUrl: (id) =>
      traceUrl === undefined || !isTraceId(id) ? null : traceUrl.replaceAll('{traceId}', id),
    close: () => target.close(),
  }
}

/** What Go's router says to a path that nobody registered. */
const NO_SUCH_PATH = /^404 page not found\s*$/

function isUnknownPath(error: unknown): boolean {
  return isUpstreamError(error) && error.kind === 'http' && error.status === 404
}

function explainTrace(
  status: number,
  body: unknown,
): { kind: 'http' | 'query'; message: string } | undefined {
  if (status !== 404) return explain(status, body)
  const isRouter = typeof body === 'string' && NO_SUCH_PATH.test(body)
  return isRouter ? undefined : { kind: 'query', message: 'Tempo holds no such trace' }
}

/** Tempo's own errors are sentences in plain text, some of its gateways' JSON. */
function explain(status: number, body: unknown): { kind: 'http' | 'query'; message: string } | undefined {
  if ([401, 403, 404, 429].includes(status) || typeof body !== 'string') return undefined
  const said = body.trim().split('\n', 1)[0]?.slice(0, 300) ?? ''
  if (said === '') return undefined
  return { kind: status < 500 ? 'query' : 'http', message: `Tempo: ${said}` }
}
