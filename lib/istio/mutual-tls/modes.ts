/** The mTLS mode of everything a PeerAuthentication governs: configured, effective, and what callers make of it. */
import type { DataPlaneMode, ServiceInventory, WorkloadInventory } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { dataPlaneOf } from '../data-plane'
import { serviceHost } from '../hosts'
import { effectiveMtls, scopeMtls, type MtlsMode, type PolicyRef } from '../mtls'
import { isAutoMtls, rulesWithTls } from './client'
import { isUnread, MODE_UNREAD } from '../unread'
import { isGoverned, podsWithoutProxy } from './enforced'
import { meet, meetingWords, type Meeting, type Sends, type ServerSide } from './handshake'
import { servedPorts, type ServedPort } from './ports'

export interface ClientCase {
  /** who: "callers with a proxy", "callers without a proxy", or those a DestinationRule speaks to */
  who: string
  sends: Sends
  meeting: Meeting
  source: PolicyRef | null
  reason: string
}

/** One row: a mesh (no namespace), a namespace, a workload, or one port of it. */
export interface ModeRow {
  cluster: string
  namespace: string | null
  workload: string | null
  port: number | null
  dataPlane: DataPlaneMode | null
  /** modes of null are not known: PeerAuthentications may not be read */
  configured: { mode: MtlsMode | null; source: PolicyRef | null }
  effective: { mode: MtlsMode | null; reason: string }
  /** of workloads and ports; null: not known without the mode, or without DestinationRules */
  clients: ClientCase[] | null
  /** of workloads and ports: pods that nothing stands in front of, whatever the mode */
  podsWithoutProxy: string[]
  /** services and ports that lead to this row; of workloads all of theirs */
  served: ServedPort[]
}

/**
 * Rows of a cluster in order: the mesh, then each namespace with its workloads and their ports. Gateways, waypoints
 * and the control plane are left out: no PeerAuthentication governs their listeners.
 */
export function modeRows(index: InventoryIndex): ModeRow[] {
  const known = rowsOfIndex.get(index)
  if (known) return known
  const made = makeRows(index)
  rowsOfIndex.set(index, made)
  return made
}

// configuration changes rarely, and is asked for with every refresh
const rowsOfIndex = new WeakMap<InventoryIndex, ModeRow[]>()

function makeRows(index: InventoryIndex): ModeRow[] {
  const { cluster, rootNamespace } = index.inventory
  const mesh = {
    cluster,
    workload: null,
    port: null,
    dataPlane: null,
    clients: [],
    podsWithoutProxy: [],
    served: [],
  }
  const byNamespace = new Map<string, WorkloadInventory[]>()
  for (const workload of index.inventory.workloads) {
    if (!isGoverned(workload)) continue
    byNamespace.set(workload.namespace, [...(byNamespace.get(workload.namespace) ?? []), workload])
  }
  return [
    { ...mesh, namespace: null, ...ofScope(index, null) },
    ...[...index.namespaces.keys()].flatMap((namespace) => [
      ...(namespace === rootNamespace ? [] : [{ ...mesh, namespace, ...ofScope(index, namespace) }]),
      ...(byNamespace.get(namespace) ?? []).flatMap((workload) => ofWorkload(index, workload)),
    ]),
  ]
}

function ofScope(index: InventoryIndex, namespace: string | null): Pick<ModeRow, 'configured' | 'effective'> {
  const { mode, source, reason, ignored } = scopeMtls(index, namespace)
  return {
    configured: { mode, source },
    effective: { mode, reason: [`${reason}.`, ...ignoredWords(ignored)].join(' ') },
  }
}

/** Policies that somebody wrote and nobody follows. */
function ignoredWords(ignored: readonly PolicyRef[]): string[] {
  return ignored.map(
    ({ namespace, name }) =>
      `PeerAuthentication ${namespace}/${name} is younger than another of its kind here and does not count.`,
  )
}

function ofWorkload(index: InventoryIndex, workload: WorkloadInventory): ModeRow[] {
  const served = servedPorts(index, workload)
  const ports = new Set([
    ...served.flatMap(({ port }) => port ?? []),
    ...effectiveMtls(workload, index).perPort.map(({ port }) => port),
  ])
  return [null, ...[...ports].sort((a, b) => a - b)].map((port) =>
    rowOf(index, workload, port, port === null ? served : served.filter((each) => each.port === port)),
  )
}

function rowOf(
  index: InventoryIndex,
  workload: WorkloadInventory,
  port: number | null,
  served: ServedPort[],
): ModeRow {
  const { cluster, namespace, name } = workload
  const dataPlane = dataPlaneOf(workload, index)
  const bare = podsWithoutProxy(workload, index)
  const row = { cluster, namespace, workload: name, port, dataPlane, podsWithoutProxy: bare, served }
  if (isUnread(index, 'PeerAuthentication')) {
    const isProxied = dataPlane !== 'none'
    const words = isProxied
      ? [`${MODE_UNREAD}.`, ...bareWords(bare)]
      : [`${MODE_UNREAD}.`, 'Its pods have no proxy, so nothing enforces it and callers send plain text.']
    return {
      ...row,
      configured: { mode: null, source: null },
      effective: { mode: isProxied ? null : 'DISABLE', reason: words.join(' ') },
      clients: null,
    }
  }
  const { mode, configured, source, reason, ignored } = effectiveMtls(workload, index, port ?? undefined)
  const server = { mode, isProxied: dataPlane !== 'none' }
  const isAllRead = !isUnread(index, 'DestinationRule')
  const clients = isAllRead ? clientCases(index, workload, served, server) : null
  const said = sentence(reason, server, dataPlane, clients ?? [])
  const words = [
    said,
    ...(server.isProxied ? bareWords(bare) : []),
    ...ignoredWords(ignored),
    ...(isAllRead ? [] : ['What callers send is not known: Heddle may not read DestinationRules.']),
  ]
  return {
    ...row,
    configured: { mode: configured, source },
    effective: { mode: server.isProxied ? mode : 'DISABLE', reason: words.join(' ') },
    clients,
  }
}

function clientCases(
  index: InventoryIndex,
  workload: WorkloadInventory,
  served: readonly ServedPort[],
  server: ServerSide,
): ClientCase[] {
  const usual: Sends = isAutoMtls(index) ? 'auto' : 'plaintext'
  const cases: ClientCase[] = [
    caseOf(
      WITH_PROXY,
      usual,
      server,
      null,
      usual === 'auto'
        ? 'What callers with a proxy send'
        : 'Auto mTLS is off in the mesh configuration: what callers with a proxy send',
    ),
  ]
  for (const service of new Set(served.map((each) => each.service))) {
    if (usual !== 'auto' || !server.isProxied || !service.isHeadless || isAllProxied(index, service)) continue
    const words = `Not every pod behind the headless service ${service.name} has a proxy, so auto mTLS stays off for it: what callers with a proxy send`
    cases.push(caseOf(`callers of ${service.name}`, 'plaintext', server, null, words))
  }
  const seen = new Set<string>()
  for (const { service, servicePort } of served) {
    const host = serviceHost(service.name, service.namespace)
    const called = { host, namespace: service.namespace, port: servicePort, labels: workload.podLabels }
    for (const { rule, mode, sends } of rulesWithTls(index, called)) {
      const ref = { namespace: rule.namespace, name: rule.name }
      const key = `${ref.namespace}/${ref.name} ${mode}`
      if (seen.has(key)) continue
      seen.add(key)
      const who = `callers that DestinationRule ${ref.namespace}/${ref.name} speaks to`
      const words = `DestinationRule ${ref.namespace}/${ref.name} sets TLS ${mode} for ${host}: what its callers send`
      cases.push(caseOf(who, sends, server, ref, words))
    }
  }
  cases.push(caseOf(WITHOUT_PROXY, 'plaintext', server, null, 'What callers without a proxy send'))
  return cases
}

/** Callers of a headless service reach its pods through one cluster, which has one transport for all. */
function isAllProxied(index: InventoryIndex, service: ServiceInventory): boolean {
  const behind = index.workloadsOfService.get(`${service.namespace}/${service.name}`) ?? []
  return behind.every((workload) => podsWithoutProxy(workload, index).length === 0)
}

function bareWords(pods: readonly string[]): string[] {
  if (pods.length === 0) return []
  const [first] = pods
  return pods.length === 1
    ? [`Pod ${first} has no proxy and takes plain text whatever the mode.`]
    : [`${pods.length} of its pods have no proxy and take plain text whatever the mode.`]
}

function caseOf(
  who: string,
  sends: Sends,
  server: ServerSide,
  source: PolicyRef | null,
  words: string,
): ClientCase {
  return {
    who,
    sends,
    meeting: meet(sends, server),
    source,
    reason: `${words} ${meetingWords(sends, server)}.`,
  }
}

const WITH_PROXY = 'callers with a proxy'
const WITHOUT_PROXY = 'callers without a proxy'
/** cases that every port has */
const USUAL: ReadonlySet<string> = new Set([WITH_PROXY, WITHOUT_PROXY])

/** Who decided, what the data plane makes of it, and the callers for whom it goes wrong. */
function sentence(
  reason: string,
  server: ServerSide,
  dataPlane: DataPlaneMode,
  clients: readonly ClientCase[],
): string {
  const parts = [`${reason}.`]
  if (!server.isProxied) {
    parts.push('Its pods have no proxy, so nothing enforces it and callers send plain text.')
  } else if (dataPlane === 'ambient' && server.mode === 'STRICT') {
    parts.push('The ztunnel of the node refuses connections without an identity.')
  }
  for (const { who, meeting, reason: words } of clients) {
    if (!USUAL.has(who) && meeting !== 'mutual') parts.push(words)
  }
  return parts.join(' ')
}
