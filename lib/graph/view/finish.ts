/** Drafts to the nodes and edges a reader gets. */
import type { Health } from '@/lib/health/types'
import { ratioOf, roundBytes, roundRate } from '../quantum'
import type { GraphEdge, GraphNode, MeshName, NodeRole, NodeTraffic, ResponseRate } from '../types'
import type { EdgeDraft, NodeDraft } from './drafts'
import type { NodeFacts } from './facts'
import { bytesOf, latencyOf, requestTraffic, tcpTraffic, type Tally } from './tally'

/** Fixed order, so that equal nodes are equal. */
const ROLE_ORDER: readonly NodeRole[] = [
  'root',
  'outside',
  'gateway',
  'waypoint',
  'serviceEntry',
  'passthrough',
  'blackHole',
  'idle',
  'dead',
]

/** Roles in their fixed order. */
export function sortRoles(roles: readonly NodeRole[]): NodeRole[] {
  return roles.length < 2 ? [...roles] : ROLE_ORDER.filter((role) => roles.includes(role))
}

export function finishNode(node: NodeDraft, facts: NodeFacts, health: Health, mesh: MeshName): GraphNode {
  const { id, kind, cluster, namespace, name } = node
  const isOfMesh = kind !== 'external' && kind !== 'unknown' && facts.dataPlane !== 'none'
  return {
    id,
    kind,
    cluster,
    namespace,
    name,
    workload: kind === 'workload' ? name : kind === 'app' ? only(node.workloads) : null,
    app: kind === 'app' ? name : only(node.apps),
    version: kind === 'workload' || node.named.version !== undefined ? only(node.versions) : null,
    service: node.service,
    mesh: isOfMesh ? mesh : null,
    dataPlane: facts.dataPlane,
    roles: sortRoles(node.roles),
    inbound: sideOf(node.inbound),
    outbound: sideOf(node.outbound),
    health,
    badges: facts.badges,
    workloadKind: facts.workloadKind,
    replicas: facts.replicas,
    serviceAccount: facts.serviceAccount,
    mtls: facts.mtls,
    mtlsRatio: inboundMtls(node),
  }
}

function only(values: readonly string[]): string | null {
  return values.length === 1 ? (values[0] ?? null) : null
}

/** Requests and bytes do not add up: where both flow, requests speak. */
function inboundMtls({ inbound: { http, grpc, tcp } }: NodeDraft): number | null {
  if (!http && !grpc) return tcp && ratioOf(tcp.secured.mutual, tcp.secured.known)
  const sum = (of: 'known' | 'mutual') => (http?.secured[of] ?? 0) + (grpc?.secured[of] ?? 0)
  return ratioOf(sum('mutual'), sum('known'))
}

function sideOf(side: NodeDraft['inbound']): NodeTraffic {
  return {
    http: side.http && requestTraffic(side.http),
    grpc: side.grpc && requestTraffic(side.grpc),
    tcp: side.tcp && tcpTraffic(side.tcp),
  }
}

export function finishEdge(edge: EdgeDraft, health: Health): GraphEdge {
  const { id, source, target, protocol, tally } = edge
  const isTcp = protocol === 'tcp'
  const { connectionsPerSecond, sentBytesPerSecond, receivedBytesPerSecond } = tally
  return {
    id,
    source: source.id,
    target: target.id,
    protocol,
    requestsPerSecond: isTcp ? null : roundRate(tally.requestsPerSecond),
    errorRatio: isTcp ? null : ratioOf(tally.errorsPerSecond, tally.requestsPerSecond),
    clientErrorRatio: isTcp ? null : ratioOf(tally.clientErrorsPerSecond, tally.requestsPerSecond),
    share: shareOf(edge),
    responses: isTcp ? flaggedConnections(tally) : responsesOf(tally),
    latencyMs: isTcp ? null : latencyOf(tally),
    sentBytesPerSecond: sentBytesPerSecond === null ? null : roundBytes(sentBytesPerSecond),
    receivedBytesPerSecond: receivedBytesPerSecond === null ? null : roundBytes(receivedBytesPerSecond),
    connectionsPerSecond: connectionsPerSecond === null ? null : roundRate(connectionsPerSecond),
    mtlsRatio: ratioOf(tally.secured.mutual, tally.secured.known),
    health,
  }
}

/** Share of what the source sends with this protocol: requests, or bytes, or connections where no byte flowed. */
function shareOf({ source, protocol, tally }: EdgeDraft): number | null {
  const all = source.outbound[protocol]
  if (!all) return null
  if (protocol !== 'tcp') return ratioOf(tally.requestsPerSecond, all.requestsPerSecond)
  const bytes = bytesOf(all)
  return bytes > 0
    ? ratioOf(bytesOf(tally), bytes)
    : ratioOf(tally.connectionsPerSecond ?? 0, all.connectionsPerSecond ?? 0)
}

function responsesOf(tally: Tally): ResponseRate[] {
  return tally.responses
    .map(({ code, flags, requestsPerSecond }) => ({
      code,
      flags,
      requestsPerSecond: roundRate(requestsPerSecond),
    }))
    .sort(byCodeAndFlags)
}

/** TCP has no codes; connections that ended with a flag are listed under `-`, in connections per second. */
function flaggedConnections(tally: Tally): ResponseRate[] {
  return tally.connections
    .filter((each) => each.flags !== '-')
    .map(({ flags, connectionsPerSecond }) => ({
      code: '-',
      flags,
      requestsPerSecond: roundRate(connectionsPerSecond),
    }))
    .sort(byCodeAndFlags)
}

function byCodeAndFlags(a: ResponseRate, b: ResponseRate): number {
  if (a.code !== b.code) return a.code < b.code ? -1 : 1
  return a.flags < b.flags ? -1 : a.flags > b.flags ? 1 : 0
}
