import 'server-only'
import { DEFAULT_WINDOW, WINDOWS, type Notice } from '@/lib/api/schemas/common'
import type { OperationsQuery, TraceDetailQuery, TraceQuery } from '@/lib/api/schemas/requests'
import type { Span, Trace, TraceAnswer, TraceList } from '@/lib/api/schemas/telemetry/traces'
import type { Topology } from '@/lib/graph/types'
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import { indexInventories } from '@/lib/mesh/inventory-index'
import { appOf } from '@/lib/mesh/labels'
import { boundedTrace } from '@/lib/trace/bound'
import { HIDDEN_OPERATION, redactTrace } from '@/lib/trace/redact'
import { istioServiceName, type FoundTrace, type TraceSearch, type TraceStore } from '@/lib/trace/store'
import { findRoot, summarize } from '@/lib/trace/summarize'
import { invalid, notFound, Refusal } from '../errors'
import { currentAccess, isVisible, withLeftOut, type Access } from '../session/access'
import { requireKnown } from '../session/narrow'
import { objectsSnapshot } from '../snapshots/objects'
import { currentInventories, type Upstreams } from '../upstreams'
import { createMembers } from './lists/item-graphs'
import { isOfNamespace, servicesOfNamespace, type Namespace } from './namespace-traces'
import { secondsOf } from './resolve-time'

/** Stores filter by service, we by workload: so many more are asked for than are wanted. */
const OVERFETCH = 4
const MOST_ASKED = 1_000

const NOT_CONFIGURED = {
  code: 'tracing-not-configured',
  message: 'No tracing store is configured: set JAEGER_URL or TEMPO_URL to see traces.',
}

/** Newest traces of a node or a namespace (exactly its own spans), or of a service of the tracing store. */
export async function findTraces(up: Upstreams, query: TraceQuery, signal?: AbortSignal): Promise<TraceList> {
  const { traces: store } = up
  if (!store) return { items: [], notices: [NOT_CONFIGURED] }
  const endMs = query.at ?? up.clock.now()
  const node = query.node === undefined ? null : nodeFilter(up, query.node)
  const place = placeOf(query)
  const range = { startMs: endMs - secondsOf(query.window) * 1000, endMs }
  const tags = {
    ...query.tags,
    ...(query.errors ? { error: 'true' } : {}),
    ...(query.status === undefined ? {} : { 'http.status_code': query.status }),
  }
  const asked: Asked = {
    ...range,
    limit: query.limit,
    ...(Object.keys(tags).length > 0 ? { tags } : {}),
    ...(query.operation === undefined ? {} : { operation: query.operation }),
    ...(query.minDurationMs === undefined ? {} : { minDurationMs: query.minDurationMs }),
    ...(query.maxDurationMs === undefined ? {} : { maxDurationMs: query.maxDurationMs }),
  }
  const [{ traces, warnings, notices = [] }, access] = await Promise.all([
    node
      ? searchNode(store, node, asked, signal)
      : place
        ? searchNamespace(up, store, place, asked, signal)
        : searchService(store, query.service ?? '', asked, signal),
    currentAccess(up),
  ])
  const whose = node?.id ?? (place ? isOfNamespace(place) : null)
  const items = traces
    .toSorted((a, b) => b.startMs - a.startMs || (a.id < b.id ? -1 : 1))
    .slice(0, query.limit)
    .map((trace) => {
      const summary = summarize(trace, whose, store.traceUrl(trace.id))
      // as the trace itself tells it
      return isSeen(access, findRoot(trace)?.nodeId ?? null)
        ? summary
        : { ...summary, rootOperation: HIDDEN_OPERATION }
    })
  return {
    items,
    notices: withLeftOut(access, [
      ...notices,
      ...warnings.map((message) => ({ code: 'traces-partial', message, upstream: store.name })),
    ]),
  }
}

type Asked = Omit<TraceSearch, 'service'>

/** Traces with spans of a node, newest first; null without a tracing store. Throws UpstreamError. */
export async function searchNodeTraces(
  up: Upstreams,
  node: string,
  asked: Asked,
  signal?: AbortSignal,
): Promise<FoundTrace[] | null> {
  if (!up.traces) return null
  return (await searchNode(up.traces, nodeFilter(up, node), asked, signal)).traces
}

function searchService(
  store: TraceStore,
  service: string,
  asked: Asked,
  signal?: AbortSignal,
): Promise<Found> {
  return store.search([service], asked, signal)
}

interface Found {
  traces: FoundTrace[]
  warnings: string[]
  notices?: Notice[]
}

function placeOf({ cluster, namespace }: Partial<Namespace>): Namespace | null {
  return cluster === undefined || namespace === undefined ? null : { cluster, namespace }
}

/** As many of each service are asked for as are wanted of all: any of them may have the newest. */
async function searchNamespace(
  up: Upstreams,
  store: TraceStore,
  place: Namespace,
  asked: Asked,
  signal?: AbortSignal,
): Promise<Found> {
  const { services, notices } = await servicesOfNamespace(up, store, place, signal)
  if (services.length === 0) return { traces: [], warnings: [], notices }
  const { traces, warnings } = await store.search(services, asked, signal)
  const isOwn = isOfNamespace(place)
  return {
    traces: traces.filter((trace) => trace.spans.some((span) => isOwn(span) && meets(span, asked))),
    warnings,
    notices,
  }
}

async function searchNode(
  store: TraceStore,
  node: NodeFilter,
  asked: Asked,
  signal?: AbortSignal,
): Promise<Found> {
  const limit = Math.min(MOST_ASKED, asked.limit * OVERFETCH)
  const { traces, warnings } = await store.search(node.services, { ...asked, limit }, signal)
  return {
    traces: traces
      .map((trace) => ownedBy(trace, node))
      .filter((trace) => trace.spans.some((span) => span.nodeId === node.id && meets(span, asked))),
    warnings,
  }
}

/** The store was asked for a service, whose other versions may have met the search: the node's own span must. */
function meets(span: Span, { tags = {}, operation, minDurationMs, maxDurationMs }: Asked): boolean {
  if (operation !== undefined && span.operation !== operation) return false
  if (minDurationMs !== undefined && span.durationMs < minDurationMs) return false
  if (maxDurationMs !== undefined && span.durationMs > maxDurationMs) return false
  return Object.entries(tags).every(([key, value]) => {
    if (key === 'error') return span.hasError === (value === 'true')
    return (key === 'http.status_code' ? span.httpStatus : span.tags[key]) === value
  })
}

/** Operations of a service of the tracing store, or of all names the spans of a node or namespace bear. */
export async function listOperations(
  up: Upstreams,
  query: OperationsQuery,
  signal?: AbortSignal,
): Promise<{ items: string[]; notices: Notice[] }> {
  if (!up.traces) return { items: [], notices: [NOT_CONFIGURED] }
  const place = placeOf(query)
  const { services, notices } = place
    ? await servicesOfNamespace(up, up.traces, place, signal)
    : {
        services: query.node === undefined ? [query.service ?? ''] : nodeFilter(up, query.node).services,
        notices: [],
      }
  const names = services.length === 0 ? [] : await up.traces.operations(services, signal)
  return { items: names.slice(0, MOST_OPERATIONS), notices }
}

const MOST_OPERATIONS = 500

/** One trace in full, or of a huge one the part nearest to its beginning. */
export async function getTrace(
  up: Upstreams,
  id: string,
  { tags }: TraceDetailQuery,
  signal?: AbortSignal,
): Promise<TraceAnswer> {
  if (!up.traces) throw notFound(NOT_CONFIGURED.message, NOT_CONFIGURED.code)
  const [stored, access] = await Promise.all([requireTrace(up.traces, id, signal), currentAccess(up)])
  const bounded = boundedTrace(stored)
  const whole = tags === 'none' ? withoutTags(bounded) : bounded
  if (access.namespaces === null) return { trace: whole, notices: [] }
  const trace = redactTrace(whole, (nodeId) => isSeen(access, nodeId))
  if (!trace) {
    for (const { nodeId } of whole.spans) requireKnown(access, parseNodeId(nodeId ?? '')?.cluster ?? '')
    throw hiddenTrace(id)
  }
  const isCut = trace.spans.some((span, place) => span !== whole.spans[place])
  if (!isCut) return { trace, notices: [] }
  return { trace, notices: withLeftOut(access, access.whole ? [] : [CUT]) }
}

/** Whether the maker of a span may be seen; null: nobody knows who made it. */
function isSeen(access: Access, nodeId: string | null): boolean {
  if (access.namespaces === null) return true
  const node = nodeId === null ? undefined : parseNodeId(nodeId)
  return node !== undefined && isVisible(access, node.cluster, node.namespace)
}

function withoutTags(trace: Trace): Trace {
  return { ...trace, spans: trace.spans.map((span) => ({ ...span, tags: {}, logs: [] })) }
}

const CUT = {
  code: 'trace-redacted',
  message:
    'Spans of namespaces you may not see keep their times only: the Kubernetes API does not let you list pods there.',
}

function hiddenTrace(id: string): Refusal {
  return new Refusal('forbidden', `No span of trace ${id} is of a namespace you may see.`, {
    code: 'namespace-forbidden',
  })
}

async function requireTrace(store: TraceStore, id: string, signal?: AbortSignal): Promise<Trace> {
  const trace = await store.trace(id, signal)
  if (!trace) throw notFound(`The tracing store holds no trace ${id} (any more).`, 'trace-not-found')
  return trace
}

interface NodeFilter {
  id: string
  /** names its spans may be stored under */
  services: string[]
  /** ids of the workloads whose spans are the node's */
  workloads: ReadonlySet<string>
}

/** Of what was measured last; before that, who stands behind what by the objects of Kubernetes. */
function knownTopologies(up: Upstreams): Topology[] {
  const measured = up.snapshots.lines().flatMap((line) => line.state.snapshot?.topology ?? [])
  if (measured.length > 0) return measured
  const objects = objectsSnapshot(up, WINDOWS[DEFAULT_WINDOW])
  return objects ? [objects.topology] : []
}

/** Spans of an app's or service's workloads count as its own. */
function nodeFilter(up: Upstreams, id: string): NodeFilter {
  const ref = parseNodeId(id)
  if (!ref) throw invalid('node', 'node must be a node id.')
  const topologies = knownTopologies(up)
  const workloads = new Set(
    ref.kind === 'workload'
      ? [id]
      : topologies.flatMap((topology) => createMembers(topology).workloadsOf(ref)),
  )
  const apps = new Set<string>()
  if (ref.kind === 'app') apps.add(ref.name)
  const indexes = indexInventories(currentInventories(up.inventories))
  for (const workload of workloads) {
    const of = parseNodeId(workload)
    if (!of) continue
    for (const app of appsOf(of)) apps.add(app)
  }
  if (apps.size === 0) apps.add(ref.name)
  const services = [...apps].flatMap((app) => [istioServiceName(app, ref.namespace), app])
  return { id, services, workloads: workloads.size > 0 ? workloads : new Set([id]) }

  function appsOf(of: NodeRef): string[] {
    const object = indexes.get(of.cluster)?.workloads.get(`${of.namespace}/${of.name}`)
    const labelled = object ? appOf({ ...object.labels, ...object.podLabels }) : null
    const seen = topologies.flatMap((topology) =>
      topology.ends.flatMap((end) =>
        end.workload === of.name && end.namespace === of.namespace && end.cluster === of.cluster
          ? (end.app ?? [])
          : [],
      ),
    )
    return labelled === null ? seen : [labelled, ...seen]
  }
}

function ownedBy(trace: FoundTrace, node: NodeFilter): FoundTrace {
  if (node.workloads.has(node.id)) return trace
  const spans = trace.spans.map((span) =>
    span.nodeId !== null && node.workloads.has(span.nodeId) ? { ...span, nodeId: node.id } : span,
  )
  return { ...trace, spans }
}
