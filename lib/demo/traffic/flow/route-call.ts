/** From what an application asks for to the call the mesh makes of it, under the configuration as it stands. */
import type { ExternalSpec, WireProtocol } from '@/lib/demo/model'
import { destinationFor } from '../config/destination-rules'
import type { TlsMode } from '../config/destination-rules'
import { hostMatches, hostRank, isExported, serviceHost } from '../config/hosts'
import type { MeshState } from '../config/mesh-state'
import { selects } from '../config/read'
import type { PortState, ServiceEntryState, ServiceState, WorkloadState } from '../config/registry'
import { findRule, plainAction } from '../config/rules'
import type { Action, Backend, HeaderEdit, HttpMatch, L4Rule, RouteObject } from '../config/rules'
import type { Branch, Call, Client, ServiceLabels, Target, Wanted, WireRequest } from './call'
import { memberOf } from './member'
import type { NodeIndex } from './member'

export interface RoutingContext {
  mesh: MeshState
  nodes: NodeIndex
}

/** Gateways may hand on to gateways; a loop ends here. */
const MAX_HOPS = 4
const NO_RETRIES = { attempts: 0, perTryTimeoutMs: null, on: new Set<string>() }

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

function externalOf(specs: ExternalSpec[] | undefined, port: number): ExternalSpec | null {
  return specs?.find((spec) => spec.port === port) ?? specs?.[0] ?? null
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
      : toService(context, client, service, { host: address, weight: 1, headers: noEdit }, request, hops)
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

const noEdit: HeaderEdit = { set: {}, remove: [] }

function outsideLabels(context: RoutingContext, client: Client, address: string): ServiceLabels {
  const entry = findEntry(context.mesh.registry.serviceEntries, address, namespaceOf(client))
  return entry === undefined
    ? { host: address, name: 'PassthroughCluster', namespace: 'unknown' }
    : { host: address, name: address, namespace: entry.namespace }
}

function namespaceOf(client: Client): string {
  return client.workload?.spec.namespace ?? ''
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

function routed(
  context: RoutingContext,
  client: Client,
  service: ServiceLabels,
  request: WireRequest,
  routes: readonly RouteObject[],
  gateway: string,
  hops: number,
): Call {
  const labels = client.workload?.labels ?? {}
  if (request.protocol === 'tcp') {
    const rules = routes.flatMap((route) => (route.tls.length > 0 ? [...route.tls, ...route.tcp] : route.tcp))
    const rule = rules.find((one) => matchesL4(one, request, labels, gateway))
    if (rule === undefined && gateway !== 'mesh') {
      return answeredLocally(client, service, request, { kind: 'local', status: 503, flags: 'NR' })
    }
    const backends = rule?.backends ?? [{ host: service.host, weight: 1, headers: noEdit }]
    return assembled(context, client, service, request, plainAction([...backends]), null, hops)
  }
  const rules = routes.flatMap((route) => route.http)
  if (rules.length === 0 && gateway === 'mesh') {
    const whole = plainAction([{ host: service.host, weight: 1, headers: noEdit }])
    return assembled(context, client, service, request, whole, null, hops)
  }
  const match = findRule(rules, {
    method: request.method,
    path: request.path,
    authority: request.host,
    headers: request.headers,
    port: request.port,
    labels,
    namespace: namespaceOf(client),
    gateway,
  })
  if (match === undefined) {
    return answeredLocally(client, service, request, { kind: 'local', status: 404, flags: 'NR' })
  }
  return assembled(context, client, service, request, match.rule.action, match.match, hops)
}

function matchesL4(
  rule: L4Rule,
  request: WireRequest,
  labels: Record<string, string>,
  gateway: string,
): boolean {
  if (rule.matches.length === 0) return true
  return rule.matches.some(
    (match) =>
      (match.port === undefined || match.port === request.port) &&
      (match.sniHosts === undefined || match.sniHosts.some((host) => hostMatches(host, request.host))) &&
      (match.sourceLabels === undefined || selects(match.sourceLabels, labels)) &&
      (match.gateways === undefined || match.gateways.includes(gateway)),
  )
}

function assembled(
  context: RoutingContext,
  client: Client,
  service: ServiceLabels,
  request: WireRequest,
  action: Action,
  match: HttpMatch | null,
  hops: number,
): Call {
  if (action.direct !== null) {
    return answeredLocally(client, service, request, {
      kind: 'local',
      status: action.direct.status,
      flags: '-',
    })
  }
  const rewritten = rewrite(request, action, match)
  const to = (backend: Backend) =>
    toBackend(context, client, backend, edited(rewritten, backend.headers), hops)
  const total = action.backends.reduce((sum, backend) => sum + Math.max(0, backend.weight), 0)
  const branches =
    total > 0
      ? action.backends
          .filter((backend) => backend.weight > 0)
          .map((backend) => ({ ...to(backend), share: backend.weight / total }))
      : [local(service, request, { kind: 'local', status: 503, flags: 'NC' })]
  const isL4 = request.protocol === 'tcp'
  return {
    client,
    request,
    service,
    fault: isL4 ? null : action.fault,
    timeoutMs: isL4 ? null : action.timeoutMs,
    retries: isL4 ? NO_RETRIES : action.retries,
    branches,
    mirrors: isL4 ? [] : action.mirrors.map(({ ratio, backend }) => ({ ratio, branch: to(backend) })),
  }
}

function rewrite(request: WireRequest, action: Action, match: HttpMatch | null): WireRequest {
  const change = action.rewrite
  const next = edited(request, action.headers)
  if (change === null) return next
  const [path = '', query] = request.path.split('?', 2)
  let changed = change.path ?? path
  if (change.prefix !== undefined) {
    const prefix = match?.prefix
    // without a prefix match the whole path is replaced
    const joined = prefix === undefined ? change.prefix : change.prefix + path.slice(prefix.length)
    changed = `/${joined}`.replace(/\/{2,}/g, '/')
  }
  return {
    ...next,
    host: change.authority ?? next.host,
    path: query === undefined ? changed : `${changed}?${query}`,
  }
}

function edited(request: WireRequest, edit: HeaderEdit): WireRequest {
  if (edit.remove.length === 0 && Object.keys(edit.set).length === 0) return request
  const headers = { ...request.headers, ...edit.set }
  for (const name of edit.remove) delete headers[name]
  return { ...request, headers }
}

function toBackend(
  context: RoutingContext,
  client: Client,
  backend: Backend,
  request: WireRequest,
  hops: number,
): Branch {
  const { mesh } = context
  const namespace = namespaceOf(client)
  const service = mesh.registry.services.get(backend.host)
  if (backend.invalid !== undefined) {
    return local(hostLabels(backend.host, undefined), request, {
      kind: 'local',
      status: backend.invalid,
      flags: '-',
    })
  }
  if (service !== undefined) {
    const isSeen =
      client.via !== 'sidecar' ||
      mesh.sidecars
        .egressOf({ namespace, labels: client.workload?.labels ?? {} })
        .sees(service.namespace, service.host)
    if (isSeen) return toService(context, client, service, backend, request, hops)
  }
  const port = backend.port ?? request.port
  const entry = findEntry(mesh.registry.serviceEntries, backend.host, namespace, port)
  if (entry === undefined) return unknownCluster(hostLabels(backend.host, undefined), request)
  const { policy } = destinationFor(
    mesh.destinationRules,
    { host: backend.host, subset: backend.subset, port, namespace: entry.namespace },
    { namespace, labels: client.workload?.labels ?? {} },
  )
  const spec = externalOf(mesh.registry.externals.get(backend.host), port)
  return toOutside(hostLabels(backend.host, entry), backend.host, { ...request, port }, spec, policy.tls)
}

/** A route to a cluster the proxy does not have. */
function unknownCluster(labels: ServiceLabels, request: WireRequest): Branch {
  return local(labels, request, { kind: 'local', status: 503, flags: 'NC' })
}

function toService(
  context: RoutingContext,
  client: Client,
  service: ServiceState,
  backend: Backend,
  request: WireRequest,
  hops: number,
): Branch {
  const { mesh } = context
  const labels = labelsOfService(service)
  const only = service.ports.length === 1 ? service.ports[0] : undefined
  const wantedPort = backend.port ?? (only !== undefined && hops > 0 ? only.port : request.port)
  const port =
    service.ports.find((own) => own.port === wantedPort) ?? (backend.port === undefined ? only : undefined)
  if (port === undefined) return unknownCluster(labels, request)
  const bypassesRules = client.via === 'none' || client.via === 'ztunnel'
  const destination = bypassesRules
    ? { labels: {}, policy: { tls: null, pool: null, outlier: null } }
    : destinationFor(
        mesh.destinationRules,
        { host: service.host, subset: backend.subset, port: port.port, namespace: service.namespace },
        { namespace: namespaceOf(client), labels: client.workload?.labels ?? {} },
      )
  const subset = destination.labels
  if (subset === null) return unknownCluster(labels, request)
  // proxies know gRPC by what is sent: behind an HTTP gateway it is gRPC as well
  const isGrpc = request.protocol === 'http' && port.protocol === 'grpc'
  const sent: WireRequest = { ...request, port: port.port, protocol: isGrpc ? 'grpc' : request.protocol }
  const members = service.workloads
    .filter((workload) => workload.ready > 0 && selects(subset, workload.labels))
    .map((workload) => {
      const next =
        workload.spec.role === 'ingressGateway' || workload.spec.role === 'egressGateway'
          ? fromGateway(context, workload, sent, port, hops)
          : null
      return memberOf(context, client, workload, port, sent, destination.policy.tls, next)
    })
  const { pool, outlier } = destination.policy
  const key = `${client.workload?.id ?? ''}>${service.host}|${backend.subset ?? ''}|${port.port}`
  return {
    share: 1,
    service: labels,
    clusterName: `outbound|${port.port}|${backend.subset ?? ''}|${service.host}`,
    request: sent,
    target: {
      kind: 'pods',
      members,
      pool,
      outlier,
      feedbackKey: pool === null && outlier === null ? null : key,
    },
  }
}

function toOutside(
  labels: ServiceLabels,
  host: string,
  request: WireRequest,
  spec: ExternalSpec | null,
  tls: TlsMode | null,
): Branch {
  // plain HTTP on the port where the far side expects TLS is refused, mesh identities mean nothing there
  const speaksTls = spec?.protocol === 'https'
  const sendsTls = tls === 'SIMPLE' || tls === 'MUTUAL'
  const accepts =
    tls === 'ISTIO_MUTUAL' ? false : request.protocol === 'tcp' ? true : speaksTls ? sendsTls : !sendsTls
  return {
    share: 1,
    service: labels,
    clusterName:
      labels.name === 'PassthroughCluster' ? 'PassthroughCluster' : `outbound|${request.port}||${host}`,
    request,
    target: { kind: 'external', spec, accepts },
  }
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
            { host: address, weight: 1, headers: noEdit },
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

function answeredLocally(client: Client, service: ServiceLabels, request: WireRequest, target: Target): Call {
  return {
    client,
    request,
    service,
    fault: null,
    timeoutMs: null,
    retries: NO_RETRIES,
    branches: [local(service, request, target)],
    mirrors: [],
  }
}

function local(service: ServiceLabels, request: WireRequest, target: Target): Branch {
  return { share: 1, service, clusterName: service.name, request, target }
}

function labelsOfService(service: ServiceState): ServiceLabels {
  return { host: service.host, name: service.name, namespace: service.namespace }
}

function hostLabels(host: string, entry: ServiceEntryState | undefined): ServiceLabels {
  const inCluster = /^([^.]+)\.([^.]+)\.svc\./.exec(host)
  if (inCluster?.[1] !== undefined && inCluster[2] !== undefined) {
    return { host, name: inCluster[1], namespace: inCluster[2] }
  }
  return { host, name: host, namespace: entry?.namespace ?? 'unknown' }
}

function findEntry(
  entries: readonly ServiceEntryState[],
  host: string,
  client: string,
  port?: number,
  sees: (namespace: string, host: string) => boolean = () => true,
): ServiceEntryState | undefined {
  return entries.find(
    (entry) =>
      entry.hosts.some((pattern) => hostMatches(pattern, host)) &&
      isExported(entry.exportTo, entry.namespace, client) &&
      sees(entry.namespace, host) &&
      (port === undefined || entry.ports.some((own) => own.number === port)),
  )
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
