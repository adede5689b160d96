import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { SplitsQuery } from '@/lib/api/schemas/requests'
import type { Split, SplitBackend, SplitList } from '@/lib/api/schemas/config/splits'
import { ownerOf } from '@/lib/changes/owner'
import { compareVersions, type Comparisons } from '@/lib/graph/observed/compare-versions'
import {
  observeSplits,
  type BackendCounts,
  type BackendTraffic,
  type SplitTraffic,
} from '@/lib/graph/observed/split-traffic'
import type { Topology } from '@/lib/graph/types'
import { isTrafficKnown } from '@/lib/graph/observed/known'
import { baselineOf, podsBehind } from '@/lib/istio/split/baseline'
import { desiredOf } from '@/lib/istio/split/desired'
import { indexRules, shadowOf, type RuleIndex } from '@/lib/istio/split/shadow'
import { isSplitOfNode } from '@/lib/istio/split/of-node'
import { findRouteRules, findSplits, splitId, type Split as FoundSplit } from '@/lib/istio/splits'
import { isUnread } from '@/lib/istio/unread'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { parseNodeId } from '@/lib/mesh/identity'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { noticeOf } from '../errors'
import { currentAccess, isVisible, withLeftOut, withoutHidden, type Access } from '../session/access'
import type { Snapshot } from '../snapshots/snapshot'
import { currentInventories, type Upstreams } from '../upstreams'
import { configOfNow, isInScope, unreadNotices, withForbidden } from '../use-cases/config-scope'
import { objectRef } from '../use-cases/object-ref'
import { readSnapshot } from '../use-cases/read-snapshot'
import { resolveTime } from '../use-cases/resolve-time'
import { hiddenBackends, withoutHiddenBackends } from './hidden-backends'

/**
 * Every weighted route as it is configured now, with what its callers' traffic did over the window. Without
 * telemetry (or `observed=false`) the routes stand alone: whoever must move traffic then must be able to.
 */
export async function getSplits(up: Upstreams, query: SplitsQuery): Promise<SplitList> {
  const measured = query.observed ? await measure(up, query) : { snapshot: null, notices: [] }
  const { snapshot } = measured
  // weights of this moment, not those the snapshot was taken with: after an edit the two must differ
  const all = currentInventories(up.inventories).flatMap((inventory) => {
    const index = indexInventory(inventory)
    return findSplits(index).map((split) => ({ split, index }))
  })
  const access = await currentAccess(up)
  const isOfNode = ofNode(access, query.node)
  const asked = all.filter(
    ({ split }) => isInScope(query, split.cluster, split.object.metadata.namespace ?? '') && isOfNode(split),
  )
  // a mesh that is scraped no more may be sent as much as before
  const traffic =
    snapshot && isTrafficKnown(snapshot.topology)
      ? observeSplits(snapshot.topology, asked.map(splitOf), all.map(splitOf))
      : []
  const found = asked.map((each, at) => ({ ...each, seen: traffic[at] ?? null }))
  const hidden = found.map(({ split }) => hiddenBackends(access, split))
  const items = found
    .map(({ split, index, seen }, at) => {
      // what a subset selects is not known, nor then what of the traffic is its
      const isTold = !split.backends.some((backend) => isSubsetUnread(index, backend))
      const item = itemOf(split, index, isTold ? seen : null, snapshot?.topology ?? null)
      return withoutHidden(up, access, split.cluster, withoutHiddenBackends(item, hidden[at] ?? []))
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    at: snapshot?.at ?? null,
    windowSeconds: snapshot?.windowSeconds ?? null,
    notices: withLeftOut(access, [
      ...(snapshot?.notices ?? []),
      ...withForbidden(up, measured.notices),
      ...unreadNotices(up),
      ...configOfNow(query),
      ...sharedNotice(items),
      ...hiddenNotice(hidden.filter((places) => places.includes(true)).length),
    ]),
    unread: unreadOf(up, query),
    items,
  }
}

const splitOf = ({ split }: { split: FoundSplit }): FoundSplit => split

/** Which splits are those of a node; of one that may not be seen, none is told. */
function ofNode(access: Access, id: string | undefined): (split: FoundSplit) => boolean {
  if (id === undefined) return () => true
  const node = parseNodeId(id)
  const isSeen = node !== undefined && isVisible(access, node.cluster, node.namespace)
  return (split) => isSeen && isSplitOfNode(split, node)
}

/** Kinds of routes that may not be read in one of the clusters asked for. */
function unreadOf(up: Upstreams, query: SplitsQuery): string[] {
  const clusters = currentInventories(up.inventories).filter(
    ({ cluster }) => query.clusters.length === 0 || query.clusters.includes(cluster),
  )
  return ROUTES.filter((kind) => clusters.some((inventory) => isUnread({ inventory }, kind)))
}

const ROUTES = ['VirtualService', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute']

async function measure(
  up: Upstreams,
  query: SplitsQuery,
): Promise<{ snapshot: Snapshot | null; notices: Notice[] }> {
  try {
    return await readSnapshot(up, await resolveTime(up, query))
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return {
      snapshot: null,
      notices: [noticeOf(error, 'Observed shares, errors and latency are missing; weights can be changed.')],
    }
  }
}

function itemOf(
  split: FoundSplit,
  index: InventoryIndex,
  traffic: SplitTraffic | null,
  topology: Topology | null,
): Split {
  const id = splitId(split)
  const baseline = baselineOf(index, split)
  const desired = desiredOf(index, split)
  return {
    id,
    cluster: split.cluster,
    ref: objectRef(split.object),
    route: { protocol: split.route.protocol, rule: split.route.rule, name: split.route.name },
    path: split.route.path,
    host: split.hosts.join(', '),
    match: split.match,
    callers: split.callers,
    observedOver: traffic?.observedOver ?? 'route',
    elsewhereShare: traffic?.elsewhereShare ?? null,
    resourceVersion: split.object.metadata.resourceVersion ?? null,
    owner: ownerOf(split.object),
    desired: desired && { tool: desired.tool, by: desired.by, phase: desired.phase },
    shadow: shadowOf(split, rulesOf(index)),
    baseline,
    backends: split.backends.map((backend, place): SplitBackend => {
      const seen = traffic?.backends[place]
      const base = baseline && baseline.place !== place ? traffic?.backends[baseline.place]?.counted : null
      return {
        name: backend.name,
        host: backend.host,
        port: backend.port,
        subset: backend.subset,
        isSubsetDefined:
          backend.subset === null || isSubsetUnread(index, backend) ? null : backend.labels !== null,
        version: backend.version,
        workloads: backend.workloads,
        pods: podsBehind(index, backend),
        weight: backend.weight,
        desiredShare: desired?.shares[place] ?? null,
        configuredShare: backend.configuredShare,
        ...trafficOf(seen),
        comparison:
          topology && base && seen?.counted
            ? comparisonOf(topology, `${id} ${place}`, base, seen.counted)
            : null,
      }
    }),
  }
}

function isSubsetUnread(index: InventoryIndex, { subset, labels }: FoundSplit['backends'][number]): boolean {
  return subset !== null && labels === null && isUnread(index, 'DestinationRule')
}

function trafficOf(seen: BackendTraffic | undefined) {
  return {
    observedShare: seen?.observedShare ?? null,
    requestsPerSecond: seen?.requestsPerSecond ?? null,
    connectionsPerSecond: seen?.connectionsPerSecond ?? null,
    errorRatio: seen?.errorRatio ?? null,
    latencyMs: seen?.latencyMs ?? null,
    requests: seen?.counted?.requests ?? null,
  }
}

const compared = new WeakMap<Topology, Map<string, Comparisons>>()

/** Resampling costs some milliseconds: once for each snapshot, however many look. */
function comparisonOf(
  topology: Topology,
  key: string,
  baseline: BackendCounts,
  version: BackendCounts,
): Comparisons {
  const known = compared.get(topology) ?? new Map<string, Comparisons>()
  compared.set(topology, known)
  // after an edit the same place may be another version
  const name = `${key} ${baseline.requests} ${baseline.errors} ${version.requests} ${version.errors}`
  const made = known.get(name) ?? compareVersions(baseline, version, key)
  known.set(name, made)
  return made
}

const rules = new WeakMap<InventoryIndex, RuleIndex>()

function rulesOf(index: InventoryIndex): RuleIndex {
  const made = rules.get(index) ?? indexRules(findRouteRules(index))
  rules.set(index, made)
  return made
}

function hiddenNotice(count: number): Notice[] {
  if (count === 0) return []
  return [
    {
      code: 'split-figures-hidden',
      message: `${count === 1 ? 'A route here leads' : `${count} routes here lead`} to namespaces you may not see: observed figures of those destinations, and shares beside them, are left out.`,
    },
  ]
}

function sharedNotice(items: readonly Split[]): Notice[] {
  const shared = items.filter((item) => item.observedOver === 'service')
  if (shared.length === 0) return []
  const names = [...new Set(shared.map((item) => `${item.ref.namespace}/${item.ref.name}`))]
  return [
    {
      code: 'observed-per-service',
      message: `Several rules send to the same services and telemetry does not say which rule a request took, so the observed figures of ${names.join(', ')} cover all rules of their services together.`,
    },
  ]
}
