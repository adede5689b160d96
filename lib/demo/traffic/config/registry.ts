/**
 * Who can be called at this moment: workloads with their ready pods, services, hosts that ServiceEntries
 * register, and what the mesh configuration says of everything else.
 *
 * The served cluster answers from its objects as they stand; other clusters, whose API nobody sees, from the
 * world. A kind of which the configuration holds no object at all is taken from the world too.
 */
import { parse } from 'yaml'
import { hashText } from '@/lib/statistics/random'
import type {
  ConfigReader,
  ExternalSpec,
  KubernetesObject,
  ServiceSpec,
  WireProtocol,
  WorkloadSpec,
  World,
} from '@/lib/demo/model'
import { serviceHost } from './hosts'
import { fields, groupBy, isIstio, items, labelsOf, number, selects, strings, text } from './read'
import type { Fields } from './read'

export interface WorkloadState {
  index: number
  spec: WorkloadSpec
  /** cluster/namespace/name */
  id: string
  labels: Record<string, string>
  /** pods that take traffic */
  ready: number
  /** an L7 proxy of its own: sidecar, gateway or waypoint */
  hasProxy: boolean
  /** mesh identity; null without one */
  principal: string | null
  podName: string
  podIp: string
  /** whether it has pods at all, ready or not */
  hasPods: boolean
  /** all of its pods; of other clusters the one that stands for them */
  podNames: string[]
}

export interface PortState {
  name: string
  port: number
  targetPort: number
  protocol: WireProtocol
}

export interface ServiceState {
  namespace: string
  name: string
  host: string
  labels: Record<string, string>
  exportTo: string[]
  ports: PortState[]
  /** every workload its selector takes, ready or not */
  workloads: WorkloadState[]
  waypoint: WorkloadState | null
}

export interface ServiceEntryState {
  name: string
  namespace: string
  hosts: string[]
  exportTo: string[]
  ports: { number: number; protocol: string }[]
}

export interface Registry {
  world: World
  workloads: WorkloadState[]
  workloadById: Map<string, WorkloadState>
  services: Map<string, ServiceState>
  serviceEntries: ServiceEntryState[]
  externals: Map<string, ExternalSpec[]>
  namespaceLabels: Map<string, Record<string, string>>
  outboundPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY'
  autoMtls: boolean
}

export function workloadId(ref: { cluster: string; namespace: string; workload: string }): string {
  return `${ref.cluster}/${ref.namespace}/${ref.workload}`
}

export function readRegistry(world: World, config: ConfigReader): Registry {
  const namespaceLabels = new Map(
    config.list('Namespace').map((object) => [object.metadata.name, object.metadata.labels ?? {}] as const),
  )
  const workloads = readWorkloads(world, config)
  const workloadById = new Map(workloads.map((workload) => [workload.id, workload]))
  const mesh = meshConfig(world, config)
  return {
    world,
    workloads,
    workloadById,
    services: readServices(world, config, workloads, namespaceLabels),
    serviceEntries: config.list('ServiceEntry').filter(isIstio).map(serviceEntry),
    externals: groupBy(world.externals, (external) => external.host),
    namespaceLabels,
    outboundPolicy:
      fields(mesh.outboundTrafficPolicy).mode === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    autoMtls: mesh.enableAutoMtls !== false,
  }
}

function readWorkloads(world: World, config: ConfigReader): WorkloadState[] {
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const
  const owners = new Map<string, KubernetesObject>()
  for (const kind of kinds) for (const object of config.list(kind)) owners.set(ownerKey(object), object)
  const pods = podsByOwner(config.list('Pod'))
  return world.workloads.map((spec, index) => {
    const isHome = spec.cluster === world.homeCluster
    const key = `${spec.namespace}/${spec.kind}/${spec.name}`
    const owner = isHome ? owners.get(key) : undefined
    const isGone = isHome && owners.size > 0 && owner === undefined
    const own = isHome ? pods.get(key) : undefined
    const template = labelsOf(fields(fields(fields(owner?.spec).template).metadata).labels)
    const first = own?.[0]
    const address = hashText(`${spec.cluster}/${key}`)
    const meshed = spec.dataPlane !== 'none' || spec.role !== undefined
    const podName = first?.metadata.name ?? remotePodName(spec, address)
    return {
      index,
      spec,
      id: workloadId({ cluster: spec.cluster, namespace: spec.namespace, workload: spec.name }),
      labels: Object.keys(template).length > 0 ? template : spec.labels,
      ready: isGone ? 0 : readyPods(spec, owner, isHome && pods.size > 0 ? (own ?? []) : null),
      hasProxy: spec.dataPlane === 'sidecar' || spec.role?.endsWith('Gateway') || spec.role === 'waypoint',
      principal: meshed
        ? `spiffe://${world.trustDomain}/ns/${spec.namespace}/sa/${spec.serviceAccount}`
        : null,
      podName,
      hasPods: isHome && pods.size > 0 ? first !== undefined : !isGone,
      podNames: own && own.length > 0 ? own.map((pod) => pod.metadata.name) : [podName],
      podIp:
        text(fields(first?.status).podIP) ??
        `10.${(address >>> 24) & 63}.${(address >>> 16) & 255}.${(address >>> 8) & 255}`,
    }
  })
}

/** Name of a pod nobody keeps an object for, in the form its controller would give it. */
function remotePodName(spec: WorkloadSpec, seed: number): string {
  if (spec.kind === 'StatefulSet') return `${spec.name}-0`
  const suffix = lettersOf(String(seed).padStart(10, '1').slice(-5), 'bcdfghjkl2')
  if (spec.kind === 'DaemonSet') return `${spec.name}-${suffix}`
  return `${spec.name}-${lettersOf(String(seed).padStart(10, '1'), '456789bcdf')}-${suffix}`
}

function lettersOf(digits: string, letters: string): string {
  return digits.replace(/\d/g, (digit) => letters[Number(digit)] ?? '')
}

function ownerKey(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ''}/${object.kind}/${object.metadata.name}`
}

/** Pods by `namespace/kind/name` of what owns them, a ReplicaSet counted as its Deployment. */
function podsByOwner(pods: readonly KubernetesObject[]): Map<string, KubernetesObject[]> {
  const owned = new Map<string, KubernetesObject[]>()
  for (const pod of pods) {
    const owner = items(pod.metadata.ownerReferences)[0]
    let kind = text(owner?.kind)
    let name = text(owner?.name)
    if (kind === 'ReplicaSet') {
      kind = 'Deployment'
      name = name?.replace(/-[^-]+$/, '')
    }
    if (kind === undefined || name === undefined) continue
    const key = `${pod.metadata.namespace ?? ''}/${kind}/${name}`
    const list = owned.get(key)
    if (list === undefined) owned.set(key, [pod])
    else list.push(pod)
  }
  return owned
}

function readyPods(
  spec: WorkloadSpec,
  owner: KubernetesObject | undefined,
  pods: KubernetesObject[] | null,
): number {
  if (pods !== null) return pods.filter(isReady).length
  const desired = number(fields(owner?.spec).replicas) ?? spec.replicas
  const status = fields(owner?.status)
  return Math.min(desired, number(status.readyReplicas) ?? desired)
}

function isReady(pod: KubernetesObject): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false
  return items(fields(pod.status).conditions).some(
    (condition) => condition.type === 'Ready' && condition.status === 'True',
  )
}

function readServices(
  world: World,
  config: ConfigReader,
  workloads: readonly WorkloadState[],
  namespaceLabels: Map<string, Record<string, string>>,
): Map<string, ServiceState> {
  const objects = new Map(
    config.list('Service').map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]),
  )
  const specs = new Map(world.services.map((spec) => [`${spec.namespace}/${spec.name}`, spec]))
  const byNamespace = groupBy(workloads, (workload) => workload.spec.namespace)
  const services = new Map<string, ServiceState>()
  for (const key of new Set([...specs.keys(), ...objects.keys()])) {
    const spec = specs.get(key)
    const object = objects.get(key)
    // deleted from the served cluster
    if (object === undefined && objects.size > 0 && spec?.cluster === world.homeCluster) continue
    const namespace = object?.metadata.namespace ?? spec?.namespace ?? ''
    const name = object?.metadata.name ?? spec?.name ?? ''
    const own = byNamespace.get(namespace) ?? []
    const selector = object === undefined ? (spec?.selector ?? {}) : labelsOf(fields(object.spec).selector)
    const ports = object === undefined ? (spec?.ports ?? []) : servicePorts(object, spec)
    const labels = object?.metadata.labels ?? {}
    services.set(serviceHost(namespace, name), {
      namespace,
      name,
      host: serviceHost(namespace, name),
      labels,
      exportTo: (text(object?.metadata.annotations?.['networking.istio.io/exportTo']) ?? '')
        .split(',')
        .map((to) => to.trim())
        .filter((to) => to !== ''),
      ports,
      workloads:
        Object.keys(selector).length === 0
          ? []
          : own.filter((workload) => selects(selector, workload.labels)),
      waypoint: findWaypoint(spec, object, namespaceLabels.get(namespace), namespace, byNamespace),
    })
  }
  return services
}

function servicePorts(object: KubernetesObject, spec: ServiceSpec | undefined): PortState[] {
  return items(fields(object.spec).ports).map((port) => {
    const known = spec?.ports.find((own) => own.port === number(port.port))
    const name = text(port.name) ?? known?.name ?? ''
    return {
      name,
      port: number(port.port) ?? 0,
      targetPort: number(port.targetPort) ?? known?.targetPort ?? number(port.port) ?? 0,
      protocol: wireProtocol(text(port.appProtocol) ?? name) ?? known?.protocol ?? 'tcp',
    }
  })
}

/** Protocol by appProtocol or by the first word of a port's name; undefined when the name says nothing. */
export function wireProtocol(name: string): WireProtocol | undefined {
  const word =
    name
      .toLowerCase()
      .replace(/^kubernetes\.io\/h2c$/, 'http2')
      .split('-', 1)[0] ?? ''
  if (['http', 'http2'].includes(word)) return 'http'
  if (word === 'grpc') return 'grpc'
  if (['tcp', 'tls', 'https', 'mongo', 'mysql', 'redis'].includes(word)) return 'tcp'
  return undefined
}

function findWaypoint(
  spec: ServiceSpec | undefined,
  object: KubernetesObject | undefined,
  namespace: Record<string, string> | undefined,
  own: string,
  byNamespace: Map<string, WorkloadState[]>,
): WorkloadState | null {
  const label = 'istio.io/use-waypoint'
  const fromService = object?.metadata.labels?.[label]
  const source = fromService === undefined ? namespace : object?.metadata.labels
  const name = object === undefined ? (spec?.waypoint ?? namespace?.[label]) : source?.[label]
  if (name === undefined || name === 'none') return null
  const where = source?.['istio.io/use-waypoint-namespace'] ?? own
  const candidates = byNamespace.get(where)?.filter((workload) => workload.spec.role === 'waypoint') ?? []
  return (
    candidates.find(
      (workload) =>
        workload.spec.name === name || workload.labels['gateway.networking.k8s.io/gateway-name'] === name,
    ) ?? null
  )
}

function serviceEntry(object: KubernetesObject): ServiceEntryState {
  const spec = fields(object.spec)
  return {
    name: object.metadata.name,
    namespace: object.metadata.namespace ?? '',
    hosts: strings(spec.hosts),
    exportTo: strings(spec.exportTo),
    ports: items(spec.ports).map((port) => ({
      number: number(port.number) ?? 0,
      protocol: (text(port.protocol) ?? 'TCP').toUpperCase(),
    })),
  }
}

/** What the `istio` ConfigMap holds; empty when it is absent or is no YAML. */
function meshConfig(world: World, config: ConfigReader): Fields {
  const map = config
    .list('ConfigMap', world.rootNamespace)
    .find((object) => object.metadata.name === 'istio' && object.metadata.namespace === world.rootNamespace)
  const mesh = text(fields(map?.data).mesh)
  if (mesh === undefined) return {}
  try {
    return fields(parse(mesh))
  } catch {
    return {}
  }
}
