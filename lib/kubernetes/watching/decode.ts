/**
 * Kubernetes' wire shapes to the inventory's records. Each function answers undefined for an object it cannot
 * read, so that one broken object is dropped and the rest stand.
 */
import type {
  ConfigObject,
  NamespaceInventory,
  PodInventory,
  ProbeInventory,
  ServiceInventory,
  TemplateContainer,
  WorkloadInventory,
} from '@/lib/mesh/inventory'
import { readYaml } from '@/lib/validation/yaml'
import * as wire from '../schema'
import type {
  WireContainer,
  WireContainerStatus,
  WireMetadata,
  WirePodTemplate,
  WireTemplateContainer,
  WireWorkload,
} from '../schema'

export interface Owner {
  kind: string
  name: string
}

/** A pod whose owner has not been walked up yet. */
export interface PodRecord extends Omit<PodInventory, 'workload' | 'workloadKind'> {
  owner: Owner | null
}

/** A workload, with the owner that stands for it (a Job's CronJob, a ReplicaSet's Deployment). */
export interface WorkloadRecord extends WorkloadInventory {
  owner: Owner | null
}

export interface KubernetesEvent {
  cluster: string
  namespace: string
  name: string
  /** `Normal` or `Warning` */
  type: string
  reason: string
  message: string
  count: number
  firstAt: number | null
  lastAt: number | null
  object: { kind: string; namespace: string | null; name: string }
}

const SERVER_NOISE = 'kubectl.kubernetes.io/last-applied-configuration'

export function decodeNamespace(object: unknown, cluster: string): NamespaceInventory | undefined {
  const parsed = wire.anyObject.safeParse(object)
  if (!parsed.success) return undefined
  const { name, labels, annotations } = parsed.data.metadata
  return { cluster, name, labels, annotations: withoutNoise(annotations) }
}

export function decodeServiceAccount(
  object: unknown,
  cluster: string,
): { cluster: string; namespace: string; name: string } | undefined {
  const parsed = wire.anyObject.safeParse(object)
  if (!parsed.success) return undefined
  return { cluster, namespace: parsed.data.metadata.namespace ?? '', name: parsed.data.metadata.name }
}

export function decodeService(object: unknown, cluster: string): ServiceInventory | undefined {
  const parsed = wire.service.safeParse(object)
  if (!parsed.success) return undefined
  const { metadata, spec } = parsed.data
  return {
    cluster,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    labels: metadata.labels,
    annotations: withoutNoise(metadata.annotations),
    type: spec.type ?? 'ClusterIP',
    ...(spec.clusterIP === 'None' ? { isHeadless: true } : {}),
    selector: spec.selector,
    ports: (spec.ports ?? []).map((port) => ({
      name: port.name ?? null,
      port: port.port,
      targetPort: port.targetPort === null || port.targetPort === undefined ? null : String(port.targetPort),
      protocol: port.protocol ?? 'TCP',
      appProtocol: port.appProtocol ?? null,
    })),
    createdAt: instant(metadata.creationTimestamp),
  }
}

/**
 * A pod with its containers (native sidecars among them, ordinary init containers only while they fail).
 * `phase` is `Terminating` once deletion has begun.
 */
export function decodePod(object: unknown, cluster: string): PodRecord | undefined {
  const parsed = wire.pod.safeParse(object)
  if (!parsed.success) return undefined
  const { metadata, spec, status } = parsed.data
  const initContainers = spec.initContainers ?? []
  const statuses = new Map((status?.containerStatuses ?? []).map((one) => [one.name, one]))
  const initStatuses = new Map((status?.initContainerStatuses ?? []).map((one) => [one.name, one]))
  const containers = [
    ...spec.containers.map((one) => decodeContainer(one, statuses.get(one.name))),
    ...initContainers
      .filter((one) => isRestartable(one) || isFailing(initStatuses.get(one.name)))
      .map((one) => decodeContainer(one, initStatuses.get(one.name))),
  ]
  return {
    cluster,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    owner: ownerOf(metadata),
    labels: metadata.labels,
    annotations: withoutNoise(metadata.annotations),
    serviceAccount: spec.serviceAccountName ?? 'default',
    phase: metadata.deletionTimestamp ? 'Terminating' : (status?.phase ?? 'Unknown'),
    ready: (status?.conditions ?? []).some((one) => one.type === 'Ready' && one.status === 'True'),
    restarts: containers.reduce((sum, one) => sum + one.restarts, 0),
    node: spec.nodeName || null,
    startedAt: instant(status?.startTime),
    containers,
    hasSidecar: [...spec.containers, ...initContainers.filter(isRestartable)].some(isSidecar),
    isAmbient: metadata.annotations['ambient.istio.io/redirection'] === 'enabled',
    ...(spec.hostNetwork ? { hostNetwork: true } : {}),
    ...userOf(spec),
  }
}

function userOf({ securityContext }: Pick<WireContainer, 'securityContext'>): { runAsUser?: number } {
  const user = securityContext?.runAsUser
  return typeof user === 'number' ? { runAsUser: user } : {}
}

const PROXY_CONTAINERS = new Set(['istio-proxy', 'linkerd-proxy', 'consul-dataplane'])

/** ztunnel's container bears the sidecar's name, but serves the node and not the pod. */
function isSidecar(container: WireContainer): boolean {
  if (!PROXY_CONTAINERS.has(container.name)) return false
  return !(container.args ?? []).includes('ztunnel') && !/\/ztunnel(?:[:@]|$)/.test(container.image ?? '')
}

/** A native sidecar: an init container that keeps running. */
function isRestartable(container: WireContainer): boolean {
  return container.restartPolicy === 'Always'
}

function isFailing(status: WireContainerStatus | undefined): boolean {
  const waiting = status?.state?.waiting?.reason
  if (waiting) return waiting !== 'PodInitializing' && waiting !== 'ContainerCreating'
  const exitCode = status?.state?.terminated?.exitCode
  return typeof exitCode === 'number' && exitCode !== 0
}

function decodeContainer(
  container: WireContainer,
  status: WireContainerStatus | undefined,
): PodInventory['containers'][number] {
  return {
    name: container.name,
    image: container.image ?? '',
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
    reason: status?.state?.waiting?.reason ?? status?.state?.terminated?.reason ?? null,
    ...lastEndOf(status),
    ...userOf(container),
  }
}

/** `OOMKilled`, or the exit code where the runtime gives no more telling reason. */
function lastEndOf(
  status: WireContainerStatus | undefined,
): Pick<PodInventory['containers'][number], 'lastEnd'> {
  const ended = status?.lastState?.terminated
  const at = instant(ended?.finishedAt)
  if (!ended || at === null) return {}
  const code = ended.exitCode == null ? null : `exit code ${ended.exitCode}`
  const reason = ended.reason === 'Error' || !ended.reason ? (code ?? ended.reason ?? null) : ended.reason
  return { lastEnd: { at, reason, ...(ended.exitCode == null ? {} : { exitCode: ended.exitCode }) } }
}

/** Deployment, StatefulSet, DaemonSet, ReplicaSet, Rollout, Job or CronJob. */
export function decodeWorkload(object: unknown, cluster: string, kind: string): WorkloadRecord | undefined {
  const parsed = wire.workload.safeParse(object)
  if (!parsed.success) return undefined
  const { metadata, spec } = parsed.data
  const template: WirePodTemplate = spec?.template ?? spec?.jobTemplate?.spec?.template
  return {
    cluster,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    kind,
    labels: metadata.labels,
    annotations: withoutNoise(metadata.annotations),
    podLabels: template?.metadata?.labels ?? {},
    podAnnotations: template?.metadata?.annotations ?? {},
    serviceAccount: template?.spec?.serviceAccountName || 'default',
    replicas: replicasOf(parsed.data, kind),
    createdAt: instant(metadata.creationTimestamp),
    ...portsOf(template?.spec?.containers),
    owner: ownerOf(metadata),
    ...(template?.spec?.containers ? { containers: template.spec.containers.map(decodeTemplate) } : {}),
    ...userOf({ securityContext: template?.spec?.securityContext }),
  }
}

/** Variables that checks are about; whatever else stands in `env` may be secret and is not kept. */
const KEPT_VARIABLES = new Set(['BLOCKED_CIDRS_IN_JWKS_URIS'])

function decodeTemplate(container: WireTemplateContainer): TemplateContainer {
  const env = (container.env ?? []).filter(({ name }) => KEPT_VARIABLES.has(name))
  return {
    name: container.name ?? '',
    image: container.image ?? '',
    ports: (container.ports ?? []).map(({ containerPort, name, protocol }) => ({
      containerPort,
      ...(name ? { name } : {}),
      ...(protocol ? { protocol } : {}),
    })),
    ...(env.length > 0 ? { env: env.map(({ name, value }) => ({ name, value: value ?? '' })) } : {}),
    ...userOf(container),
  }
}

const PROBES = ['liveness', 'readiness', 'startup'] as const
const HANDLERS = { httpGet: 'http', tcpSocket: 'tcp', grpc: 'grpc' } as const

/** Names of ports and what probes ask for; nothing where the template names no container. */
function portsOf(
  containers: readonly WireTemplateContainer[] | null | undefined,
): Pick<WorkloadInventory, 'namedPorts' | 'probes'> {
  if (!containers || containers.length === 0) return {}
  const namedPorts: Record<string, number> = {}
  for (const { name, containerPort } of containers.flatMap(({ ports }) => ports ?? [])) {
    if (name) namedPorts[name] = containerPort
  }
  const probes = containers.flatMap((container) =>
    PROBES.flatMap((kind) => {
      const probe = container[`${kind}Probe`]
      return (['httpGet', 'tcpSocket', 'grpc'] as const).flatMap((handler): ProbeInventory[] => {
        const port = probe?.[handler]?.port
        if (port === null || port === undefined) return []
        const number = /^\d+$/.test(String(port)) ? Number(port) : (namedPorts[port] ?? null)
        return [{ kind, handler: HANDLERS[handler], port: number }]
      })
    }),
  )
  return { namedPorts, probes }
}

function replicasOf({ spec, status }: WireWorkload, kind: string): WorkloadInventory['replicas'] {
  if (kind === 'Job' || kind === 'CronJob') return null
  if (kind === 'DaemonSet') {
    return {
      desired: status?.desiredNumberScheduled ?? 0,
      current: status?.currentNumberScheduled ?? 0,
      available: status?.numberAvailable ?? 0,
    }
  }
  return {
    // the API server's own default
    desired: spec?.replicas ?? 1,
    current: status?.replicas ?? 0,
    // StatefulSets of old clusters count the ready ones only
    available: status?.availableReplicas ?? status?.readyReplicas ?? 0,
  }
}

/** A ReplicaSet somebody owns is only a step of the way up; it keeps nothing but its owner. */
export function decodeReplicaSet(object: unknown, cluster: string): WorkloadRecord | undefined {
  const record = decodeWorkload(object, cluster, 'ReplicaSet')
  if (!record || record.owner === null) return record
  const { containers: _dropped, ...step } = record
  return { ...step, labels: {}, annotations: {}, podLabels: {}, podAnnotations: {} }
}

/**
 * An object that people write, without what only the server writes for itself (the last-applied copy); of
 * `managedFields` who wrote and when stays, not which fields: those outweigh the object. For display and checks; an editor reads the object afresh.
 * List items carry neither apiVersion nor kind: `apiVersion` and `kind` fill them in.
 */
export function decodeConfig(object: unknown, apiVersion: string, kind: string): ConfigObject | undefined {
  const parsed = wire.configObject.safeParse(object)
  if (!parsed.success) return undefined
  const { managedFields, annotations, ...metadata } = parsed.data.metadata
  // the API server checks labels and annotations of every object to be strings
  const kept = { ...metadata } as ConfigObject['metadata']
  if (Array.isArray(managedFields)) kept.managedFields = managedFields.flatMap(writerOf)
  if (typeof annotations === 'object' && annotations !== null) {
    kept.annotations = withoutNoise(annotations as Record<string, string>)
  }
  return {
    ...parsed.data,
    apiVersion: parsed.data.apiVersion ?? apiVersion,
    kind: parsed.data.kind ?? kind,
    metadata: kept,
  }
}

type Fields = Record<string, unknown>

function writerOf(entry: unknown): object[] {
  if (typeof entry !== 'object' || entry === null) return []
  const { fieldsV1: _fields, fieldsType: _type, apiVersion: _version, ...writer } = entry as Fields
  return [writer]
}

/**
 * The mesh-wide settings of an `istio` or `istio-{revision}` ConfigMap; null for any other ConfigMap,
 * undefined where the settings are not YAML.
 */
export function decodeMeshConfig(
  object: unknown,
): { namespace: string; name: string; meshConfig: Record<string, unknown> } | undefined | null {
  const parsed = wire.configMap.safeParse(object)
  if (!parsed.success) return null
  const { metadata, data } = parsed.data
  const mesh = data['mesh']
  // Istio keeps certificates and templates in ConfigMaps of like names
  if (mesh === undefined || !/^istio(-|$)/.test(metadata.name)) return null
  const read = readYaml(mesh)
  if ('problem' in read) return undefined
  const settings = read.value
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) return undefined
  const { namespace, name } = metadata
  return { namespace: namespace ?? '', name, meshConfig: settings as Record<string, unknown> }
}

export function decodeEvent(object: unknown, cluster: string): KubernetesEvent | undefined {
  const parsed = wire.event.safeParse(object)
  if (!parsed.success) return undefined
  const { metadata, involvedObject, series, ...event } = parsed.data
  return {
    cluster,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: series?.count ?? event.count ?? 1,
    firstAt: instant(event.firstTimestamp ?? event.eventTime ?? metadata.creationTimestamp),
    lastAt: instant(
      series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? metadata.creationTimestamp,
    ),
    object: {
      kind: involvedObject.kind ?? '',
      namespace: involvedObject.namespace ?? null,
      name: involvedObject.name ?? '',
    },
  }
}

function ownerOf(metadata: WireMetadata): Owner | null {
  const owner = metadata.ownerReferences?.find((one) => one.controller === true)
  return owner ? { kind: owner.kind, name: owner.name } : null
}

function withoutNoise(annotations: Record<string, string>): Record<string, string> {
  if (!(SERVER_NOISE in annotations)) return annotations
  const { [SERVER_NOISE]: _dropped, ...rest } = annotations
  return rest
}

function instant(timestamp: string | null | undefined): number | null {
  const ms = timestamp ? Date.parse(timestamp) : Number.NaN
  return Number.isNaN(ms) ? null : ms
}
