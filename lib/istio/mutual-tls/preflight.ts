/** Who would be refused under another mTLS mode, judged by the traffic of a window. */
import type { DataPlaneMode, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import type { Protocol, TrafficDestination, TrafficSource } from '@/lib/mesh/traffic'
import { dataPlaneOf } from '../data-plane'
import { serviceHost } from '../hosts'
import type { MtlsMode, PolicyRef } from '../mtls'
import { clientTls, rulesWithTls } from './client'
import { meet, meetingWords, type Sends } from './handshake'
import { askingWords, takesIdentity, type IdentityLoss } from './identity'
import { servedPorts, type ServedPort } from './ports'
import type { ModeChange } from './proposal'

/** Traffic into a workload as its own proxy reported it: one caller, one service, secured in one way. */
export interface SecurityRow {
  source: TrafficSource
  /** SPIFFE id the caller proved; null: none */
  principal: string | null
  destination: TrafficDestination
  protocol: Protocol
  /** reported by a node's layer 4 proxy, which sees bytes whatever flows in them */
  isLayer4: boolean
  /** null: the mesh leaves the label out of its metrics */
  mutualTls: boolean | null
  /** null for tcp */
  requestsPerSecond: number | null
  /** of tcp */
  connectionsPerSecond: number | null
  /** epoch milliseconds; null: not asked */
  lastSeen: number | null
}

export interface RefusedCaller {
  row: SecurityRow
  workload: WorkloadInventory
  port: number | null
  service: string | null
  /** false: only some of the ports it may have called would refuse it */
  certain: boolean
  /** the caller's own workload; undefined: not known */
  caller: WorkloadInventory | undefined
  callerDataPlane: DataPlaneMode | null
  podsWithoutProxy: string[]
  reason: string
}

export interface Clash {
  rule: PolicyRef
  host: string
  mode: string
  workload: WorkloadInventory
  reason: string
}

/** Rows that reach a change that is enforced, with the ports they may have come through. */
export interface Reach {
  row: SecurityRow
  workload: WorkloadInventory
  ports: (Pick<ServedPort, 'port'> & { served: ServedPort | null; change: ModeChange | undefined })[]
}

/** Which rows concern the changes: those into workloads that enforce a mode that is to change. */
export function reaches(
  index: InventoryIndex,
  changes: readonly ModeChange[],
  rows: readonly SecurityRow[],
  defaultCluster: string,
): Reach[] {
  const { cluster } = index.inventory
  const byWorkload = new Map<string, ModeChange[]>()
  for (const change of changes) {
    if (!change.isEnforced) continue
    const key = `${change.workload.namespace}/${change.workload.name}`
    byWorkload.set(key, [...(byWorkload.get(key) ?? []), change])
  }
  return rows.flatMap((row): Reach[] => {
    const { destination } = row
    const own = byWorkload.get(`${destination.namespace ?? ''}/${destination.workload ?? ''}`)
    const [first] = own ?? []
    if (!own || !first || (destination.cluster ?? defaultCluster) !== cluster) return []
    const served = servedPorts(index, first.workload).filter((port) => leadsTo(port, row))
    const ports = (served.length > 0 ? served : [null]).map((port) => ({
      port: port?.port ?? null,
      served: port,
      change: own.find((change) => change.port === (port?.port ?? null)),
    }))
    return ports.some(({ change }) => change !== undefined) ? [{ row, workload: first.workload, ports }] : []
  })
}

/** The callers among them that the new mode would turn away, or the policies that ask for what it takes from them. */
export function refusedCallers(
  index: InventoryIndex,
  reached: readonly Reach[],
  losses: readonly IdentityLoss[] = [],
): RefusedCaller[] {
  const closed = new Map(
    losses.flatMap(({ workload, isClosed, policies }) => (isClosed ? [[workload, policies] as const] : [])),
  )
  return turnedAway(index, reached, (sends, change, { row, workload }) => {
    const server = { mode: change.after, isProxied: true }
    if (meet(sends, server) === 'broken') return { which: meetingWords(sends, server) }
    const policies = closed.get(workload)
    if (!policies || sends !== 'auto' || row.mutualTls !== true || !takesIdentity(change)) return null
    return { then: `would send plain text and prove no identity, for which ${askingWords(policies)}` }
  })
}

/** Those that called within the window, are turned away by the mode of now, and would not be by the new one. */
export function readmittedCallers(index: InventoryIndex, reached: readonly Reach[]): RefusedCaller[] {
  const stillRefused = new Set(refusedCallers(index, reached).map(({ row }) => row))
  return turnedAway(index, reached, (sends, change) => {
    const server = { mode: change.before, isProxied: true }
    return meet(sends, server) === 'broken' ? { which: meetingWords(sends, server) } : null
  }).filter(({ row }) => !stillRefused.has(row))
}

/** What is said of a caller: of what it sends now (`which …`), or of itself afterwards. */
type Refusal = { which: string } | { then: string }

function turnedAway(
  index: InventoryIndex,
  reached: readonly Reach[],
  whyRefused: (sends: Sends, change: ModeChange, reach: Reach) => Refusal | null,
): RefusedCaller[] {
  return reached.flatMap((reach): RefusedCaller[] => {
    const { row, workload, ports } = reach
    const { namespace, workload: name } = row.source
    const caller = name === null ? undefined : index.workloads.get(`${namespace ?? ''}/${name}`)
    const judged = ports.flatMap((port) => {
      if (!port.change) return []
      const why = whyRefused(sentBy(index, row, caller, workload, port.served), port.change, reach)
      return why ? [{ ...port, why }] : []
    })
    const [first] = judged
    if (!first) return []
    const pods = caller ? (index.pods.get(`${caller.namespace}/${caller.name}`) ?? []) : []
    return [
      {
        row,
        workload,
        port: judged.length === 1 ? first.port : null,
        service: row.destination.service?.name ?? null,
        certain: judged.length === ports.length,
        caller,
        callerDataPlane: caller ? dataPlaneOf(caller, index) : null,
        podsWithoutProxy: pods.filter((pod) => !pod.hasSidecar && !pod.isAmbient).map((pod) => pod.name),
        reason:
          'which' in first.why
            ? `${callerWords(row, caller, index)} ${first.why.which}.`
            : `${callerName(row) ?? 'A caller without a name'} ${first.why.then}.`,
      },
    ]
  })
}

/** DestinationRules whose callers the new mode would turn away, whether anybody calls or not. */
export function clashesOf(index: InventoryIndex, changes: readonly ModeChange[]): Clash[] {
  const clashes = new Map<string, Clash>()
  for (const { workload, port, before, after, isEnforced } of changes) {
    if (!isEnforced) continue
    for (const { service, servicePort, port: own } of servedPorts(index, workload)) {
      // the row of no port speaks for ports whose number only the pods know
      if (own !== port) continue
      const host = serviceHost(service.name, service.namespace)
      const called = { host, namespace: service.namespace, port: servicePort, labels: workload.podLabels }
      for (const { rule, mode, sends } of rulesWithTls(index, called)) {
        const isNew = (at: MtlsMode) => meet(sends, { mode: at, isProxied: true }) === 'broken'
        if (!isNew(after) || isNew(before)) continue
        clashes.set(`${rule.namespace}/${rule.name} ${mode} ${workload.name}`, {
          rule: { namespace: rule.namespace, name: rule.name },
          host,
          mode,
          workload,
          reason: `DestinationRule ${rule.namespace}/${rule.name} sets TLS ${mode} for ${host}: what its callers send ${meetingWords(sends, { mode: after, isProxied: true })}.`,
        })
      }
    }
  }
  return [...clashes.values()]
}

function sentBy(
  index: InventoryIndex,
  row: SecurityRow,
  caller: WorkloadInventory | undefined,
  workload: WorkloadInventory,
  served: ServedPort | null,
): Sends {
  // what the mesh does not tell is taken for the worst
  if (row.mutualTls !== true) return 'plaintext'
  const service = row.destination.service
  const namespace = served?.service.namespace ?? service?.namespace ?? workload.namespace
  const name = served?.service.name ?? service?.name
  if (name === undefined || row.source.namespace === null) return 'auto'
  return clientTls(
    index,
    { namespace: row.source.namespace, labels: caller?.podLabels ?? null },
    {
      host: serviceHost(name, namespace),
      namespace,
      port: served?.servicePort ?? null,
      labels: workload.podLabels,
    },
  ).sends === 'mutual'
    ? 'mutual'
    : 'auto'
}

/** Telemetry names no port: service and protocol tell which it may have been. */
function leadsTo({ service, protocol }: ServedPort, row: SecurityRow): boolean {
  if (protocol !== null && !row.isLayer4 && (protocol === 'tcp') !== (row.protocol === 'tcp')) return false
  const named = row.destination.service
  if (named === null) return true
  return named.name === service.name && (named.namespace === null || named.namespace === service.namespace)
}

function callerWords(row: SecurityRow, caller: WorkloadInventory | undefined, index: InventoryIndex): string {
  const who = callerName(row)
  if (who === null) return 'A caller without a proxy sends plain text, which'
  if (row.mutualTls === true) return `${who} sends mutual TLS whatever the port takes, which`
  if (row.mutualTls === null) return `${who} sends what telemetry does not tell, which as plain text`
  return caller && dataPlaneOf(caller, index) === 'none'
    ? `${who} has no proxy and sends plain text, which`
    : `${who} sends plain text, which`
}

function callerName({ source: { namespace, workload, app } }: SecurityRow): string | null {
  const name = workload ?? app
  return name === null || namespace === null ? name : `${namespace}/${name}`
}
