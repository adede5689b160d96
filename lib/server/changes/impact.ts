import 'server-only'
import type { Impact } from '@/lib/api/schemas/config/changes'
import { touchedBy, type Touched } from '@/lib/changes/touched'
import type { End, Flow, Topology } from '@/lib/graph/types'
import { isTrafficKnown } from '@/lib/graph/observed/known'
import { nodeId } from '@/lib/mesh/identity'
import type { ClusterInventory, ConfigObject } from '@/lib/mesh/inventory'
import { within } from '../clock'
import { currentAccess, isVisible, type Access } from '../session/access'
import { readSnapshot } from '../use-cases/read-snapshot'
import { resolveTime } from '../use-cases/resolve-time'
import type { Upstreams } from '../upstreams'

/** A preview does not wait for a Prometheus that is slow: the change can be judged without it. */
const PATIENCE_MS = 3_000
const MOST_CALLERS = 50

export interface ClusterObjects {
  inventory: ClusterInventory
  /** before and after the change */
  objects: readonly ConfigObject[]
}

/** Traffic that flows now through what the objects name or select; numbers are null when it cannot be known. */
export async function impactOf(up: Upstreams, clusters: readonly ClusterObjects[]): Promise<Impact> {
  const access = await currentAccess(up)
  const touched = clusters.map(({ inventory, objects }) => ({
    cluster: inventory.cluster,
    ...touchedBy(objects, inventory),
  }))
  const ids = (kind: 'service' | 'workload') =>
    touched
      .flatMap(({ cluster, services, workloads }) =>
        [...(kind === 'service' ? services : workloads)].flatMap((path) => {
          const [namespace = '', name = ''] = path.split('/')
          return isVisible(access, cluster, namespace) ? nodeId({ cluster, namespace, kind, name }) : []
        }),
      )
      .sort()
  const known = {
    services: ids('service'),
    workloads: ids('workload'),
    unread: [...new Set(touched.flatMap(({ unread }) => unread))],
  }
  const snapshot = await currentSnapshot(up)
  if (!snapshot) {
    return {
      at: null,
      windowSeconds: null,
      requestsPerSecond: null,
      bytesPerSecond: null,
      callers: null,
      callersTotal: null,
      ...known,
    }
  }
  const { topology, at, windowSeconds } = snapshot
  const byCluster = new Map(touched.map((one) => [one.cluster, one]))
  const callers = new Map<string, { requestsPerSecond: number; bytesPerSecond: number }>()
  for (const flow of topology.flows) {
    if (!isTouchedFlow(topology, flow, byCluster) || !isVisibleFlow(access, topology, flow)) continue
    const id = callerId(topology, flow.source)
    const sum = callers.get(id) ?? { requestsPerSecond: 0, bytesPerSecond: 0 }
    callers.set(id, {
      requestsPerSecond: sum.requestsPerSecond + flow.requestsPerSecond,
      bytesPerSecond:
        sum.bytesPerSecond +
        (flow.protocol === 'tcp' ? (flow.sentBytesPerSecond ?? 0) + (flow.receivedBytesPerSecond ?? 0) : 0),
    })
  }
  const list = [...callers].map(([id, rates]) => ({ id, ...rates }))
  const total = (key: 'requestsPerSecond' | 'bytesPerSecond') => list.reduce((sum, one) => sum + one[key], 0)
  list.sort(
    (a, b) =>
      b.requestsPerSecond - a.requestsPerSecond ||
      b.bytesPerSecond - a.bytesPerSecond ||
      (a.id < b.id ? -1 : 1),
  )
  return {
    at,
    windowSeconds,
    requestsPerSecond: total('requestsPerSecond'),
    bytesPerSecond: total('bytesPerSecond'),
    callers: list.slice(0, MOST_CALLERS),
    callersTotal: list.length,
    ...known,
  }
}

/** True for traffic to what is touched, or of senders that are, by cluster. */
export function isTouchedFlow(
  topology: Topology,
  flow: Flow,
  touched: ReadonlyMap<string, Touched>,
): boolean {
  const service = flow.service === null ? undefined : topology.services[flow.service]
  const target = flow.target === null ? undefined : topology.ends[flow.target]
  const named = service && touched.get(service.cluster)
  const caller = topology.ends[flow.source]
  const sending = caller && touched.get(caller.cluster)
  const receiving = target && touched.get(target.cluster)
  return (
    (named !== undefined &&
      (named.services.has(`${service?.namespace}/${service?.name}`) ||
        named.hosts.has(service?.name ?? ''))) ||
    (receiving !== undefined && receiving.receivers.has(`${target?.namespace}/${target?.workload ?? ''}`)) ||
    (sending !== undefined && sending.senders.has(`${caller?.namespace}/${caller?.workload ?? ''}`))
  )
}

/** True where one end at least may be seen, as on the graph. */
export function isVisibleFlow(access: Access, { ends, services }: Topology, flow: Flow): boolean {
  if (access.namespaces === null) return true
  const places = [
    ends[flow.source],
    flow.target === null ? undefined : ends[flow.target],
    flow.service === null ? undefined : services[flow.service],
  ]
  return places.some((place) => place && isVisible(access, place.cluster, place.namespace))
}

async function currentSnapshot(up: Upstreams) {
  const read = async () => {
    const { snapshot } = await readSnapshot(up, await resolveTime(up, {}), 'later')
    // a mesh that is scraped no more has callers all the same
    return isTrafficKnown(snapshot.topology) ? snapshot : undefined
  }
  return within(
    up.clock,
    PATIENCE_MS,
    read().catch(() => undefined),
  )
}

function callerId(topology: Topology, index: number): string {
  const end: End | undefined = topology.ends[index]
  const kind = end?.kind ?? 'unknown'
  return nodeId({
    cluster: end?.cluster ?? 'unknown',
    namespace: end?.namespace ?? 'unknown',
    kind,
    name: (kind === 'app' ? end?.app : end?.workload) ?? 'unknown',
  })
}
