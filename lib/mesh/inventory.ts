/**
 * What the Kubernetes API says exists, decoded. The topology is right without it (telemetry alone);
 * with it come idle and dead nodes, replicas, missing sidecars, badges and mTLS modes.
 */

/** Any Kubernetes object that people write; unknown fields are kept. */
export interface ConfigObject {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    resourceVersion?: string
    generation?: number
    creationTimestamp?: string
    uid?: string
    [key: string]: unknown
  }
  spec?: unknown
  status?: unknown
  [key: string]: unknown
}

export type DataPlaneMode = 'sidecar' | 'ambient' | 'none'

export interface NamespaceInventory {
  cluster: string
  name: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

export interface WorkloadInventory {
  cluster: string
  namespace: string
  name: string
  /** Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet, Rollout, Pod… */
  kind: string
  /** labels of the object itself */
  labels: Record<string, string>
  annotations: Record<string, string>
  /** labels and annotations of the pod template */
  podLabels: Record<string, string>
  podAnnotations: Record<string, string>
  serviceAccount: string
  /** null where the kind has none (Job, bare Pod) */
  replicas: { desired: number; current: number; available: number } | null
  createdAt: number | null
  /** of the pod template; absent where the object was not read (a workload put together from its pods) */
  containers?: TemplateContainer[]
  /** user all containers run as, unless they say otherwise */
  runAsUser?: number
  /** numbers of the ports its pod template names; absent: the template was not read */
  namedPorts?: Record<string, number>
  /** what the kubelet asks of its containers; absent: the template was not read */
  probes?: ProbeInventory[]
}

export interface ProbeInventory {
  kind: 'liveness' | 'readiness' | 'startup'
  handler: 'http' | 'tcp' | 'grpc'
  /** null: a name that no container port bears */
  port: number | null
}

export interface TemplateContainer {
  name: string
  image: string
  ports: { containerPort: number; name?: string; protocol?: string }[]
  /** variables that checks are about; no others are kept, for they may be secret */
  env?: { name: string; value: string }[]
  runAsUser?: number
}

/** How a container ended, as the kubelet says it. */
export interface ContainerEnd {
  /** epoch milliseconds */
  at: number
  /** `OOMKilled`, `Completed`…, or the exit code where no more telling reason is given; null: not said */
  reason: string | null
  exitCode?: number
}

export interface PodInventory {
  cluster: string
  namespace: string
  name: string
  /** owning workload's name after walking ReplicaSets; null for a bare pod */
  workload: string | null
  workloadKind: string | null
  labels: Record<string, string>
  annotations: Record<string, string>
  serviceAccount: string
  phase: string
  ready: boolean
  restarts: number
  node: string | null
  startedAt: number | null
  containers: {
    name: string
    image: string
    ready: boolean
    restarts: number
    reason: string | null
    /** how it ended before it began again; absent: it never did, or nobody says */
    lastEnd?: ContainerEnd
    runAsUser?: number
  }[]
  /** shares its node's network, where no proxy can be */
  hostNetwork?: boolean
  runAsUser?: number
  /** an istio-proxy container (or native sidecar init container) is there */
  hasSidecar: boolean
  /** redirected by the node's L4 proxy */
  isAmbient: boolean
}

export interface ServiceInventory {
  cluster: string
  namespace: string
  name: string
  labels: Record<string, string>
  annotations: Record<string, string>
  type: string
  /** without an address of its own: callers reach the pods themselves; absent: not known */
  isHeadless?: boolean
  selector: Record<string, string>
  ports: {
    name: string | null
    port: number
    targetPort: string | null
    protocol: string
    appProtocol: string | null
  }[]
  createdAt: number | null
}

/** One cluster's objects at one moment. Arrays are sorted by namespace, name. */
export interface ClusterInventory {
  cluster: string
  namespaces: NamespaceInventory[]
  workloads: WorkloadInventory[]
  pods: PodInventory[]
  services: ServiceInventory[]
  serviceAccounts: { cluster: string; namespace: string; name: string }[]
  /** Istio and Gateway API objects of every kind we watch */
  config: ConfigObject[]
  /** mesh-wide settings from the `istio` ConfigMap; null when it could not be read */
  meshConfig: Record<string, unknown> | null
  /** namespace of mesh-wide policies; `istio-system` unless the mesh configuration says otherwise */
  rootNamespace: string
  /** kinds (`Pod`, `PeerAuthentication.security.istio.io`) that may not be read, sorted; absent: all may */
  unread?: readonly string[]
}
