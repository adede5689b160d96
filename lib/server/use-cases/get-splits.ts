import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import type { Split, SplitList } from '@/lib/api/schemas/splits'
import { observeSplits, type SplitTraffic } from '@/lib/graph/observed/split-traffic'
import { findSplits, splitId, type Split as FoundSplit } from '@/lib/istio/splits'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { currentInventories, type Upstreams } from '../upstreams'
import { configOfNow, isInScope, unreadNotices } from './config-scope'
import { objectRef } from './object-ref'
import { readSnapshot } from './read-snapshot'
import { resolveTime } from './resolve-time'

/**
 * Every weighted route as it is configured now, with what its callers' traffic did over the window.
 * Throws UpstreamError when Prometheus has never answered.
 */
export async function getSplits(up: Upstreams, query: ScopeQuery): Promise<SplitList> {
  const time = await resolveTime(up, query)
  const { snapshot, notices } = await readSnapshot(up, time)
  // weights of this moment, not those the snapshot was taken with: after an edit the two must differ
  const inventories = currentInventories(up.inventories)
  const found = inventories
    .flatMap((inventory) => findSplits(indexInventory(inventory)))
    .filter((split) => isInScope(query, split.cluster, split.object.metadata.namespace ?? ''))
  const traffic = observeSplits(snapshot.topology, found)
  const items = found
    .flatMap((split, at): Split[] => {
      const seen = traffic[at]
      return seen ? [itemOf(split, seen)] : []
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    at: snapshot.at,
    windowSeconds: snapshot.windowSeconds,
    notices: [
      ...snapshot.notices,
      ...notices,
      ...unreadNotices(up),
      ...configOfNow(query),
      ...sharedNotice(items),
    ],
    items,
  }
}

function itemOf(split: FoundSplit, traffic: SplitTraffic): Split {
  return {
    id: splitId(split),
    cluster: split.cluster,
    ref: objectRef(split.object),
    route: { protocol: split.route.protocol, rule: split.route.rule, name: split.route.name },
    path: split.route.path,
    host: split.hosts.join(', '),
    match: split.match,
    callers: split.callers,
    observedOver: traffic.observedOver,
    elsewhereShare: traffic.elsewhereShare,
    backends: split.backends.map((backend, at) => ({
      name: backend.name,
      host: backend.host,
      port: backend.port,
      subset: backend.subset,
      isSubsetDefined: backend.subset === null ? null : backend.labels !== null,
      version: backend.version,
      workloads: backend.workloads,
      weight: backend.weight,
      configuredShare: backend.configuredShare,
      observedShare: traffic.backends[at]?.observedShare ?? null,
      requestsPerSecond: traffic.backends[at]?.requestsPerSecond ?? null,
      connectionsPerSecond: traffic.backends[at]?.connectionsPerSecond ?? null,
      errorRatio: traffic.backends[at]?.errorRatio ?? null,
      latencyMs: traffic.backends[at]?.latencyMs ?? null,
    })),
  }
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
