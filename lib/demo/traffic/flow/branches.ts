/** Where a call may go: one branch per backend of its route, with the workloads behind it. */
import type { ExternalSpec } from '@/lib/demo/model'
import { destinationFor } from '../config/destination-rules'
import type { TlsMode } from '../config/destination-rules'
import { hostMatches, isExported } from '../config/hosts'
import type { MeshState } from '../config/mesh-state'
import { selects } from '../config/read'
import type { PortState, ServiceEntryState, ServiceState, WorkloadState } from '../config/registry'
import type { Backend } from '../config/rules'
import type { Branch, Call, Client, ServiceLabels, Target, WireRequest } from './call'
import { memberOf } from './member'
import type { NodeIndex } from './member'

export interface RoutingContext {
  mesh: MeshState
  nodes: NodeIndex
  /** what a gateway makes of a request on one of its ports; null when it does not listen there */
  atGateway(
    context: RoutingContext,
    gateway: WorkloadState,
    request: WireRequest,
    port: PortState,
    hops: number,
  ): Call | null
}

export function toBackend(
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

export function toService(
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
          ? context.atGateway(context, workload, sent, port, hops)
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

export function toOutside(
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

export function externalOf(specs: ExternalSpec[] | undefined, port: number): ExternalSpec | null {
  return specs?.find((spec) => spec.port === port) ?? specs?.[0] ?? null
}

export function namespaceOf(client: Client): string {
  return client.workload?.spec.namespace ?? ''
}

export function local(service: ServiceLabels, request: WireRequest, target: Target): Branch {
  return { share: 1, service, clusterName: service.name, request, target }
}

export function labelsOfService(service: ServiceState): ServiceLabels {
  return { host: service.host, name: service.name, namespace: service.namespace }
}

export function hostLabels(host: string, entry: ServiceEntryState | undefined): ServiceLabels {
  const inCluster = /^([^.]+)\.([^.]+)\.svc\./.exec(host)
  if (inCluster?.[1] !== undefined && inCluster[2] !== undefined) {
    return { host, name: inCluster[1], namespace: inCluster[2] }
  }
  return { host, name: host, namespace: entry?.namespace ?? 'unknown' }
}

export function findEntry(
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
