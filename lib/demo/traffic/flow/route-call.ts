/** From what an application asks for to the call the mesh makes of it, under the configuration as it stands. */
import type { ExternalSpec, WireProtocol } from '@/lib/demo/model'
import { isExported, serviceHost } from '../config/hosts'
import type { ServiceState, WorkloadState } from '../config/registry'
import { NO_EDIT } from '../config/rules'
import { NO_RETRIES, answeredLocally, routed } from './apply-rules'
import {
  externalOf,
  findEntry,
  hostLabels,
  labelsOfService,
  namespaceOf,
  toOutside,
  toService,
} from './branches'
import type { RoutingContext } from './branches'
import type { Call, Client, ServiceLabels, Wanted, WireRequest } from './call'

/** The call of one workload (null: somebody outside the mesh). */
export function routeCall(context: RoutingContext, caller: WorkloadState | null, wanted: Wanted): Call {
  const { registry } = context.mesh
  const address =
    'host' in wanted.target ? wanted.target.host : serviceHost(wanted.target.namespace, wanted.target.service)
  const service = registry.services.get(address)
  const external = service === undefined ? externalOf(registry.externals.get(address), wanted.port) : null
  const request: WireRequest = {
    protocol: protocolOf(service, external, wanted),
    host: wanted.host ?? address,
    port: wanted.port,
    method: wanted.method,
    path: wanted.path,
    headers: lowerCase(wanted.headers ?? {}),
  }
  const client: Client = { workload: caller, via: viaOf(caller), waypoint: null }
  if (client.via === 'sidecar') return fromSidecar(context, client, address, request)
  if (client.via === 'ztunnel') {
    const waypoint = service?.waypoint ?? null
    if (service !== undefined && waypoint !== null && waypoint.ready > 0) {
      return fromWaypoint(context, { ...client, via: 'waypoint', waypoint }, service, request)
    }
  }
  return direct(context, client, address, request, 0)
}

function viaOf(caller: WorkloadState | null): Client['via'] {
  if (caller === null) return 'none'
  if (caller.spec.role !== undefined && caller.hasProxy) return 'gateway'
  if (caller.hasProxy) return 'sidecar'
  return caller.spec.dataPlane === 'ambient' ? 'ztunnel' : 'none'
}

function protocolOf(
  service: ServiceState | undefined,
  external: ExternalSpec | null,
  wanted: Wanted,
): WireProtocol {
  const port = service?.ports.find((own) => own.port === wanted.port)
  if (port !== undefined) return port.protocol
  if (external !== null) return external.protocol === 'https' ? 'tcp' : external.protocol
  return wanted.method === '' ? 'tcp' : 'http'
}

/** Without routing: every endpoint alike, as Kubernetes or ztunnel does it. */
function direct(
  context: RoutingContext,
  client: Client,
  address: string,
  request: WireRequest,
  hops: number,
): Call {
  const { registry } = context.mesh
  const service = registry.services.get(address)
  const labels = service === undefined ? outsideLabels(context, client, address) : labelsOfService(service)
  const branch =
    service === undefined
      ? toOutside(labels, address, request, externalOf(registry.externals.get(address), request.port), null)
      : toService(context, client, service, { host: address, weight: 1, headers: NO_EDIT }, request, hops)
  return {
    client,
    request,
    service: labels,
    fault: null,
    timeoutMs: null,
    retries: NO_RETRIES,
    branches: [branch],
    mirrors: [],
  }
}

function outsideLabels(context: RoutingContext, client: Client, address: string): ServiceLabels {
  const entry = findEntry(context.mesh.registry.serviceEntries, address, namespaceOf(client))
  return entry === undefined
    ? { host: address, name: 'PassthroughCluster', namespace: 'unknown' }
    : { host: address, name: address, namespace: entry.namespace }
}

function fromSidecar(context: RoutingContext, client: Client, address: string, request: WireRequest): Call {
  const { mesh } = context
  const namespace = namespaceOf(client)
  const workload = client.workload
  const egress = mesh.sidecars.egressOf({ namespace, labels: workload?.labels ?? {} })
  const found = mesh.registry.services.get(address)
  const service =
    found !== undefined &&
    isExported(found.exportTo, found.namespace, namespace) &&
    egress.sees(found.namespace, address)
      ? found
      : undefined
  const entry =
    service === undefined
      ? findEntry(mesh.registry.serviceEntries, address, namespace, request.port, egress.sees)
      : undefined
  const routes = mesh.routes.inMesh(address, namespace, request.port)
  if (service === undefined && entry === undefined && routes.length === 0) {
    const policy = egress.outboundPolicy ?? mesh.registry.outboundPolicy
    return unregistered(context, client, address, request, found, policy)
  }
  const labels = service === undefined ? hostLabels(address, entry) : labelsOfService(service)
  return routed(context, client, labels, request, routes, 'mesh', 0)
}

/** The waypoint decides for the caller, under the routes of the service it stands before. */
function fromWaypoint(
  context: RoutingContext,
  client: Client,
  service: ServiceState,
  request: WireRequest,
): Call {
  const { mesh } = context
  const labels = labelsOfService(service)
  const waypoint = client.waypoint
  const caller = client.workload
  if (waypoint !== null) {
    const isHttp = request.protocol !== 'tcp'
    const decision = mesh.authorizations.atWaypoint(waypoint, service, {
      principal: caller?.principal ?? null,
      namespace: caller?.spec.namespace ?? null,
      ip: caller?.podIp ?? '',
      port: request.port,
      http: isHttp ? request : null,
    })
    if (!decision.allowed) {
      return answeredLocally(client, labels, request, { kind: 'local', status: 403, flags: '-' })
    }
  }
  const routes = mesh.routes.inMesh(service.host, service.namespace, request.port)
  return routed(context, client, labels, request, routes, 'mesh', 0)
}

function unregistered(
  context: RoutingContext,
  client: Client,
  address: string,
  request: WireRequest,
  hidden: ServiceState | undefined,
  policy: 'ALLOW_ANY' | 'REGISTRY_ONLY',
): Call {
  if (policy === 'REGISTRY_ONLY') {
    const labels = { host: address, name: 'BlackHoleCluster', namespace: 'unknown' }
    const flags = request.protocol === 'tcp' ? 'UH' : '-'
    return answeredLocally(client, labels, request, { kind: 'local', status: 502, flags })
  }
  const labels = { host: address, name: 'PassthroughCluster', namespace: 'unknown' }
  // a service the Sidecar hides is still reached, but as a bare address
  const branch =
    hidden === undefined
      ? toOutside(
          labels,
          address,
          request,
          externalOf(context.mesh.registry.externals.get(address), request.port),
          null,
        )
      : {
          ...toService(
            context,
            { ...client, via: 'none' },
            hidden,
            { host: address, weight: 1, headers: NO_EDIT },
            request,
            0,
          ),
          service: labels,
          clusterName: 'PassthroughCluster',
        }
  return {
    ...answeredLocally(client, labels, request, { kind: 'local', status: 0, flags: '-' }),
    branches: [branch],
  }
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
