import 'server-only'
import type {
  MtlsList,
  MtlsNamespace,
  MtlsNamespaces,
  MtlsRow,
  MtlsState,
} from '@/lib/api/schemas/config/mtls'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import { namespacePath } from '@/lib/istio/mutual-tls/path'
import { MTLS_STATES, worstState } from '@/lib/istio/mutual-tls/state'
import { scopeMtls } from '@/lib/istio/mtls'
import { currentAccess, isVisible, withoutHidden } from '../../session/access'
import type { Upstreams } from '../../upstreams'
import { readMtls, type MtlsGroup } from './mtls-rows'

/**
 * Modes of every mesh, namespace, workload and port as configured now, beside how traffic was secured over the
 * window: nulls while Prometheus has never answered.
 */
export async function getMtls(up: Upstreams, query: ScopeQuery): Promise<MtlsList> {
  const { groups, ...rest } = await readMtls(up, query)
  const items = groups.flatMap(({ own, inside }) => (own ? [own, ...inside] : inside))
  return { ...rest, items: (await seenOf(up, items)).sort(byId) }
}

/** The same summed up by namespace, with the way each has to go. Throws as `getMtls` does. */
export async function getMtlsNamespaces(up: Upstreams, query: ScopeQuery): Promise<MtlsNamespaces> {
  const { groups, ...rest } = await readMtls(up, query)
  const items = groups.flatMap((group): MtlsNamespace[] => {
    if (group.namespace === null) {
      // the mesh counts everything of its cluster
      const all = groups.filter(({ index, namespace }) => index === group.index && namespace !== null)
      return [summaryOf(group, all)]
    }
    const isOwn = group.own?.configured.source?.namespace === group.namespace
    return group.inside.length > 0 || isOwn ? [summaryOf(group, [group])] : []
  })
  return { ...rest, items: (await seenOf(up, items)).sort(byId) }
}

/** Policies of namespaces the reader may not see hold there too, and are not named. */
async function seenOf<T extends Pick<MtlsRow, 'cluster' | 'configured'>>(
  up: Upstreams,
  items: T[],
): Promise<T[]> {
  const access = await currentAccess(up)
  if (access.namespaces === null) return items
  return items.map((item) => {
    const { source } = item.configured
    const isElsewhere = source !== null && !isVisible(access, item.cluster, source.namespace)
    const told = withoutHidden(up, access, item.cluster, item)
    return isElsewhere ? { ...told, configured: { ...told.configured, source: null, isElsewhere } } : told
  })
}

const MOST_CALLERS = 20

function summaryOf({ index, namespace, own, observed }: MtlsGroup, counted: MtlsGroup[]): MtlsNamespace {
  const { cluster, rootNamespace } = index.inventory
  const { mode, source, reason } = scopeMtls(index, namespace)
  const states = Object.fromEntries(MTLS_STATES.map((state) => [state, 0])) as Record<MtlsState, number>
  const dataPlanes = { sidecar: 0, ambient: 0, none: 0 }
  const worst = new Map<string, MtlsState>()
  for (const row of counted.flatMap(({ inside }) => inside)) {
    if (row.port === null && row.dataPlane) dataPlanes[row.dataPlane] += 1
    if (row.state === null) continue
    const key = `${row.namespace}/${row.workload}`
    worst.set(key, worstState([row.state, worst.get(key) ?? row.state]) ?? row.state)
  }
  for (const state of worst.values()) states[state] += 1
  const workloads = counted.flatMap(({ inside }) =>
    inside.flatMap((row) => (row.port === null && row.workload !== null ? [row.workload] : [])),
  )
  const callers = observed.plaintextCallers
  const rates = (callers ?? []).flatMap(({ requestsPerSecond }) => requestsPerSecond ?? [])
  const isRoot = namespace === rootNamespace
  return {
    id: namespace === null ? cluster : `${cluster}/${namespace}`,
    cluster,
    namespace,
    isRoot,
    configured: own?.configured ?? { mode, source },
    reason: own?.effective.reason ?? `${reason}.`,
    state: worstState(worst.values()),
    states,
    dataPlanes,
    workloads: namespace === null ? [] : workloads,
    observed: {
      mtlsRatio: observed.mtlsRatio,
      plaintextCallers: callers?.slice(0, MOST_CALLERS) ?? null,
      plaintextCount: callers?.length ?? null,
      plaintextRequestsPerSecond: rates.length === 0 ? null : rates.reduce((sum, rate) => sum + rate, 0),
    },
    path:
      namespace === null || isRoot
        ? null
        : namespacePath(
            index,
            namespace,
            workloads.flatMap((name) => index.workloads.get(`${namespace}/${name}`) ?? []),
            observed.mtlsRatio === null || callers === null ? null : callers.length,
          ),
  }
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1
}
