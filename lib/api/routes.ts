/** Every route of the HTTP API with what it takes and answers: one table for requests, metrics and openapi.json. */
import { API } from './paths'
import { config } from './routes/config'
import { proxy } from './routes/proxy'
import type { Route } from './routes/route'
import { session } from './routes/session'
import { steering } from './routes/steering'
import { AlertList, AlertSeries } from './schemas/telemetry/alerts'
import {
  EffectiveRouting,
  EventList,
  EventsQuery,
  NodeQuery,
  Overhead,
  OverheadQuery,
  RolloutList,
} from './schemas/mesh/details'
import { Graph } from './schemas/mesh/graph'
import { IncidentList } from './schemas/mesh/incidents'
import { ItemDetail, ItemList } from './schemas/mesh/lists'
import { LogAnswer, LogsQuery } from './schemas/telemetry/logs'
import { MetricAnswer } from './schemas/telemetry/metrics'
import { Overview } from './schemas/mesh/overview'
import {
  AlertSeriesQuery,
  ControlPlaneMetricsQuery,
  EdgeMetricsQuery,
  GraphQuery,
  HealthQuery,
  ItemPath,
  ItemQuery,
  NoQuery,
  NamespaceMetricsQuery,
  NodeMetricsQuery,
  OperationsQuery,
  ScenarioPath,
  ScopeQuery,
  SearchQuery,
  TraceDetailQuery,
  TracePath,
  TraceQuery,
} from './schemas/requests'
import { SearchAnswer } from './schemas/search'
import { SloList } from './schemas/telemetry/slos'
import { HealthSummary, NamespaceList, ScenarioList, Status } from './schemas/status'
import { OperationList, TraceAnswer, TraceList } from './schemas/telemetry/traces'

const items = (['workloads', 'services', 'apps'] as const).flatMap((kind): Route[] => [
  {
    method: 'GET',
    path: `${API}/${kind}`,
    summary: `All ${kind} with traffic and health`,
    query: ScopeQuery,
    answer: ItemList,
  },
  {
    method: 'GET',
    path: `${API}/${kind}/{cluster}/{namespace}/{name}`,
    summary: `One of the ${kind}: traffic, edges, pods, configuration`,
    query: ItemQuery,
    params: ItemPath,
    answer: ItemDetail,
  },
])

export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: `${API}/graph`,
    summary: 'The topology as one view shows it',
    query: GraphQuery,
    answer: Graph,
  },
  {
    method: 'GET',
    path: `${API}/graph/stream`,
    summary:
      'The same as server-sent events: `graph` (a Graph), then `patch` (a GraphPatch) and `notice` (a Notice)',
    query: GraphQuery,
    answer: null,
    contentType: 'text/event-stream',
  },
  {
    method: 'GET',
    path: `${API}/overview`,
    summary: 'The mesh at a glance: namespaces, control and data plane, mTLS, findings, alerts, changes',
    query: ScopeQuery,
    answer: Overview,
  },
  {
    method: 'GET',
    path: `${API}/alerts`,
    summary: 'Alerts that fire or are about to, with the nodes they are about, and their rules; of now',
    query: ScopeQuery,
    answer: AlertList,
  },
  {
    method: 'GET',
    path: `${API}/slos`,
    summary: 'Objectives of services: what is left of their error budgets, and how fast it burns',
    query: ScopeQuery,
    answer: SloList,
  },
  {
    method: 'GET',
    path: `${API}/alerts/series`,
    summary: 'The value an alerting rule watches, over time',
    query: AlertSeriesQuery,
    answer: AlertSeries,
  },
  {
    method: 'GET',
    path: `${API}/namespaces`,
    summary: 'All namespaces with traffic and health',
    query: ScopeQuery,
    answer: NamespaceList,
  },
  ...items,
  {
    method: 'GET',
    path: `${API}/search`,
    summary: 'Services, workloads, apps, namespaces and objects by name, kind and place',
    query: SearchQuery,
    answer: SearchAnswer,
  },
  {
    method: 'GET',
    path: `${API}/incidents`,
    summary: 'What is wrong, worst first: suspected origin, since when, whom it hurts, what changed before',
    query: ScopeQuery,
    answer: IncidentList,
  },
  {
    method: 'GET',
    path: `${API}/health`,
    summary: 'Health of everything of one kind, with reasons',
    query: HealthQuery,
    answer: HealthSummary,
  },
  {
    method: 'GET',
    path: `${API}/metrics/node`,
    summary: 'Traffic of a node over time',
    query: NodeMetricsQuery,
    answer: MetricAnswer,
  },
  {
    method: 'GET',
    path: `${API}/metrics/namespace`,
    summary: 'Traffic of a namespace over time',
    query: NamespaceMetricsQuery,
    answer: MetricAnswer,
  },
  {
    method: 'GET',
    path: `${API}/metrics/edge`,
    summary: 'Traffic of an edge over time',
    query: EdgeMetricsQuery,
    answer: MetricAnswer,
  },
  {
    method: 'GET',
    path: `${API}/metrics/control-plane`,
    summary: 'What istiod measures of itself over time',
    query: ControlPlaneMetricsQuery,
    answer: MetricAnswer,
  },
  {
    method: 'GET',
    path: `${API}/events`,
    summary: 'Kubernetes events of a workload, app or service and its pods, or of a namespace',
    query: EventsQuery,
    answer: EventList,
  },
  {
    method: 'GET',
    path: `${API}/rollouts`,
    summary: 'When pods of a node or namespace were replaced, scaled or restarted',
    query: EventsQuery,
    answer: RolloutList,
  },
  {
    method: 'GET',
    path: `${API}/logs`,
    summary: 'What the containers of a workload, app or service wrote, and their spans, by time',
    query: LogsQuery,
    answer: LogAnswer,
  },
  {
    method: 'GET',
    path: `${API}/effective-routing`,
    summary: 'What happens to a request for a workload, app or service, in words and in order',
    query: NodeQuery,
    answer: EffectiveRouting,
  },
  {
    method: 'GET',
    path: `${API}/overhead`,
    summary: 'What the mesh costs: latency between the proxies of each edge, and what the proxies use',
    query: OverheadQuery,
    answer: Overhead,
  },
  {
    method: 'GET',
    path: `${API}/traces`,
    summary: 'Newest traces of a node or service',
    query: TraceQuery,
    answer: TraceList,
  },
  {
    method: 'GET',
    path: `${API}/traces/operations`,
    summary: 'Operations that a node or a service of the tracing store has spans of',
    query: OperationsQuery,
    answer: OperationList,
  },
  {
    method: 'GET',
    path: `${API}/traces/{id}`,
    summary: 'One trace',
    query: TraceDetailQuery,
    params: TracePath,
    answer: TraceAnswer,
  },
  ...steering,
  ...proxy,
  ...config,
  ...session,
  {
    method: 'GET',
    path: `${API}/status`,
    summary: 'What Heddle is connected to, and which windows can be used',
    query: NoQuery,
    answer: Status,
  },
  {
    method: 'GET',
    path: `${API}/demo/scenarios`,
    summary: 'Incidents of the embedded mesh; 404 with a real one',
    query: NoQuery,
    answer: ScenarioList,
  },
  {
    method: 'POST',
    path: `${API}/demo/scenarios/{name}/{action}`,
    summary: 'Starts or stops an incident; same-origin requests only',
    query: NoQuery,
    params: ScenarioPath,
    answer: ScenarioList,
  },
  {
    method: 'GET',
    path: `${API}/openapi.json`,
    summary: 'This description',
    query: NoQuery,
    answer: null,
    contentType: 'application/json',
  },
]

const patterns = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}))

/** The route a path belongs to, whatever its method; undefined for none. */
export function findRoute(pathname: string): Route | undefined {
  return patterns.find(({ pattern }) => pattern.test(pathname))?.route
}
