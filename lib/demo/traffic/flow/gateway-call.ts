import { hostMatches, hostRank } from '../config/hosts'
import type { PortState, WorkloadState } from '../config/registry'
import { answeredLocally, routed } from './apply-rules'
import type { RoutingContext } from './branches'
import type { Call, Client, ServiceLabels, Target, WireRequest } from './call'

/** Gateways may hand on to gateways; a loop ends here. */
const MAX_HOPS = 4

/** What a gateway makes of a request on one of its ports; null when it does not listen there. */
export function fromGateway(
  context: RoutingContext,
  gateway: WorkloadState,
  request: WireRequest,
  port: PortState,
  hops: number,
): Call | null {
  if (hops >= MAX_HOPS) return null
  const { mesh } = context
  const client: Client = { workload: gateway, via: 'gateway', waypoint: null }
  const listeners = mesh
    .listenersOf(gateway)
    .filter((listener) => listener.port === port.port || listener.port === port.targetPort)
  if (listeners.length === 0) return null
  const rankOf = (hosts: readonly string[]) =>
    Math.max(-1, ...hosts.filter((host) => hostMatches(host, request.host)).map(hostRank))
  const best = Math.max(...listeners.map((listener) => rankOf(listener.hosts)))
  const unknown: ServiceLabels = { host: request.host, name: request.host, namespace: 'unknown' }
  const noRoute: Target = { kind: 'local', status: 404, flags: 'NR' }
  if (best < 0) return answeredLocally(client, unknown, request, noRoute)
  const open = listeners.filter((listener) => rankOf(listener.hosts) === best)
  if (open.some((listener) => listener.httpsRedirect) && request.protocol !== 'tcp') {
    return answeredLocally(client, unknown, request, { kind: 'local', status: 301, flags: '-' })
  }
  const labelsOf = (namespace: string) => mesh.registry.namespaceLabels.get(namespace) ?? {}
  for (const listener of open) {
    const routes = mesh.routes.atGateway(request.host, listener, labelsOf)
    const call = routed(context, client, unknown, request, routes, listener.gateway, hops + 1)
    const only = call.branches[0]
    const missed = only?.target.kind === 'local' && only.target.flags === 'NR'
    if (!missed) return call
  }
  return answeredLocally(client, unknown, request, noRoute)
}
