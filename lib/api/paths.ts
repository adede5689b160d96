/** Every link and URL of Heddle is built here. Values are encoded; absent and preset ones are left out. */
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import { NONE, resourceOfKind, type ConfigRef } from '@/lib/mesh/resource'
import type { WindowText } from './schemas/common'
import type { GraphType } from './schemas/mesh/graph'
import type { ChartName, ChartReporter, Comparison, Grouping, SCENARIO_ACTIONS } from './schemas/requests'

export const API = '/api/v1'

/** Same as DEFAULT_WINDOW, which lives beside validators that the first load should not carry. */
const PRESET_WINDOW: WindowText = '2m'

/** What is looked at, whatever the page. `at` is an instant in epoch milliseconds; null or absent: live. */
export interface Scope {
  /** `name` or `cluster/name`; none: all */
  namespaces?: readonly string[]
  clusters?: readonly string[]
  window?: WindowText
  at?: number | null
}

export interface GraphView extends Scope {
  graphType?: GraphType
  serviceNodes?: boolean
  idle?: boolean
  focus?: string | null
  hops?: number
}

export interface TraceFilter {
  node?: string
  /** with `namespace`: of all in it, in place of a node */
  cluster?: string
  namespace?: string
  service?: string
  window?: WindowText
  at?: number | null
  limit?: number
  minDurationMs?: number
  maxDurationMs?: number
  errors?: boolean
  operation?: string
  /** HTTP status of a span */
  status?: string
  /** `key=value key="other value"` */
  tags?: string
}

/** Which changes of the history are meant; absent: all. */
export interface ChangeFilter {
  cluster?: string
  namespace?: string
  kind?: string
  name?: string
  author?: string
  status?: string
}

/** A node, or all of a namespace. */
export type Subject = { node: string } | { cluster: string; namespace: string }

export interface ChartFilter extends Pick<Scope, 'window' | 'at'> {
  direction?: 'inbound' | 'outbound'
  charts?: readonly ChartName[]
  groupBy?: Grouping
  reporter?: ChartReporter
  compare?: Comparison
}
/** which graph ids are of */
type DrawnIn = Pick<GraphView, 'graphType' | 'serviceNodes'>
export type EdgeMetricsFilter = DrawnIn &
  Pick<Scope, 'window' | 'at'> & { source: string; target: string; protocol: string }
export type NodeMetricsFilter = ChartFilter & DrawnIn & { node: string }

export interface LogFilter {
  subject: Subject
  /** names; of a namespace only */
  workloads?: readonly string[]
  /** names; none: all */
  pods?: readonly string[]
  containers?: readonly string[]
  lines?: number
  /** epoch milliseconds */
  since?: number | null
  at?: number | null
  previous?: boolean
  spans?: boolean
}

export interface ItemRef {
  cluster: string
  namespace: string
  name: string
}

/** An object as its own page's address names it: by the plural of its kind. */
export type ConfigAddress = Omit<ConfigRef, 'kind'> & { resource: string }

export const ITEM_KINDS = ['workloads', 'services', 'apps'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

export const apiPaths = {
  graph: (view: GraphView & { latency?: 'wait' | 'later' } = {}) =>
    `${API}/graph${search({ ...graphParameters(view), latency: view.latency })}`,
  graphStream: (view: GraphView = {}) => `${API}/graph/stream${search(graphParameters(view))}`,
  overview: (scope: Scope = {}) => `${API}/overview${search(scopeParameters(scope))}`,
  /** alerts are of now: the time of a scope does not count */
  alerts: ({ namespaces, clusters }: Scope = {}) =>
    `${API}/alerts${search({ namespaces: list(namespaces), clusters: list(clusters) })}`,
  /** objectives are of now, too */
  slos: ({ namespaces, clusters }: Scope = {}) =>
    `${API}/slos${search({ namespaces: list(namespaces), clusters: list(clusters) })}`,
  alertSeries: (query: { rule: string; window?: WindowText }) =>
    `${API}/alerts/series${search({ rule: query.rule, window: query.window })}`,
  namespaces: (scope: Scope = {}) => `${API}/namespaces${search(scopeParameters(scope))}`,
  search: (query: Scope & { text: string }) =>
    `${API}/search${search({ text: query.text, ...scopeParameters(query) })}`,
  items: (kind: ItemKind, scope: Scope = {}) => `${API}/${kind}${search(scopeParameters(scope))}`,
  /** `edges`: all of them, however many; else the first */
  item: (kind: ItemKind, ref: ItemRef, { edges, ...scope }: Scope & { edges?: 'all' } = {}) =>
    `${API}/${kind}/${itemPath(ref)}${search({ ...timeParameters(scope), edges })}`,
  incidents: (scope: Scope = {}) => `${API}/incidents${search(scopeParameters(scope))}`,
  health: (scope: Scope & { kind?: 'workload' | 'app' | 'service' } = {}) =>
    `${API}/health${search({ ...scopeParameters(scope), kind: scope.kind })}`,
  nodeMetrics: ({ node, graphType, serviceNodes, ...query }: NodeMetricsFilter) =>
    `${API}/metrics/node${search({ node, graphType, serviceNodes, ...chartParameters(query) })}`,
  namespaceMetrics: ({
    cluster,
    namespace,
    ...query
  }: ChartFilter & { cluster: string; namespace: string }) =>
    `${API}/metrics/namespace${search({ cluster, namespace, ...chartParameters(query) })}`,
  controlPlaneMetrics: (query: { node: string } & Pick<Scope, 'window' | 'at'>) =>
    `${API}/metrics/control-plane${search({ node: query.node, ...spanParameters(query) })}`,
  edgeMetrics: ({ window, at, ...edge }: EdgeMetricsFilter) =>
    `${API}/metrics/edge${search({ ...edge, ...spanParameters({ window, at }) })}`,
  events: ({ at = null, ...subject }: Subject & { at?: number | null }) =>
    `${API}/events${search({ ...subject, ...timeParameters({ at }) })}`,
  rollouts: ({ at = null, ...subject }: Subject & { at?: number | null }) =>
    `${API}/rollouts${search({ ...subject, ...timeParameters({ at }) })}`,
  logs: (query: LogFilter) =>
    `${API}/logs${search({
      ...query.subject,
      workloads: list(query.workloads),
      pods: list(query.pods),
      containers: list(query.containers),
      lines: query.lines,
      since: query.since == null ? undefined : query.since / 1000,
      at: query.at == null ? undefined : query.at / 1000,
      previous: query.previous || undefined,
      spans: query.spans || undefined,
    })}`,
  proxy: (query: { node: string; pod?: string | null }) => `${API}/proxy${search(query)}`,
  proxyDump: (query: { node: string; pod?: string | null }) => `${API}/proxy/config-dump${search(query)}`,
  proxyStats: (query: { node: string; pod?: string | null; filter?: string }) =>
    `${API}/proxy/stats${search(query)}`,
  proxiesBehind: () => `${API}/proxy/behind`,
  proxySync: (node: string) => `${API}/proxy/sync${search({ node })}`,
  proxyList: (place: { cluster: string; namespace: string }) => `${API}/proxy/list${search(place)}`,
  proxyLogLevel: () => `${API}/proxy/log-level`,
  effectiveRouting: (node: string) => `${API}/effective-routing${search({ node })}`,
  overhead: (query: { node: string } & Pick<Scope, 'window' | 'at'>) =>
    `${API}/overhead${search({ node: query.node, ...timeParameters(query) })}`,
  traces: (filter: TraceFilter) => `${API}/traces${search(traceParameters(filter))}`,
  traceOperations: (of: { node?: string; service?: string } | { cluster: string; namespace: string }) =>
    `${API}/traces/operations${search(of)}`,
  trace: (id: string) => `${API}/traces/${encodeURIComponent(id)}`,
  /** the trace without tags and logs of its spans */
  traceOutline: (id: string) => `${API}/traces/${encodeURIComponent(id)}?tags=none`,
  /** `node`: of those only the ones that send to it */
  splits: ({ observed, node, ...scope }: Scope & { observed?: boolean; node?: string } = {}) =>
    `${API}/splits${search({
      ...scopeParameters(scope),
      node,
      observed: observed === false ? false : undefined,
    })}`,
  splitWatch: (query: { split: string; since?: number | null } & Scope) =>
    `${API}/splits/watch${search({
      split: query.split,
      since: query.since == null ? undefined : query.since / 1000,
      ...spanParameters(query),
    })}`,
  splitTargets: (service: { cluster: string; namespace: string; name: string }) =>
    `${API}/splits/targets${search({ cluster: service.cluster, namespace: service.namespace, service: service.name })}`,
  routing: (service: ItemRef) =>
    `${API}/routing${search({ cluster: service.cluster, namespace: service.namespace, service: service.name })}`,
  mtls: (scope: Scope = {}) => `${API}/mtls${search(scopeParameters(scope))}`,
  mtlsNamespaces: (scope: Scope = {}) => `${API}/mtls/namespaces${search(scopeParameters(scope))}`,
  mtlsPreflight: () => `${API}/mtls/preflight`,
  analyze: () => `${API}/analyze`,
  config: (scope: Scope = {}) => `${API}/config${search(configParameters(scope))}`,
  configObject: (ref: ConfigRef | ConfigAddress) =>
    `${API}/config/${objectPath(ref)}${search({ cluster: ref.cluster })}`,
  configContext: (ref: ConfigRef | ConfigAddress) =>
    `${API}/config/${objectPath(ref)}/context${search({ cluster: ref.cluster })}`,
  session: () => `${API}/session`,
  configSchema: ({
    cluster,
    group,
    version,
    kind,
  }: Pick<ConfigRef, 'cluster' | 'group' | 'version' | 'kind'>) =>
    // an empty group is said, too
    `${API}/config/schema${search({ cluster, version, kind })}&group=${encodeURIComponent(group)}`,
  configCheck: () => `${API}/config/check`,
  preview: () => `${API}/config/preview`,
  apply: () => `${API}/config/apply`,
  changes: (filter: ChangeFilter & { token?: string; node?: string; limit?: number } = {}) => {
    const { token, node, limit } = filter
    return `${API}/changes${search({ ...changeParameters(filter), token, node, limit })}`
  },
  change: (id: string) => `${API}/changes/${encodeURIComponent(id)}`,
  changeEffect: (id: string, window?: string) =>
    `${API}/changes/${encodeURIComponent(id)}/effect${search({ window })}`,
  revert: (id: string) => `${API}/changes/${encodeURIComponent(id)}/revert`,
  revertPreview: (id: string) => `${API}/changes/${encodeURIComponent(id)}/revert/preview`,
  /** findings are of now: the time of a scope does not count; `node`: of what has a say in what happens there */
  findings: ({ namespaces, clusters, node }: Scope & { node?: string } = {}) =>
    `${API}/findings${search({ namespaces: list(namespaces), clusters: list(clusters), node })}`,
  status: () => `${API}/status`,
  scenarios: () => `${API}/demo/scenarios`,
  scenario: (name: string, action: (typeof SCENARIO_ACTIONS)[number]) =>
    `${API}/demo/scenarios/${encodeURIComponent(name)}/${action}`,
  openapi: () => `${API}/openapi.json`,
} as const

const ITEM_OF_KIND: Partial<Record<NodeRef['kind'], ItemKind>> = {
  workload: 'workloads',
  app: 'apps',
  service: 'services',
}

export const pagePaths = {
  overview: (scope: Scope = {}) => `/overview${search(scopeParameters(scope))}`,
  /** `trace`: id of one laid over the graph */
  graph: (view: GraphView & { selected?: string | null; trace?: string | null } = {}) =>
    `/graph${search({ ...graphParameters(view), selected: view.selected, trace: view.trace })}`,
  namespaces: (scope: Scope = {}) => `/namespaces${search(scopeParameters(scope))}`,
  namespace: ({ cluster, name }: { cluster: string; name: string }, scope: Scope = {}) =>
    `/namespaces/${encodeURIComponent(cluster)}/${encodeURIComponent(name)}${search(timeParameters(scope))}`,
  /** all alerts, or one opened by its id */
  alerts: (scope: Scope & { open?: string } = {}) =>
    `/alerts${search({ ...scopeParameters(scope), open: scope.open })}`,
  /** all objectives, or one opened by its id */
  slos: (scope: Scope & { open?: string } = {}) =>
    `/slos${search({ ...scopeParameters(scope), open: scope.open })}`,
  mesh: (scope: Scope = {}) => `/mesh${search(scopeParameters(scope))}`,
  /** `selected`: `{cluster}[/{namespace}[/{workload}[:{port}]]]`; `mode`: the pre-flight to begin with */
  mtls: (scope: Scope & { selected?: string; mode?: string } = {}) =>
    `/mutual-tls${search({ ...scopeParameters(scope), selected: scope.selected, mode: scope.mode })}`,
  /** All weighted routes, or one of them by its id. */
  splits: (scope: Scope & { split?: string | null; filter?: string } = {}) =>
    `/traffic-shifting${search({ ...scopeParameters(scope), split: scope.split, filter: scope.filter })}`,
  /**
   * What routes a service's requests, to be edited. `object`: the one that is open, `Kind/namespace/name`, or
   * `split` for its first split.
   */
  routing: (service: ItemRef, scope: Scope & { object?: string | null } = {}) =>
    `/routing/${itemPath(service)}${search({ ...timeParameters(scope), object: scope.object })}`,
  items: (kind: ItemKind, scope: Scope = {}) => `/${kind}${search(scopeParameters(scope))}`,
  item: (kind: ItemKind, ref: ItemRef, scope: Scope & { tab?: string } = {}) =>
    `/${kind}/${itemPath(ref)}${search({ tab: scope.tab, ...timeParameters(scope) })}`,
  /** The page of a node; undefined for external and unknown ones, which have none. */
  findNode: (id: string, scope: Scope & { tab?: string } = {}) => {
    const ref = parseNodeId(id)
    const kind = ref && ITEM_OF_KIND[ref.kind]
    return ref && kind ? pagePaths.item(kind, ref, scope) : undefined
  },
  traces: (filter: TraceFilter) => `/traces${search(traceParameters(filter))}`,
  /** `beside`: another trace to compare with */
  trace: (id: string, { beside }: { beside?: string | null } = {}) =>
    `/traces/${encodeURIComponent(id)}${search({ beside })}`,
  /** The logs of one of a node's pods around an instant; undefined for what has no page. */
  findLogs: (id: string, { pod, atMs }: { pod: string | null; atMs: number }) => {
    const page = pagePaths.findNode(id)
    const at = Math.ceil(atMs / 1000) + AFTER_SECONDS
    return page && `${page}${search({ tab: 'logs', pod, at, mark: Math.round(atMs) })}`
  },
  /** What the containers of one of a node's pods wrote before their last restart; undefined for what has no page. */
  findLastWords: (id: string, { pod, container }: { pod: string; container: string | null }) => {
    const page = pagePaths.findNode(id)
    return page && `${page}${search({ tab: 'logs', pod, container, previous: 'on' })}`
  },
  /** The proxy of one of a node's pods; the node itself for what has no page. */
  findProxy: (id: string, pod: string) => {
    const page = pagePaths.findNode(id)
    return page ? `${page}${search({ tab: 'proxy', pod })}` : pagePaths.graph({ selected: id })
  },
  /** One of a node's pods among the others, at an instant or now; undefined for what has no page. */
  findPod: (id: string, { pod, ...time }: Pick<Scope, 'window' | 'at'> & { pod: string }) => {
    const page = pagePaths.findNode(id)
    return page && `${page}${search({ ...timeParameters(time), pod })}`
  },
  config: (scope: Scope = {}) => `/config${search(scopeParameters(scope))}`,
  newConfig: () => '/config/new',
  configObject: (ref: ConfigRef | ConfigAddress, scope: Scope = {}) =>
    `/config/${encodeURIComponent(ref.cluster)}/${objectPath(ref)}${search(timeParameters(scope))}`,
  signIn: (next: string) => `/sign-in${search({ next })}`,
  changes: (filter: ChangeFilter & Scope = {}) =>
    `/changes${search({ ...scopeParameters(filter), ...changeParameters(filter) })}`,
  change: (id: string) => `/changes/${encodeURIComponent(id)}`,
  checks: () => '/checks',
  analyze: () => '/checks/analyze',
  /** what a code means, such as IST0101 */
  check: (code: string) => `/checks/${encodeURIComponent(code)}`,
} as const

/** Lines that follow an instant say how it went on. */
const AFTER_SECONDS = 5

type Parameters = Record<string, string | number | boolean | null | undefined>

function scopeParameters(scope: Scope): Parameters {
  return {
    namespaces: list(scope.namespaces),
    clusters: list(scope.clusters),
    ...timeParameters(scope),
  }
}

function chartParameters(filter: ChartFilter): Parameters {
  const { direction, charts, groupBy, reporter, compare } = filter
  return {
    direction,
    charts: charts?.join(','),
    groupBy: groupBy === 'none' ? undefined : groupBy,
    reporter: reporter === 'once' ? undefined : reporter,
    compare: compare === 'none' ? undefined : compare,
    ...spanParameters(filter),
  }
}

function timeParameters(scope: Pick<Scope, 'window' | 'at'>): Parameters {
  return {
    window: scope.window === PRESET_WINDOW ? undefined : scope.window,
    at: scope.at == null ? undefined : scope.at / 1000,
  }
}

/** Charts and trace lists have presets of their own: what is chosen is always written. */
function spanParameters(scope: Pick<Scope, 'window' | 'at'>): Parameters {
  return { ...timeParameters(scope), window: scope.window }
}

function graphParameters(view: GraphView): Parameters {
  return {
    ...scopeParameters(view),
    graphType: view.graphType === 'workload' ? undefined : view.graphType,
    serviceNodes: view.serviceNodes || undefined,
    idle: view.idle || undefined,
    focus: view.focus,
    hops: view.hops === 1 ? undefined : view.hops,
  }
}

/** Kubernetes keeps no past: objects are those of now. */
function configParameters({ namespaces, clusters }: Scope): Parameters {
  return { namespaces: list(namespaces), clusters: list(clusters) }
}

function objectPath(ref: ConfigRef | ConfigAddress): string {
  const { group, version, namespace, name } = ref
  const resource = 'resource' in ref ? ref.resource : resourceOfKind(ref.kind)
  return [group || NONE, version, resource, namespace || NONE, name].map(encodeURIComponent).join('/')
}

function changeParameters({ cluster, namespace, kind, name, author, status }: ChangeFilter): Parameters {
  return { cluster, namespace, kind, name, author, status }
}

function traceParameters(filter: TraceFilter): Parameters {
  const { window, at, errors, ...rest } = filter
  return { ...rest, ...spanParameters({ window, at }), errors: errors || undefined }
}

/** Sorted, so that one set of names is one URL and one cache entry. */
function list(names: readonly string[] | undefined): string | undefined {
  return names && names.length > 0 ? [...new Set(names)].sort().join(',') : undefined
}

function itemPath(ref: ItemRef): string {
  return [ref.cluster, ref.namespace, ref.name].map(encodeURIComponent).join('/')
}

function search(parameters: Parameters): string {
  const text = new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) =>
      value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
    ),
  ).toString()
  // ids and lists stay readable: both characters are allowed in a query
  return text === '' ? '' : `?${text.replaceAll('%2C', ',').replaceAll('%2F', '/')}`
}
