import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { MtlsRow } from '@/lib/api/schemas/config/mtls'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import { securedFlows, sumSecurity, workloadKey, type SecuredFlow } from '@/lib/graph/observed/security'
import { modeRows, type ModeRow } from '@/lib/istio/mutual-tls/modes'
import type { ServedPort } from '@/lib/istio/mutual-tls/ports'
import { mtlsState, worstState } from '@/lib/istio/mutual-tls/state'
import { indexInventory, type InventoryIndex } from '@/lib/mesh/inventory-index'
import { currentInventories, type Upstreams } from '../../upstreams'
import { configOfNow, isInScope, unreadNotices, withForbidden } from '../config-scope'
import { readSnapshotOrObjects } from '../read-snapshot'
import { resolveTime } from '../resolve-time'

/** The rows of one place: the mesh (namespace null), or a namespace with its workloads and their ports. */
export interface MtlsGroup {
  index: InventoryIndex
  namespace: string | null
  /** of the place itself; undefined for the root namespace, whose policies are the mesh's */
  own: MtlsRow | undefined
  /** workloads and ports; empty for the mesh */
  inside: MtlsRow[]
  /** over all workloads of the place */
  observed: MtlsRow['observed']
}

/**
 * Modes as configured now beside how traffic was secured over the window, by cluster and namespace. The mesh has a
 * group where the query names no namespace. Without a Prometheus that ever answered, modes stand alone.
 */
export async function readMtls(
  up: Upstreams,
  query: ScopeQuery,
): Promise<{ at: number; windowSeconds: number; notices: Notice[]; groups: MtlsGroup[] }> {
  const time = await resolveTime(up, query)
  // quantiles are no matter here
  const { snapshot, notices } = await readSnapshotOrObjects(up, time, 'later')
  const flows = new Map<string, SecuredFlow[]>()
  for (const flow of securedFlows(snapshot.topology)) {
    const list = flows.get(flow.target)
    if (list) list.push(flow)
    else flows.set(flow.target, [flow])
  }
  const groups = currentInventories(up.inventories).flatMap((inventory) =>
    groupsOf(indexInventory(inventory), flows, snapshot.topology.isMeasured).filter(({ namespace }) =>
      namespace === null
        ? query.namespaces.length === 0 && isInScope(query, inventory.cluster, '')
        : isInScope(query, inventory.cluster, namespace),
    ),
  )
  return {
    at: snapshot.at,
    windowSeconds: snapshot.windowSeconds,
    notices: [
      ...snapshot.notices,
      ...withForbidden(up, notices),
      ...unreadNotices(up),
      ...configOfNow(query),
    ],
    groups,
  }
}

const NOT_OBSERVED: MtlsRow['observed'] = { mtlsRatio: null, plaintextCallers: null }

function groupsOf(
  index: InventoryIndex,
  flows: ReadonlyMap<string, SecuredFlow[]>,
  isMeasured: boolean,
): MtlsGroup[] {
  const sum = (into: readonly SecuredFlow[]) => (isMeasured ? sumSecurity(into) : NOT_OBSERVED)
  const byNamespace = new Map<string | null, ModeRow[]>()
  for (const row of modeRows(index)) {
    const list = byNamespace.get(row.namespace)
    if (list) list.push(row)
    else byNamespace.set(row.namespace, [row])
  }
  const all: SecuredFlow[] = []
  const groups = [...byNamespace].flatMap(([namespace, rows]): MtlsGroup[] => {
    if (namespace === null) return []
    const workloads = new Map(
      rows.flatMap((row) => (row.port === null ? [[row.workload, row] as const] : [])),
    )
    const inside = rows.flatMap((row) =>
      row.workload === null
        ? []
        : [
            workloadItem(
              row,
              isMeasured ? observedOf(row, workloads.get(row.workload) ?? row, flows) : NOT_OBSERVED,
            ),
          ],
    )
    const own = rows.find((row) => row.workload === null)
    const into = [...workloads.values()].flatMap((row) => flowsInto(row, flows))
    all.push(...into)
    const observed = sum(into)
    return [{ index, namespace, own: own && scopeItem(own, inside, observed), inside, observed }]
  })
  const [mesh] = byNamespace.get(null) ?? []
  if (!mesh) return groups
  const observed = sum(all)
  const inside = groups.flatMap((group) => group.inside)
  return [{ index, namespace: null, own: scopeItem(mesh, inside, observed), inside: [], observed }, ...groups]
}

function scopeItem(row: ModeRow, inside: readonly MtlsRow[], observed: MtlsRow['observed']): MtlsRow {
  const state = worstState(inside.flatMap((each) => each.state ?? []))
  const { served: _served, ...rest } = row
  return { id: idOf(row), ...rest, state, observed }
}

function workloadItem(row: ModeRow, observed: MtlsRow['observed']): MtlsRow {
  const { served: _served, ...rest } = row
  return { id: idOf(row), ...rest, state: mtlsState({ ...row, ...observed }), observed }
}

function idOf({ cluster, namespace, workload, port }: ModeRow): string {
  const parts = [cluster, namespace, workload].filter((part) => part !== null).join('/')
  return port === null ? parts : `${parts}:${port}`
}

function observedOf(
  row: ModeRow,
  workload: ModeRow,
  flows: ReadonlyMap<string, SecuredFlow[]>,
): MtlsRow['observed'] {
  const own = flowsInto(row, flows)
  if (row.port === null) return sumSecurity(own)
  const ofPort = own.filter((flow) => row.served.some((port) => leadsTo(port, flow)))
  const isTold = ofPort.every((flow) =>
    workload.served.every((port) => port.port === row.port || !leadsTo(port, flow)),
  )
  return isTold ? sumSecurity(ofPort) : { mtlsRatio: null, plaintextCallers: null }
}

function flowsInto(row: ModeRow, flows: ReadonlyMap<string, SecuredFlow[]>): SecuredFlow[] {
  return flows.get(workloadKey(row.cluster, row.namespace ?? '', row.workload ?? '')) ?? []
}

/** Telemetry names no port: service and protocol are what tells ports apart. */
function leadsTo({ service, protocol }: ServedPort, flow: SecuredFlow): boolean {
  if (protocol !== null && (protocol === 'tcp') !== (flow.protocol === 'tcp')) return false
  return (
    flow.service === null ||
    (flow.service.name === service.name && flow.service.namespace === service.namespace)
  )
}
