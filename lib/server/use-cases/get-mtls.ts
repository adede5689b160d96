import 'server-only'
import type { MtlsList, MtlsRow } from '@/lib/api/schemas/mtls'
import type { ScopeQuery } from '@/lib/api/schemas/requests'
import { securedFlows, sumSecurity, workloadKey, type SecuredFlow } from '@/lib/graph/observed/security'
import { modeRows, type ModeRow } from '@/lib/istio/mutual-tls/modes'
import type { ServedPort } from '@/lib/istio/mutual-tls/ports'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { currentInventories, type Upstreams } from '../upstreams'
import { configOfNow, isInScope, unreadNotices } from './config-scope'
import { readSnapshot } from './read-snapshot'
import { resolveTime } from './resolve-time'

/**
 * Modes of every mesh, namespace, workload and port as configured now, beside how traffic was secured over the
 * window. Throws UpstreamError when Prometheus has never answered.
 */
export async function getMtls(up: Upstreams, query: ScopeQuery): Promise<MtlsList> {
  const time = await resolveTime(up, query)
  // quantiles are no matter here
  const { snapshot, notices } = await readSnapshot(up, time, 'later')
  const flows = new Map<string, SecuredFlow[]>()
  for (const flow of securedFlows(snapshot.topology)) {
    flows.set(flow.target, [...(flows.get(flow.target) ?? []), flow])
  }
  const items = currentInventories(up.inventories).flatMap((inventory) => {
    const rows = modeRows(indexInventory(inventory)).filter((row) =>
      row.namespace === null
        ? query.namespaces.length === 0 && isInScope(query, row.cluster, '')
        : isInScope(query, row.cluster, row.namespace),
    )
    return rows.map((row) => itemOf(row, rows, flows))
  })
  return {
    at: snapshot.at,
    windowSeconds: snapshot.windowSeconds,
    notices: [...snapshot.notices, ...notices, ...unreadNotices(up), ...configOfNow(query)],
    items: items.sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

function itemOf(row: ModeRow, rows: readonly ModeRow[], flows: ReadonlyMap<string, SecuredFlow[]>): MtlsRow {
  const { served: _served, ...rest } = row
  return { id: idOf(row), ...rest, observed: observedOf(row, rows, flows) }
}

function idOf({ cluster, namespace, workload, port }: ModeRow): string {
  const parts = [cluster, namespace, workload].filter((part) => part !== null).join('/')
  return port === null ? parts : `${parts}:${port}`
}

function observedOf(
  row: ModeRow,
  rows: readonly ModeRow[],
  flows: ReadonlyMap<string, SecuredFlow[]>,
): MtlsRow['observed'] {
  if (row.workload === null) {
    const inside = rows.filter(
      (each) =>
        each.workload !== null &&
        each.port === null &&
        (row.namespace === null || each.namespace === row.namespace),
    )
    return sumSecurity(inside.flatMap((each) => flowsInto(each, flows)))
  }
  const own = flowsInto(row, flows)
  if (row.port === null) return sumSecurity(own)
  const all = rows.find(
    (each) => each.namespace === row.namespace && each.workload === row.workload && each.port === null,
  )
  const ofPort = own.filter((flow) => row.served.some((port) => leadsTo(port, flow)))
  const isTold = ofPort.every((flow) =>
    (all?.served ?? []).every((port) => port.port === row.port || !leadsTo(port, flow)),
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
