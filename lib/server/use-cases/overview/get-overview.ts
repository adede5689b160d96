import 'server-only'
import type { Alert } from '@/lib/api/schemas/telemetry/alerts'
import { HEALTH_STATUSES, type FindingCounts, type HealthStatus, type Notice } from '@/lib/api/schemas/common'
import type { ChangeSummary } from '@/lib/api/schemas/config/changes'
import type { MtlsMode } from '@/lib/api/schemas/mesh/graph'
import type { Overview, OverviewCluster, OverviewNamespace } from '@/lib/api/schemas/mesh/overview'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import type { NamespaceSummary } from '@/lib/api/schemas/status'
import { mtlsRatioOf, type TrafficFigures } from '@/lib/graph/namespace-figures'
import { compareStatus } from '@/lib/health/combine'
import { controlPlaneOf, dataPlaneState, istiodsOf } from '@/lib/istio/planes/planes'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { isVisibleChange, readChanges } from '../../changes/history'
import { within } from '../../clock'
import { isRefusal, noticeOf } from '../../errors'
import { findingPlaces } from '../../finding-counts'
import { MOST_FLOWS, readHours, type Hours } from '../../overview/hour'
import { joinPods, readIstiodMetrics, type PodMetrics } from '../../overview/istiod-metrics'
import { currentAccess, isOfLeftOut, isWhole, withLeftOut } from '../../session/access'
import { isUnread } from '@/lib/istio/unread'
import { refusedKinds } from '../../snapshots/objects'
import type { Snapshot } from '../../snapshots/snapshot'
import { currentInventories, type Upstreams } from '../../upstreams'
import { formatCount } from '@/lib/units/number'
import { isInScope, unreadNotices } from '../config-scope'
import { getAlerts } from '../alerts/get-alerts'
import { figuresOf, namespacesOf } from '../lists/list-namespaces'
import { readSnapshotOrObjects } from '../read-snapshot'
import { resolveTime } from '../resolve-time'

/** Figures do not wait longer for what only decorates them. */
const PATIENCE_MS = 2_000
/** Asked beside the figures, which may take a moment themselves. */
const RULES_PATIENCE_MS = 4_000
const SHOWN_CHANGES = 8
const SHOWN_ALERTS = 5

/** The mesh at a glance. What one upstream knows stands even when another does not answer. */
export async function getOverview(up: Upstreams, query: ScopeQuery): Promise<Overview> {
  const notices: Notice[] = []
  const time = await resolveTime(up, query)
  const [traffic, found] = await Promise.all([
    tolerant(readSnapshotOrObjects(up, time), notices, 'Traffic and health are missing.'),
    // beside figures of the past they would mislead: alerts are of now
    query.at === undefined ? alertsFor(up, query) : null,
  ])
  const snapshot = traffic?.snapshot ?? null
  // objects alone stand in for what Prometheus has never said
  const measured = traffic?.failure === null ? traffic.snapshot : null
  const at = snapshot?.at ?? up.clock.now()
  const [hours, istiods, changes] = await Promise.all([
    measured ? hoursFor(up, measured, notices) : null,
    measured ? readIstiods(up, at, notices) : null,
    changesFor(up, query, notices),
  ])
  const alerts = found?.alerts ?? null
  // one sentence for a Prometheus that answers nothing
  if (measured || alerts) notices.push(...(found?.notices ?? []))
  const list = snapshot ? namespacesOf(up, query, snapshot, traffic?.notices ?? []) : null
  const namespaces = list && worstFirst(list.items).map((item) => withHour(item, hours))
  const indexes = currentInventories(up.inventories)
    .filter(({ cluster }) => query.clusters.length === 0 || query.clusters.includes(cluster))
    .map(indexInventory)
  const access = await currentAccess(up)
  notices.unshift(...(list?.notices ?? withLeftOut(access, unreadNotices(up))))
  return {
    at,
    windowSeconds: time.windowSeconds,
    notices,
    clusters: clustersOf({
      // the planes are of the whole cluster: who may not see all of it is not told of them
      indexes: indexes.filter(({ inventory }) => isWhole(access, inventory.cluster)),
      namespaces: namespaces ?? [],
      figures: measured ? figuresOf(measured.topology) : null,
      hours: query.namespaces.length === 0 ? hours : null,
      isWhole: query.namespaces.length === 0,
      istiods,
      podless: new Set(
        up.inventories.filter((one) => refusedKinds(one).includes('Pod')).map(({ cluster }) => cluster),
      ),
    }),
    namespaces,
    findings: findingsFor(up, query),
    alerts,
    changes,
  }
}

async function hoursFor(up: Upstreams, snapshot: Snapshot, notices: Notice[]): Promise<Hours | null> {
  const { recorded } = await up.facts.get()
  if (snapshot.topology.flows.length > MOST_FLOWS && !recorded.has('requests')) {
    notices.push({
      code: 'hour-too-dear',
      message: `The last hour is not drawn: in a mesh of ${formatCount(snapshot.topology.flows.length)} edges it needs the recording rules of deploy/prometheus.`,
      upstream: 'prometheus',
    })
    return null
  }
  const hours = await tolerant(
    within(up.clock, PATIENCE_MS, readHours(up, snapshot.at)),
    notices,
    'The last hour is missing.',
  )
  if (hours === undefined) {
    notices.push({
      code: 'hour-pending',
      message: 'The last hour is still being read; ask again in a moment.',
      upstream: 'prometheus',
    })
  }
  return hours ?? null
}

async function readIstiods(up: Upstreams, at: number, notices: Notice[]) {
  return (
    (await tolerant(
      within(up.clock, PATIENCE_MS, readIstiodMetrics(up, at)),
      notices,
      'What istiod measures is missing.',
    )) ?? null
  )
}

/** Alertmanager's stand where Prometheus has not answered at all. */
async function alertsFor(
  up: Upstreams,
  query: ScopeQuery,
): Promise<{ alerts: Overview['alerts']; notices: Notice[] }> {
  const notices: Notice[] = []
  const list = await tolerant(getAlerts(up, query, RULES_PATIENCE_MS), notices, 'Alerts are missing.')
  if (!list) return { alerts: null, notices }
  // neither rules nor Alertmanager: of nothing read, none is not said to fire
  if (list.rulesState !== 'read' && list.alertmanager.state !== 'answering') {
    return { alerts: null, notices: list.notices }
  }
  const ofState = (state: Alert['state']) =>
    list.items.filter((alert) => alert.state === state && alert.silenced !== true)
  return {
    alerts: {
      firing: ofState('firing').length,
      pending: list.rulesState === 'read' ? ofState('pending').length : null,
      silenced: list.items.filter(({ silenced }) => silenced).length,
      rules: list.rulesState === 'read' ? list.ruleCount : null,
      first: list.items.slice(0, SHOWN_ALERTS),
    },
    // the figures beside them tell of what is left out
    notices: list.notices.filter((notice) => !isOfLeftOut(notice)),
  }
}

async function changesFor(
  up: Upstreams,
  query: ScopeQuery,
  notices: Notice[],
): Promise<ChangeSummary[] | null> {
  if (up.inventories.length === 0) return null
  try {
    const [{ changes }, access] = await Promise.all([readChanges(up), currentAccess(up)])
    return changes
      .filter((change) => isVisibleChange(access, change))
      .filter(({ objects }) => objects.some(({ ref }) => isInScope(query, ref.cluster, ref.namespace)))
      .slice(0, SHOWN_CHANGES)
  } catch (error) {
    if (isUpstreamError(error)) notices.push(noticeOf(error, 'Recent changes are missing.'))
    else if (!isRefusal(error)) throw error
    return null
  }
}

function findingsFor(up: Upstreams, query: ScopeQuery): FindingCounts | null {
  const places = findingPlaces(up)
  const counts = currentInventories(up.inventories).flatMap(({ cluster, namespaces }) =>
    namespaces
      .filter(({ name }) => isInScope(query, cluster, name))
      .flatMap(({ name }) => places.ofNamespace(cluster, name) ?? []),
  )
  if (counts.length === 0) return null
  const sum = (severity: keyof FindingCounts) => counts.reduce((total, each) => total + each[severity], 0)
  return { error: sum('error'), warning: sum('warning'), info: sum('info') }
}

function worstFirst(items: readonly NamespaceSummary[]): NamespaceSummary[] {
  return [...items].sort(
    (a, b) =>
      compareStatus(b.health.status, a.health.status) ||
      (b.errorRatio ?? 0) - (a.errorRatio ?? 0) ||
      (b.requestsPerSecond ?? 0) - (a.requestsPerSecond ?? 0) ||
      (a.id < b.id ? -1 : 1),
  )
}

function withHour(item: NamespaceSummary, hours: Hours | null): OverviewNamespace {
  return { ...item, hour: hours?.get(item.id) ?? null }
}

function clustersOf(of: {
  indexes: readonly InventoryIndex[]
  namespaces: readonly NamespaceSummary[]
  figures: ReadonlyMap<string, TrafficFigures> | null
  hours: Hours | null
  isWhole: boolean
  istiods: ReadonlyMap<string, PodMetrics> | null
  /** clusters whose pods may not be read: how many proxies are missing there is not known */
  podless: ReadonlySet<string>
}): OverviewCluster[] {
  const byName = new Map(of.indexes.map((index) => [index.inventory.cluster, index]))
  const names = [...new Set([...byName.keys(), ...of.namespaces.map(({ cluster }) => cluster)])].sort()
  return names.map((name): OverviewCluster => {
    const inside = of.namespaces.filter(({ cluster }) => cluster === name)
    const index = byName.get(name)
    const measures = joinPods(index && of.istiods ? podsOf(index, of.istiods) : [])
    // quantiles and shares of several namespaces cannot be put together from those of each
    const figures = of.isWhole ? of.figures?.get(name) : undefined
    return {
      name,
      namespaces: inside.length,
      counts: Object.fromEntries(
        HEALTH_STATUSES.map((status) => [status, inside.reduce((sum, one) => sum + one.counts[status], 0)]),
      ) as Record<HealthStatus, number>,
      ...joined(inside),
      p99Ms: figures?.p99Ms ?? null,
      hour: of.hours?.get(name) ?? null,
      mtlsRatio: mtlsRatioOf(figures),
      mtlsModes: index && !isUnread(index, 'PeerAuthentication') ? modesOf(inside) : null,
      controlPlane: index ? controlPlaneOf(index, measures) : null,
      dataPlane: index && !of.podless.has(name) ? dataPlaneState(index, measures.connectedProxies) : null,
    }
  })
}

/** Metrics of the pods of a cluster's istiods; pod names are unique by their hashes. */
function podsOf(index: InventoryIndex, metrics: ReadonlyMap<string, PodMetrics>): PodMetrics[] {
  return istiodsOf(index)
    .flatMap(({ namespace, name }) => index.pods.get(`${namespace}/${name}`) ?? [])
    .flatMap(({ namespace, name }) => metrics.get(`${namespace}/${name}`) ?? [])
}

function joined(items: readonly NamespaceSummary[]) {
  const measured = items.filter((item) => item.requestsPerSecond !== null)
  const requests = measured.reduce((sum, item) => sum + (item.requestsPerSecond ?? 0), 0)
  const errors = measured.reduce(
    (sum, item) => sum + (item.requestsPerSecond ?? 0) * (item.errorRatio ?? 0),
    0,
  )
  return {
    requestsPerSecond: measured.length === 0 ? null : requests,
    errorRatio: requests > 0 ? errors / requests : null,
  }
}

/** Of namespaces that are in the mesh. */
function modesOf(items: readonly NamespaceSummary[]): Record<MtlsMode, number> {
  const modes = { STRICT: 0, PERMISSIVE: 0, DISABLE: 0 }
  for (const { mtls, dataPlane } of items) {
    if (mtls?.mode && dataPlane !== null && dataPlane !== 'none') modes[mtls.mode] += 1
  }
  return modes
}

/** The answer, or null with a notice where an upstream fails. */
async function tolerant<T>(answer: Promise<T>, notices: Notice[], then: string): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    notices.push(noticeOf(error, then))
    return null
  }
}
