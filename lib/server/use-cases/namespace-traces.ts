import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import { parseNodeId } from '@/lib/mesh/identity'
import { indexInventories } from '@/lib/mesh/inventory-index'
import { appOf } from '@/lib/mesh/labels'
import type { Span } from '@/lib/trace/span'
import { istioServiceName, type TraceStore } from '@/lib/trace/store'
import { currentInventories, type Upstreams } from '../upstreams'

export interface Namespace {
  cluster: string
  namespace: string
}

const MOST_NAMED = 5

/**
 * Names under which a namespace's services report spans, the busiest first, no more than one search of the store may
 * name; what is left out is said. Only names the store knows. Throws UpstreamError.
 */
export async function servicesOfNamespace(
  up: Upstreams,
  store: TraceStore,
  place: Namespace,
  signal?: AbortSignal,
): Promise<{ services: string[]; notices: Notice[] }> {
  const apps = appsOf(up, place)
  const suffix = istioServiceName('', place.namespace)
  const known = (await store.services(signal)).filter((name) => name.endsWith(suffix) || apps.has(name))
  const traffic = (name: string) =>
    apps.get(name.endsWith(suffix) ? name.slice(0, -suffix.length) : name) ?? 0
  const sorted = known.toSorted((a, b) => traffic(b) - traffic(a) || (a < b ? -1 : 1))
  const services = sorted.slice(0, store.mostServices)
  const left = sorted.slice(services.length)
  if (left.length === 0) return { services, notices: [] }
  const named = left.slice(0, MOST_NAMED).join(', ')
  const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : ''
  return {
    services,
    notices: [
      {
        code: 'traces-services-cut',
        message: `${services.length} of ${sorted.length} services of the namespace were searched, the busiest. Not searched: ${named}${more}. Choose an application to see its traces.`,
        upstream: store.name,
      },
    ],
  }
}

/** Whether a workload of the namespace made a span; spans whose maker is not known are nobody's. */
export function isOfNamespace({ cluster, namespace }: Namespace): (span: Span) => boolean {
  return ({ nodeId }) => {
    const ref = nodeId === null ? undefined : parseNodeId(nodeId)
    return ref?.cluster === cluster && ref.namespace === namespace
  }
}

/** Requests per second by application, in and out; 0 for those that only Kubernetes knows. */
function appsOf(up: Upstreams, { cluster, namespace }: Namespace): Map<string, number> {
  const apps = new Map<string, number>()
  const inventory = indexInventories(currentInventories(up.inventories)).get(cluster)?.inventory
  for (const one of inventory?.workloads ?? []) {
    if (one.namespace === namespace) apps.set(appOf({ ...one.labels, ...one.podLabels }) ?? one.name, 0)
  }
  // the longest line of time would do as well: only the order counts
  const topology = up.snapshots.lines().find((line) => line.state.snapshot)?.state.snapshot?.topology
  for (const { source, target, requestsPerSecond } of topology?.flows ?? []) {
    for (const end of [topology?.ends[source], target === null ? undefined : topology?.ends[target]]) {
      if (end?.cluster !== cluster || end.namespace !== namespace) continue
      const name = end.app ?? end.workload
      if (name !== null) apps.set(name, (apps.get(name) ?? 0) + requestsPerSecond)
    }
  }
  return apps
}
