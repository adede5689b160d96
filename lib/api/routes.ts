/** Every route of the HTTP API with what it takes and answers: one table for requests, metrics and openapi.json. */
import type { z } from 'zod'
import { API } from './paths'
import { AlertList, AlertSeries } from './schemas/alerts'
import { AnalyzeBody, Findings, FindingsQuery, LiveFindingList } from './schemas/analyze'
import {
  ApplyAnswer,
  ChangeBody,
  ChangeDetail,
  ChangeEffect,
  ChangeEffectQuery,
  ChangeList,
  ChangePath,
  ChangesQuery,
  ConfigDetail,
  ConfigList,
  ConfigListQuery,
  ConfigPath,
  ConfigQuery,
  ConfigWriteQuery,
  KubernetesBody,
  PreviewAnswer,
  RevertBody,
} from './schemas/changes'
import {
  EffectiveRouting,
  EventList,
  NodeEventsQuery,
  NodeQuery,
  Overhead,
  OverheadQuery,
} from './schemas/details'
import { CheckAnswer, CheckBody, SchemaAnswer, SchemaQuery } from './schemas/editing'
import { Graph } from './schemas/graph'
import { IncidentList } from './schemas/incidents'
import { ItemDetail, ItemList } from './schemas/lists'
import { LogAnswer, LogsQuery } from './schemas/logs'
import { MetricAnswer } from './schemas/metrics'
import { MtlsList, MtlsNamespaces, Preflight, PreflightBody } from './schemas/mtls'
import { ObjectContext } from './schemas/object-context'
import { Overview } from './schemas/overview'
import {
  AlertSeriesQuery,
  ControlPlaneMetricsQuery,
  EdgeMetricsQuery,
  GraphQuery,
  HealthQuery,
  ItemPath,
  ItemQuery,
  NodeMetricsQuery,
  NoQuery,
  OperationsQuery,
  ScenarioPath,
  ScopeQuery,
  SearchQuery,
  SplitsQuery,
  SplitTargetsQuery,
  SplitWatchQuery,
  TracePath,
  TraceQuery,
} from './schemas/requests'
import { HealthSummary, NamespaceList, ScenarioList, Status } from './schemas/status'
import {
  ProxyAnswer,
  ProxyDump,
  ProxyLevelAnswer,
  ProxyLevelBody,
  ProxyQuery,
  ProxyStats,
  ProxyStatsQuery,
} from './schemas/proxy'
import { SearchAnswer } from './schemas/search'
import { SessionAnswer, SignInBody } from './schemas/session'
import { ServiceRouting } from './schemas/routing'
import { SplitList, SplitTargets, SplitWatch } from './schemas/splits'
import { OperationList, TraceAnswer, TraceList } from './schemas/traces'

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** template, parameters in braces */
  path: string
  summary: string
  query: z.ZodType
  params?: z.ZodType
  /** what a POST or PUT takes: JSON of this shape, or text of the other media type */
  body?: { json: z.ZodType; text?: string }
  /** null: not JSON, `contentType` says what */
  answer: z.ZodType | null
  contentType?: string
}

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

const object = `${API}/config/{group}/{version}/{resource}/{namespace}/{name}`

/** Reading and changing the mesh's objects; whatever writes takes same-origin requests only. */
const config: readonly Route[] = [
  {
    method: 'GET',
    path: `${API}/config`,
    summary: 'Objects of Istio and the Gateway API, and the services they are about',
    query: ConfigListQuery,
    answer: ConfigList,
  },
  {
    method: 'POST',
    path: `${API}/config/preview`,
    summary: 'What a change would do; nothing is written',
    query: NoQuery,
    body: { json: ChangeBody, text: 'application/yaml' },
    answer: PreviewAnswer,
  },
  {
    method: 'POST',
    path: `${API}/config/apply`,
    summary: 'Records and applies a change; 409 shows base, theirs and mine',
    query: NoQuery,
    body: { json: ChangeBody, text: 'application/yaml' },
    answer: ApplyAnswer,
  },
  {
    method: 'GET',
    path: `${API}/config/schema`,
    summary: 'The schema of a kind as the cluster publishes it, resolved and bounded',
    query: SchemaQuery,
    answer: SchemaAnswer,
  },
  {
    method: 'POST',
    path: `${API}/config/check`,
    summary:
      'What is wrong with a text of objects as if it were in the cluster, by lines; nothing is written',
    query: NoQuery,
    body: { json: CheckBody },
    answer: CheckAnswer,
  },
  {
    method: 'GET',
    path: object,
    summary: 'One object, every field kept',
    query: ConfigQuery,
    params: ConfigPath,
    answer: ConfigDetail,
  },
  {
    method: 'GET',
    path: `${object}/context`,
    summary: 'What surrounds one object: references both ways, traffic, events, rights',
    query: ConfigQuery,
    params: ConfigPath,
    answer: ObjectContext,
  },
  ...(['PUT', 'POST'] as const).map((method): Route => ({
    method,
    path: object,
    summary: method === 'PUT' ? 'Updates one object, as a change' : 'Creates one object, as a change',
    query: ConfigWriteQuery,
    params: ConfigPath,
    body: { json: KubernetesBody, text: 'application/yaml' },
    answer: ApplyAnswer,
  })),
  {
    method: 'DELETE',
    path: object,
    summary: 'Deletes one object, as a change',
    query: ConfigWriteQuery,
    params: ConfigPath,
    answer: ApplyAnswer,
  },
  {
    method: 'GET',
    path: `${API}/changes`,
    summary: 'Changes of configuration, newest first: made through Heddle, and seen made elsewhere',
    query: ChangesQuery,
    answer: ChangeList,
  },
  {
    method: 'GET',
    path: `${API}/changes/{id}`,
    summary: 'One change with its differences',
    query: NoQuery,
    params: ChangePath,
    answer: ChangeDetail,
  },
  {
    method: 'GET',
    path: `${API}/changes/{id}/effect`,
    summary: 'Traffic the change touches, one window before against one after',
    query: ChangeEffectQuery,
    params: ChangePath,
    answer: ChangeEffect,
  },
  {
    method: 'POST',
    path: `${API}/changes/{id}/revert`,
    summary: 'Takes a change back, as a change of its own; 409 when an object changed since',
    query: NoQuery,
    params: ChangePath,
    body: { json: RevertBody, text: 'application/yaml' },
    answer: ApplyAnswer,
  },
  {
    method: 'POST',
    path: `${API}/changes/{id}/revert/preview`,
    summary: 'What taking a change back would do; nothing is written',
    query: NoQuery,
    params: ChangePath,
    answer: PreviewAnswer,
  },
]

/** What the Envoys do; reached through the Kubernetes API with the rights of who asks. */
const proxy: readonly Route[] = [
  {
    method: 'GET',
    path: `${API}/proxy`,
    summary: 'Clusters, listeners, routes, endpoints and secrets of one Envoy, and how far istiod agrees',
    query: ProxyQuery,
    answer: ProxyAnswer,
  },
  {
    method: 'GET',
    path: `${API}/proxy/config-dump`,
    summary: 'The whole configuration of one Envoy, without what secrets hold',
    query: ProxyQuery,
    answer: ProxyDump,
  },
  {
    method: 'GET',
    path: `${API}/proxy/stats`,
    summary: 'Counters and gauges of one Envoy',
    query: ProxyStatsQuery,
    answer: ProxyStats,
  },
  {
    method: 'POST',
    path: `${API}/proxy/log-level`,
    summary: 'Sets how much one Envoy logs, until it restarts; same-origin requests only',
    query: NoQuery,
    body: { json: ProxyLevelBody },
    answer: ProxyLevelAnswer,
  },
]

const session: readonly Route[] = [
  {
    method: 'GET',
    path: `${API}/session`,
    summary: 'Who is signed in, and how one does',
    query: NoQuery,
    answer: SessionAnswer,
  },
  {
    method: 'POST',
    path: `${API}/session`,
    summary: 'Signs in with a bearer token of the Kubernetes API; same-origin requests only',
    query: NoQuery,
    body: { json: SignInBody },
    answer: SessionAnswer,
  },
  {
    method: 'DELETE',
    path: `${API}/session`,
    summary: 'Signs out; same-origin requests only',
    query: NoQuery,
    answer: SessionAnswer,
  },
]

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
    summary: 'Kubernetes events of a workload, app or service and its pods',
    query: NodeEventsQuery,
    answer: EventList,
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
    query: NoQuery,
    params: TracePath,
    answer: TraceAnswer,
  },
  {
    method: 'GET',
    path: `${API}/splits`,
    summary: 'All weighted routes: configured and observed shares of their destinations',
    query: SplitsQuery,
    answer: SplitList,
  },
  {
    method: 'GET',
    path: `${API}/splits/watch`,
    summary: 'Shares, errors and latency of one weighted route over time, and whether it has converged',
    query: SplitWatchQuery,
    answer: SplitWatch,
  },
  {
    method: 'GET',
    path: `${API}/splits/targets`,
    summary: 'What the requests of a service can be split between: versions, subsets, services',
    query: SplitTargetsQuery,
    answer: SplitTargets,
  },
  {
    method: 'GET',
    path: `${API}/routing`,
    summary: 'The objects that route the requests of a service, and why each does',
    query: SplitTargetsQuery,
    answer: ServiceRouting,
  },
  {
    method: 'GET',
    path: `${API}/mtls`,
    summary: 'Mutual TLS of every mesh, namespace, workload and port: configured, effective, observed',
    query: ScopeQuery,
    answer: MtlsList,
  },
  {
    method: 'GET',
    path: `${API}/mtls/namespaces`,
    summary: 'The same by namespace: counts, plain-text callers, and the way to STRICT and back',
    query: ScopeQuery,
    answer: MtlsNamespaces,
  },
  {
    method: 'POST',
    path: `${API}/mtls/preflight`,
    summary: 'Who would be refused if a mode were set somewhere; changes nothing',
    query: NoQuery,
    body: { json: PreflightBody },
    answer: Preflight,
  },
  {
    method: 'POST',
    path: `${API}/analyze`,
    summary: 'What is wrong with Kubernetes documents; they are all that exists, no cluster is asked',
    query: NoQuery,
    body: { json: AnalyzeBody, text: 'application/yaml' },
    answer: Findings,
  },
  {
    method: 'GET',
    path: `${API}/findings`,
    summary: 'What is wrong with the objects of the clusters as they are now',
    query: FindingsQuery,
    answer: LiveFindingList,
  },
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
