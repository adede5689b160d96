import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError, sendData, sendError, sendText } from '@/lib/demo/prometheus/api/respond'
import { readParams } from '@/lib/demo/prometheus/api/params'
import { answerQuery, answerQueryRange } from '@/lib/demo/prometheus/api/query-api'
import { resultJson } from '@/lib/demo/prometheus/api/result-json'
import { labelNames, labelValues, metadata, seriesLabels } from '@/lib/demo/prometheus/api/series-api'
import {
  buildInfo,
  configYaml,
  flags,
  runtimeInfo,
  targets,
  tsdbStatus,
  type ServerFacts,
} from '@/lib/demo/prometheus/api/status-api'
import type { MetricStore } from '@/lib/demo/prometheus/metric-store'
import { createQueryEngine, type QueryEngine } from '@/lib/demo/prometheus/promql/query'
import { alertsJson, rulesJson, type Rules } from '@/lib/demo/prometheus/rules'

export interface PrometheusHandlerOptions {
  store: MetricStore
  /** time of the mesh, epoch milliseconds: the default of `time=` */
  now: () => number
  scrapeIntervalSeconds: number
  retentionSeconds: number
  rules?: Rules
  /** shared with the rules; made when absent */
  engine?: QueryEngine
  /** where the text exposition is served, for /targets and /status/config */
  scrapeUrl?: string
  /** where alerts are told; null: to nobody */
  alertmanagerUrl?: () => string | null
  /** measures queries against their timeout; wall time unless a test says otherwise */
  clock?: () => number
}

interface Request {
  params: URLSearchParams
  /** what the path's wildcard stands for */
  wildcard: string
}

/** A piece of JSON at a time. */
type Answer = (request: Request) => Iterable<string>

/**
 * The HTTP API of a Prometheus 2.42 over the embedded mesh's store, for `http.createServer`. Errors have
 * Prometheus's own shape and statuses. API: https://prometheus.io/docs/prometheus/2.42/querying/api/
 */
export function prometheusHandler(
  options: PrometheusHandlerOptions,
): (req: IncomingMessage, res: ServerResponse) => void {
  const { store, now, rules } = options
  const clock = options.clock ?? (() => performance.now())
  const engine =
    options.engine ?? createQueryEngine({ store, defaultStepMs: options.scrapeIntervalSeconds * 1000 })
  const facts: ServerFacts = {
    store,
    startedMs: now(),
    scrapeIntervalSeconds: options.scrapeIntervalSeconds,
    retentionSeconds: options.retentionSeconds,
    scrapeUrl: options.scrapeUrl ?? 'http://127.0.0.1/metrics',
  }
  const json = (answer: (request: Request) => unknown): Answer => {
    return (request) => [JSON.stringify(answer(request))]
  }
  const routes: Readonly<Record<string, Answer>> = {
    query: ({ params }) => resultJson(answerQuery(engine, params, now(), clock)),
    query_range: ({ params }) => resultJson(answerQueryRange(engine, params, clock)),
    query_exemplars: json(() => []),
    labels: json(({ params }) => labelNames(store, params)),
    'label/*/values': json(({ params, wildcard }) => labelValues(store, params, wildcard)),
    series: json(({ params }) => seriesLabels(store, params)),
    metadata: json(({ params }) => metadata(store, params)),
    targets: json(({ params }) => targets(facts, params.get('state'))),
    rules: json(({ params }) => rulesJson(rules, params.get('type'))),
    alerts: json(() => alertsJson(rules)),
    alertmanagers: json(() => {
      const url = options.alertmanagerUrl?.() ?? null
      const active = url === null ? [] : [{ url: `${url}/api/v2/alerts` }]
      return { activeAlertmanagers: active, droppedAlertmanagers: [] }
    }),
    'status/buildinfo': json(buildInfo),
    'status/config': json(() => ({ yaml: configYaml(facts) })),
    'status/runtimeinfo': json(() => runtimeInfo(facts)),
    'status/flags': json(() => flags(facts)),
    'status/tsdb': json(() => tsdbStatus(facts)),
  }
  return (req, res) => {
    respond(req, res, routes).catch((error: unknown) => {
      if (res.headersSent) res.destroy()
      else if (error instanceof ApiError) sendError(req, res, error)
      else
        sendError(req, res, new ApiError('internal', error instanceof Error ? error.message : String(error)))
    })
  }
}

const FORM_ROUTES: ReadonlySet<string> = new Set([
  'query',
  'query_range',
  'query_exemplars',
  'labels',
  'series',
])

async function respond(
  req: IncomingMessage,
  res: ServerResponse,
  routes: Readonly<Record<string, Answer>>,
): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://prometheus')
  if (url.pathname === '/-/ready') return sendText(req, res, 200, 'Prometheus Server is Ready.\n')
  if (url.pathname === '/-/healthy') return sendText(req, res, 200, 'Prometheus Server is Healthy.\n')

  const path = url.pathname.startsWith('/api/v1/') ? url.pathname.slice('/api/v1/'.length) : ''
  const values = /^label\/([^/]+)\/values$/.exec(path)
  const route = values ? 'label/*/values' : path
  const answer = Object.hasOwn(routes, route) ? routes[route] : undefined
  if (!answer) return sendText(req, res, 404, '404 page not found\n')
  const methods = FORM_ROUTES.has(route) ? ['GET', 'HEAD', 'POST'] : ['GET', 'HEAD']
  if (!methods.includes(req.method ?? '')) {
    res.setHeader('allow', methods.join(', '))
    return sendText(req, res, 405, 'Method Not Allowed\n')
  }
  const params = await readParams(req, url)
  sendData(req, res, answer({ params, wildcard: decoded(values?.[1] ?? '') }))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new ApiError('bad_data', `bad escape in the address: ${text}`)
  }
}
