/** What each request of the HTTP API may ask: query parameters, parsed strictly, every one with a bound. */
import { z } from 'zod'
import { MOST_PEER_EDGES } from '@/lib/graph/peers'
import { parseTags } from '@/lib/trace/tag-search'
import { GRAPH_TYPES } from './mesh/graph'
import { WINDOW_NAMES } from './common'
import {
  LIMITS,
  nameList,
  flag,
  oneOf,
  wholeNumber,
  instantParameter,
  nodeIdParameter,
  windowText,
  windowParameter,
  isWholePlace,
  placeParameters,
} from './parameters'

const scope = {
  namespaces: nameList('namespaces'),
  clusters: nameList('clusters'),
  window: windowParameter,
  at: instantParameter.optional(),
}

export const GraphQuery = z.strictObject({
  ...scope,
  graphType: oneOf(GRAPH_TYPES, 'workload'),
  serviceNodes: flag('false').describe('draw the service between a caller and its workloads'),
  idle: flag('false').describe('keep nodes and edges without traffic'),
  focus: nodeIdParameter.optional().describe('only this node and its neighbours'),
  hops: wholeNumber(1, LIMITS.hops, 1).describe('how far from `focus`'),
  latency: oneOf(['wait', 'later'], 'wait').describe(
    'wait: a few seconds for quantiles; later: answer with traffic and health alone',
  ),
})
export type GraphQuery = z.output<typeof GraphQuery>

export const ScopeQuery = z.strictObject(scope)
export type ScopeQuery = z.output<typeof ScopeQuery>

export const SearchQuery = z.strictObject({
  ...scope,
  text: z
    .string()
    .max(200)
    .prefault('')
    .describe('words that names, kinds and places hold; none: what is worst'),
  limit: wholeNumber(1, LIMITS.hits, 40),
})
export type SearchQuery = z.output<typeof SearchQuery>

export const SplitsQuery = z.strictObject({
  ...scope,
  node: nodeIdParameter
    .optional()
    .describe('only those with several destinations that send to this workload, app or service'),
  observed: flag('true').describe('false: configuration alone, whatever the state of Prometheus'),
})
export type SplitsQuery = z.output<typeof SplitsQuery>

export const HealthQuery = z.strictObject({
  ...scope,
  kind: oneOf(['workload', 'app', 'service'], 'workload'),
})
export type HealthQuery = z.output<typeof HealthQuery>

export const ItemQuery = z.strictObject({
  window: windowParameter,
  at: instantParameter.optional(),
  edges: oneOf(['first', 'all'], 'first').describe(
    `first: at most ${MOST_PEER_EDGES} into it and as many out of it, what fails first, then the busiest; all: every one`,
  ),
})
export type ItemQuery = z.output<typeof ItemQuery>

/** Path of one item: `/{cluster}/{namespace}/{name}`. */
export const ItemPath = z.strictObject({
  cluster: z.string().min(1).max(LIMITS.nameLength),
  namespace: z.string().min(1).max(LIMITS.nameLength),
  name: z.string().min(1).max(LIMITS.nameLength),
})
export type ItemPath = z.output<typeof ItemPath>

const chart = {
  window: windowText.prefault('30m').describe('length of the chart, back from `at`'),
  at: instantParameter.optional(),
}

/** What a node's charts can be about. */
export const CHARTS = ['requests', 'latency', 'heatmap', 'bytes', 'sizes', 'messages', 'tcp'] as const
export type ChartName = (typeof CHARTS)[number]
export const GROUPINGS = ['none', 'version', 'workload', 'peer', 'code', 'pod'] as const
export type Grouping = (typeof GROUPINGS)[number]
export const CHART_REPORTERS = ['once', 'source', 'destination', 'waypoint'] as const
export type ChartReporter = (typeof CHART_REPORTERS)[number]
/** How long before, in seconds. */
export const COMPARISONS = { none: 0, '1h': 3_600, '1d': 86_400, '7d': 604_800 } as const
export type Comparison = keyof typeof COMPARISONS
const COMPARISON_NAMES = Object.keys(COMPARISONS) as [Comparison, ...Comparison[]]

const chartList = z
  .string()
  .max(100)
  .transform((text) => [...new Set(text.split(',').filter((name) => name !== ''))])
  .pipe(
    z.array(z.enum(CHARTS, { error: `must be some of ${CHARTS.join(', ')}, separated by commas` })).min(1),
  )
  .prefault('requests,latency,bytes,tcp')
  .describe(`comma list of ${CHARTS.join(', ')}`)

const traffic = {
  ...chart,
  direction: oneOf(['inbound', 'outbound'], 'inbound'),
  charts: chartList,
  groupBy: oneOf(GROUPINGS, 'none').describe(
    `one line for each of the ${LIMITS.groups} busiest; code is the response flags of TCP`,
  ),
  reporter: oneOf(CHART_REPORTERS, 'once').describe(
    'once: every request once, as the graph counts; else what one side reported',
  ),
  compare: oneOf(COMPARISON_NAMES, 'none').describe('the same so long before, beside it'),
}

/** Where two parameters exclude each other, the later one is refused. */
function consistent<T extends z.ZodType<{ groupBy: Grouping; compare: Comparison; charts: ChartName[] }>>(
  query: T,
): T {
  return query
    .refine(({ groupBy, compare }) => groupBy === 'none' || compare === 'none', {
      path: ['compare'],
      error: 'cannot be used with groupBy: one earlier line stands beside each of now',
    })
    .refine(({ groupBy, charts }) => groupBy === 'none' || !charts.includes('heatmap'), {
      path: ['charts'],
      error: 'heatmap cannot be grouped',
    })
}

/** A service is one thing in its own graph, and parts of it are in others. */
const drawnIn = {
  graphType: oneOf(GRAPH_TYPES, 'service').describe(
    'the graph the ids are of: in that of services all requests for a service are its own; in others those that no workload answered',
  ),
  serviceNodes: flag('false').describe(
    'ids of a graph with services between callers and workloads: all requests for one, and out of it those that were answered',
  ),
}
/** Which graph ids are of. */
export type DrawnIn = z.output<z.ZodObject<typeof drawnIn>>

export const NodeMetricsQuery = consistent(z.strictObject({ ...traffic, ...drawnIn, node: nodeIdParameter }))
export type NodeMetricsQuery = z.output<typeof NodeMetricsQuery>

export const NamespaceMetricsQuery = consistent(
  z.strictObject({
    ...traffic,
    cluster: z.string().min(1).max(LIMITS.nameLength),
    namespace: z.string().min(1).max(LIMITS.nameLength),
  }),
)
export type NamespaceMetricsQuery = z.output<typeof NamespaceMetricsQuery>

export const AlertSeriesQuery = z.strictObject({
  rule: z.string().min(1).max(LIMITS.nodeIdLength).describe('id of an alerting rule'),
  window: z
    .enum(WINDOW_NAMES, { error: `must be one of ${WINDOW_NAMES.join(', ')}` })
    .prefault('1h')
    .describe('length of the series, back from now'),
})
export type AlertSeriesQuery = z.output<typeof AlertSeriesQuery>

export const ControlPlaneMetricsQuery = z.strictObject({ ...chart, node: nodeIdParameter })
export type ControlPlaneMetricsQuery = z.output<typeof ControlPlaneMetricsQuery>

export const EdgeMetricsQuery = z.strictObject({
  ...chart,
  ...drawnIn,
  source: nodeIdParameter,
  target: nodeIdParameter,
  protocol: oneOf(['http', 'grpc', 'tcp'], 'http'),
})
export type EdgeMetricsQuery = z.output<typeof EdgeMetricsQuery>

export const SplitWatchQuery = z.strictObject({
  split: z.string().min(1).max(LIMITS.nodeIdLength).describe('id of a split'),
  window: z
    .enum(WINDOW_NAMES, { error: `must be one of ${WINDOW_NAMES.join(', ')}` })
    .prefault('10m')
    .describe('length of the series, back from `at`'),
  at: instantParameter.optional(),
  since: instantParameter.optional().describe('when the weights were changed; absent: not lately'),
})
export type SplitWatchQuery = z.output<typeof SplitWatchQuery>

export const SplitTargetsQuery = z.strictObject({
  cluster: z.string().min(1).max(LIMITS.nameLength),
  namespace: z.string().min(1).max(LIMITS.nameLength),
  service: z.string().min(1).max(LIMITS.nameLength),
})
export type SplitTargetsQuery = z.output<typeof SplitTargetsQuery>

const millis = z
  .string()
  .regex(/^\d{1,9}(\.\d+)?$/, 'must be a number of milliseconds')
  .transform(Number)

/** Traces are those of a node, of a service of the tracing store, or of all in a namespace. */
function isOneWhose(query: { node?: unknown; service?: unknown; cluster?: unknown; namespace?: unknown }) {
  const given = [query.node, query.service, query.cluster].filter((one) => one !== undefined)
  return given.length === 1 && isWholePlace(query)
}
const WHOSE_ERROR = {
  path: ['node'],
  error: 'must be given, or service, or cluster with namespace: one of these and no more',
}

export const TraceQuery = z
  .strictObject({
    node: nodeIdParameter.optional().describe('traces this node took part in'),
    ...placeParameters,
    service: z
      .string()
      .min(1)
      .max(LIMITS.nameLength)
      .optional()
      .describe('a service as the tracing store names it'),
    window: windowText.prefault('1h').describe('how far back from `at`'),
    at: instantParameter.optional(),
    limit: wholeNumber(1, LIMITS.traces, 20),
    minDurationMs: millis.optional(),
    maxDurationMs: millis.optional(),
    errors: flag('false').describe('only traces with an error'),
    operation: z.string().min(1).max(500).optional().describe('as the tracing store names it'),
    status: z
      .string()
      .regex(/^[1-5]\d\d$/, 'must be an HTTP status such as 503')
      .optional()
      .describe('HTTP status of a span'),
    tags: z
      .string()
      .max(1_000)
      .transform((text, context) => {
        const read = parseTags(text)
        if (read.ok) return read.tags
        context.addIssue({ code: 'custom', message: read.message })
        return z.NEVER
      })
      .optional()
      .describe('`key=value key="other value"`, all on one span'),
  })
  .refine(isOneWhose, WHOSE_ERROR)
export const TraceDetailQuery = z.strictObject({
  tags: z
    .enum(['all', 'none'])
    .default('all')
    .describe('none: spans without their tags and logs, a fifth of the bytes of a large trace'),
})
export type TraceDetailQuery = z.output<typeof TraceDetailQuery>

/** Whose operations: the same as those of a search. */
export const OperationsQuery = z
  .strictObject({
    node: nodeIdParameter.optional(),
    service: z.string().min(1).max(LIMITS.nameLength).optional(),
    ...placeParameters,
  })
  .refine(isOneWhose, WHOSE_ERROR)
export type OperationsQuery = z.output<typeof OperationsQuery>

export type TraceQuery = z.output<typeof TraceQuery>

export const NoQuery = z.strictObject({})

export const TracePath = z.strictObject({
  id: z.string().regex(/^[0-9a-fA-F]{1,32}$/, 'must be a trace id: up to 32 hexadecimal digits'),
})

export const SCENARIO_ACTIONS = ['start', 'stop'] as const
export const ScenarioPath = z.strictObject({
  name: z.string().regex(/^[a-z0-9-]{1,64}$/, 'must be the name of a scenario'),
  action: z.enum(SCENARIO_ACTIONS, { error: 'must be start or stop' }),
})
