/** What one workload behind a service makes of one caller's request, before its application sees it. */
import type { EndpointSpec } from '@/lib/demo/model'
import type { TlsMode } from '../config/destination-rules'
import type { MeshState } from '../config/mesh-state'
import type { PortState, WorkloadState } from '../config/registry'
import { handshake } from '../security/mutual-tls'
import type { Call, Client, Member, WireRequest } from './call'

/** Number of the node of a workload's endpoint: nodes are numbered over all workloads, in order. */
export interface NodeIndex {
  first: readonly number[]
}

export function memberOf(
  context: { mesh: MeshState; nodes: NodeIndex },
  client: Client,
  workload: WorkloadState,
  port: PortState,
  request: WireRequest,
  tls: TlsMode | null,
  next: Call | null,
): Member {
  const { mesh } = context
  const isGateway = workload.spec.role !== undefined && workload.hasProxy
  const isMeshed = workload.spec.dataPlane !== 'none' && !isGateway
  const { result, mutual } = isGateway
    ? { result: 'accepted' as const, mutual: client.via !== 'none' }
    : handshake(
        {
          hasIdentity: client.via !== 'none',
          // node proxies and waypoints tunnel with the mesh's own identities, whatever a rule says
          tls: client.via === 'sidecar' || client.via === 'gateway' ? tls : null,
          autoMtls: mesh.registry.autoMtls || client.via === 'ztunnel' || client.via === 'waypoint',
        },
        { isMeshed, mode: mesh.peerAuthentications.modeOf(workload, port.targetPort) },
      )
  const speaker = client.waypoint ?? client.workload
  const seesHttp = workload.hasProxy && request.protocol !== 'tcp'
  const decision =
    isMeshed || isGateway
      ? mesh.authorizations.atWorkload(workload, {
          principal: mutual ? (speaker?.principal ?? null) : null,
          namespace: mutual ? (speaker?.spec.namespace ?? null) : null,
          ip: speaker?.podIp ?? '203.0.113.80',
          port: port.targetPort,
          http: seesHttp ? request : null,
        })
      : { allowed: true, policy: null }
  return {
    workload,
    node: nodeOf(context.nodes, workload, port.targetPort, request),
    next,
    connection: result,
    mutual,
    denied: decision.allowed ? null : seesHttp ? 'http' : 'connection',
    deniedBy: decision.policy,
  }
}

function nodeOf(
  nodes: NodeIndex,
  workload: WorkloadState,
  port: number,
  request: WireRequest,
): number | 'unknown' | null {
  const listening = workload.spec.endpoints.filter((endpoint) => endpoint.port === port)
  if (listening.length === 0) return null
  const endpoint = findEndpoint(listening, request)
  if (endpoint === undefined) return 'unknown'
  return (nodes.first[workload.index] ?? 0) + workload.spec.endpoints.indexOf(endpoint)
}

/** The endpoint of this method, path and query, else of method and path, else of the path, else the longest path this one continues. */
function findEndpoint(endpoints: readonly EndpointSpec[], request: WireRequest): EndpointSpec | undefined {
  const path = request.path.split('?', 1)[0] ?? ''
  const named = (wanted: string) =>
    endpoints.find((endpoint) => endpoint.path === wanted && endpoint.method === request.method)
  // a query names an endpoint of its own where there is one
  const exact = named(request.path) ?? named(path)
  if (exact !== undefined) return exact
  const bytes = endpoints.find((endpoint) => endpoint.protocol === 'tcp')
  if (request.protocol === 'tcp' || bytes !== undefined) return bytes ?? endpoints[0]
  let best: EndpointSpec | undefined
  for (const endpoint of endpoints) {
    const isAbove = path === endpoint.path || path.startsWith(`${endpoint.path.replace(/\/$/, '')}/`)
    if (isAbove && endpoint.path.length > (best?.path.length ?? -1)) best = endpoint
  }
  return best
}
