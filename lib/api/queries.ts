/** Query options shared by prefetch on the server and hooks in the browser: one key, one answer. */
import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { ConfigRef } from '@/lib/mesh/resource'
import type { AnalyzeBody } from './schemas/config/analyze'
import type { CheckBody } from './schemas/config/editing'
import { fetchJson, type SchemaLoader } from './fetch'
import {
  apiPaths,
  type ChangeFilter,
  type ChartFilter,
  type Subject,
  type ConfigAddress,
  type GraphView,
  type ItemKind,
  type ItemRef,
  type Scope,
  type TraceFilter,
} from './paths'
import type { ProxyLevelBody } from './schemas/telemetry/proxy'
import type { PreflightQuestion } from './schemas/config/mtls'

const schemas = {
  session: () => import('./schemas/session').then((file) => file.SessionAnswer),
  change: () => import('./schemas/config/changes').then((file) => file.ChangeDetail),
  changeEffect: () => import('./schemas/config/changes').then((file) => file.ChangeEffect),
  changes: () => import('./schemas/config/changes').then((file) => file.ChangeList),
  findings: () => import('./schemas/config/analyze').then((file) => file.LiveFindingList),
  analysis: () => import('./schemas/config/analyze').then((file) => file.Findings),
  config: () => import('./schemas/config/changes').then((file) => file.ConfigList),
  check: () => import('./schemas/config/editing').then((file) => file.CheckAnswer),
  kindSchema: () => import('./schemas/config/editing').then((file) => file.SchemaAnswer),
  configObject: () => import('./schemas/config/changes').then((file) => file.ConfigDetail),
  configContext: () => import('./schemas/config/object-context').then((file) => file.ObjectContext),
  graph: () => import('./schemas/mesh/graph').then((file) => file.Graph),
  items: () => import('./schemas/mesh/lists').then((file) => file.ItemList),
  item: () => import('./schemas/mesh/lists').then((file) => file.ItemDetail),
  mtls: () => import('./schemas/config/mtls').then((file) => file.MtlsList),
  mtlsNamespaces: () => import('./schemas/config/mtls').then((file) => file.MtlsNamespaces),
  preflight: () => import('./schemas/config/mtls').then((file) => file.Preflight),
  metrics: () => import('./schemas/telemetry/metrics').then((file) => file.MetricAnswer),
  proxy: () => import('./schemas/telemetry/proxy').then((file) => file.ProxyAnswer),
  proxyDump: () => import('./schemas/telemetry/proxy').then((file) => file.ProxyDump),
  proxyLevel: () => import('./schemas/telemetry/proxy').then((file) => file.ProxyLevelAnswer),
  proxiesBehind: () => import('./schemas/telemetry/proxy').then((file) => file.ProxiesBehind),
  proxySync: () => import('./schemas/telemetry/proxy').then((file) => file.ProxySyncList),
  proxyList: () => import('./schemas/telemetry/proxy').then((file) => file.ProxyList),
  proxyStats: () => import('./schemas/telemetry/proxy').then((file) => file.ProxyStats),
  incidents: () => import('./schemas/mesh/incidents').then((file) => file.IncidentList),
  effectiveRouting: () => import('./schemas/mesh/details').then((file) => file.EffectiveRouting),
  events: () => import('./schemas/mesh/details').then((file) => file.EventList),
  rollouts: () => import('./schemas/mesh/details').then((file) => file.RolloutList),
  overhead: () => import('./schemas/mesh/details').then((file) => file.Overhead),
  overview: () => import('./schemas/mesh/overview').then((file) => file.Overview),
  alertSeries: () => import('./schemas/telemetry/alerts').then((file) => file.AlertSeries),
  slos: () => import('./schemas/telemetry/slos').then((file) => file.SloList),
  alerts: () => import('./schemas/telemetry/alerts').then((file) => file.AlertList),
  health: () => import('./schemas/status').then((file) => file.HealthSummary),
  namespaces: () => import('./schemas/status').then((file) => file.NamespaceList),
  search: () => import('./schemas/search').then((file) => file.SearchAnswer),
  scenarios: () => import('./schemas/status').then((file) => file.ScenarioList),
  splits: () => import('./schemas/config/splits').then((file) => file.SplitList),
  routing: () => import('./schemas/config/routing').then((file) => file.ServiceRouting),
  splitTargets: () => import('./schemas/config/splits').then((file) => file.SplitTargets),
  splitWatch: () => import('./schemas/config/splits').then((file) => file.SplitWatch),
  status: () => import('./schemas/status').then((file) => file.Status),
  trace: () => import('./schemas/telemetry/traces').then((file) => file.TraceAnswer),
  operations: () => import('./schemas/telemetry/traces').then((file) => file.OperationList),
  traces: () => import('./schemas/telemetry/traces').then((file) => file.TraceList),
}

/** The key is the URL itself: what makes another URL makes another answer, and nothing else does. */
const answerOf = <T extends z.ZodType>(url: string, schema: SchemaLoader<T>, staleTime: number) =>
  queryOptions({
    queryKey: [url] as const,
    queryFn: ({ signal }) => fetchJson(url, schema, { signal }),
    staleTime,
  })

/** History does not change; what is live is fresh for about one scrape. */
const freshness = (at: number | null | undefined) => (at == null ? 10_000 : Infinity)

export const queries = {
  graph: (view: GraphView) => answerOf(apiPaths.graph(view), schemas.graph, freshness(view.at)),
  namespaces: (scope: Scope = {}) =>
    answerOf(apiPaths.namespaces(scope), schemas.namespaces, freshness(scope.at)),
  /** what names mean; asked while they are typed */
  search: (query: Parameters<typeof apiPaths.search>[0]) =>
    queryOptions({ ...answerOf(apiPaths.search(query), schemas.search, 10_000), gcTime: 30_000 }),
  items: (kind: ItemKind, scope: Scope = {}) =>
    answerOf(apiPaths.items(kind, scope), schemas.items, freshness(scope.at)),
  item: (kind: ItemKind, ref: ItemRef, scope: Parameters<typeof apiPaths.item>[2] = {}) =>
    answerOf(apiPaths.item(kind, ref, scope), schemas.item, freshness(scope.at)),
  incidents: (scope: Scope = {}) =>
    answerOf(apiPaths.incidents(scope), schemas.incidents, freshness(scope.at)),
  overview: (scope: Scope = {}) => answerOf(apiPaths.overview(scope), schemas.overview, freshness(scope.at)),
  alerts: (scope: Scope = {}) => answerOf(apiPaths.alerts(scope), schemas.alerts, 10_000),
  slos: (scope: Scope = {}) => answerOf(apiPaths.slos(scope), schemas.slos, 15_000),
  alertSeries: (query: Parameters<typeof apiPaths.alertSeries>[0]) =>
    answerOf(apiPaths.alertSeries(query), schemas.alertSeries, 10_000),
  health: (scope: Parameters<typeof apiPaths.health>[0] = {}) =>
    answerOf(apiPaths.health(scope), schemas.health, freshness(scope.at)),
  nodeMetrics: (query: Parameters<typeof apiPaths.nodeMetrics>[0]) =>
    answerOf(apiPaths.nodeMetrics(query), schemas.metrics, freshness(query.at)),
  trafficMetrics: (subject: Subject, filter: ChartFilter) =>
    answerOf(
      'node' in subject
        ? apiPaths.nodeMetrics({ ...subject, ...filter })
        : apiPaths.namespaceMetrics({ ...subject, ...filter }),
      schemas.metrics,
      freshness(filter.at),
    ),
  controlPlaneMetrics: (query: Parameters<typeof apiPaths.controlPlaneMetrics>[0]) =>
    answerOf(apiPaths.controlPlaneMetrics(query), schemas.metrics, freshness(query.at)),
  edgeMetrics: (query: Parameters<typeof apiPaths.edgeMetrics>[0]) =>
    answerOf(apiPaths.edgeMetrics(query), schemas.metrics, freshness(query.at)),
  events: (query: Parameters<typeof apiPaths.events>[0]) =>
    answerOf(apiPaths.events(query), schemas.events, freshness(query.at)),
  rollouts: (query: Parameters<typeof apiPaths.rollouts>[0]) =>
    answerOf(apiPaths.rollouts(query), schemas.rollouts, freshness(query.at)),
  proxy: (query: Parameters<typeof apiPaths.proxy>[0]) =>
    answerOf(apiPaths.proxy(query), schemas.proxy, 10_000),
  proxyDump: (query: Parameters<typeof apiPaths.proxyDump>[0]) =>
    answerOf(apiPaths.proxyDump(query), schemas.proxyDump, 10_000),
  proxiesBehind: () => answerOf(apiPaths.proxiesBehind(), schemas.proxiesBehind, 60_000),
  proxySync: (node: string) => answerOf(apiPaths.proxySync(node), schemas.proxySync, 30_000),
  proxyList: (place: Parameters<typeof apiPaths.proxyList>[0]) =>
    answerOf(apiPaths.proxyList(place), schemas.proxyList, 10_000),
  proxyStats: (query: Parameters<typeof apiPaths.proxyStats>[0]) =>
    answerOf(apiPaths.proxyStats(query), schemas.proxyStats, 5_000),
  effectiveRouting: (node: string) =>
    answerOf(apiPaths.effectiveRouting(node), schemas.effectiveRouting, 10_000),
  overhead: (query: Parameters<typeof apiPaths.overhead>[0]) =>
    answerOf(apiPaths.overhead(query), schemas.overhead, freshness(query.at)),
  traces: (filter: TraceFilter) => answerOf(apiPaths.traces(filter), schemas.traces, freshness(filter.at)),
  traceOperations: (of: Parameters<typeof apiPaths.traceOperations>[0]) =>
    answerOf(apiPaths.traceOperations(of), schemas.operations, 60_000),
  trace: (id: string) => answerOf(apiPaths.trace(id), schemas.trace, Infinity),
  traceOutline: (id: string) => answerOf(apiPaths.traceOutline(id), schemas.trace, Infinity),
  config: (scope: Scope = {}) => answerOf(apiPaths.config(scope), schemas.config, 5_000),
  configSchema: (kind: Parameters<typeof apiPaths.configSchema>[0]) =>
    answerOf(apiPaths.configSchema(kind), schemas.kindSchema, 10 * 60_000),
  /** A question that is too long for an address: the text is part of the key. */
  /** documents that need not be in a cluster; asked with a body, and changes nothing */
  analyze: (body: AnalyzeBody) =>
    queryOptions({
      queryKey: [apiPaths.analyze(), body] as const,
      queryFn: ({ signal }) =>
        fetchJson(apiPaths.analyze(), schemas.analysis, { method: 'POST', body, signal }),
      staleTime: 10_000,
      gcTime: 30_000,
    }),
  check: (body: CheckBody) =>
    queryOptions({
      queryKey: [apiPaths.configCheck(), body] as const,
      queryFn: ({ signal }) =>
        fetchJson(apiPaths.configCheck(), schemas.check, { method: 'POST', body, signal }),
      staleTime: 10_000,
      // each pause in typing makes another
      gcTime: 30_000,
    }),
  configObject: (ref: ConfigRef | ConfigAddress) =>
    answerOf(apiPaths.configObject(ref), schemas.configObject, 5_000),
  configContext: (ref: ConfigRef | ConfigAddress) =>
    answerOf(apiPaths.configContext(ref), schemas.configContext, 10_000),
  mtls: (scope: Scope = {}) => answerOf(apiPaths.mtls(scope), schemas.mtls, freshness(scope.at)),
  mtlsNamespaces: (scope: Scope = {}) =>
    answerOf(apiPaths.mtlsNamespaces(scope), schemas.mtlsNamespaces, freshness(scope.at)),
  /** asked with a body, and changes nothing: a question like the others */
  mtlsPreflight: (body: PreflightQuestion) =>
    queryOptions({
      queryKey: [apiPaths.mtlsPreflight(), body] as const,
      queryFn: ({ signal }) =>
        fetchJson(apiPaths.mtlsPreflight(), schemas.preflight, { signal, method: 'POST', body }),
      staleTime: 10_000,
    }),
  changes: (filter: ChangeFilter & { node?: string; limit?: number } = {}) =>
    answerOf(apiPaths.changes(filter), schemas.changes, 5_000),
  change: (id: string) => answerOf(apiPaths.change(id), schemas.change, 5_000),
  session: () => answerOf(apiPaths.session(), schemas.session, 60_000),
  changeEffect: (id: string, window?: string) =>
    answerOf(apiPaths.changeEffect(id, window), schemas.changeEffect, 5_000),
  findings: (of: Parameters<typeof apiPaths.findings>[0] = {}) =>
    answerOf(apiPaths.findings(of), schemas.findings, 10_000),
  splits: (scope: Parameters<typeof apiPaths.splits>[0] = {}) =>
    // what was just applied must show
    answerOf(apiPaths.splits(scope), schemas.splits, 0),
  splitWatch: (query: Parameters<typeof apiPaths.splitWatch>[0]) =>
    answerOf(apiPaths.splitWatch(query), schemas.splitWatch, freshness(query.at)),
  /** what was just applied must show */
  routing: (service: ItemRef) => answerOf(apiPaths.routing(service), schemas.routing, 0),
  splitTargets: (service: Parameters<typeof apiPaths.splitTargets>[0]) =>
    answerOf(apiPaths.splitTargets(service), schemas.splitTargets, 0),
  status: () => answerOf(apiPaths.status(), schemas.status, 5_000),
  scenarios: () => answerOf(apiPaths.scenarios(), schemas.scenarios, 5_000),
} as const

/** Sets how much the Envoy of one pod logs. Throws ApiFailure. */
export function setProxyLogLevel(body: ProxyLevelBody) {
  return fetchJson(apiPaths.proxyLogLevel(), schemas.proxyLevel, { method: 'POST', body })
}

/** Starts or stops an incident of the embedded mesh; answers the list as it is then. */
export function setScenario(name: string, action: 'start' | 'stop') {
  return fetchJson(apiPaths.scenario(name, action), schemas.scenarios, { method: 'POST' })
}
