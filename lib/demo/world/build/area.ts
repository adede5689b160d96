/** A part of the world as it is written down, before it becomes specs for the engine and objects for the API. */
import type {
  EndpointSpec,
  EntrySpec,
  ExternalSpec,
  ServiceSpec,
  WireProtocol,
  WorkloadSpec,
} from '@/lib/demo/model'
import type { PastRestart } from '@/lib/demo/kubernetes/controllers/restarts'
import { parseAddress, parseRequest } from './calls'

export const HOME_CLUSTER = 'east'
export const OTHER_CLUSTER = 'west'
export const ROOT_NAMESPACE = 'istio-system'
export const TRUST_DOMAIN = 'cluster.local'

/** Everything one area adds to the world. */
export interface Area {
  namespaces: NamespacePlan[]
  workloads: WorkloadPlan[]
  services: ServicePlan[]
  externals?: ExternalSpec[]
  entries: EntrySpec[]
  /** Istio, Gateway API and other objects that no workload or service brings along */
  objects: ObjectDraft[]
}

/** An object without what the cluster gives it: uid, creation time, generation. */
export interface ObjectDraft {
  apiVersion: string
  kind: string
  name: string
  namespace?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ageDays: number
  /** top-level fields besides the metadata (`spec`, `data`, `status`…), given the creation time as RFC 3339 */
  body: (createdAt: string) => Record<string, unknown>
  /** key (`objectKey`) of the object that owns it, which must be among the drafts */
  owner?: string
}

export interface NamespacePlan {
  name: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

export interface WorkloadPlan {
  spec: WorkloadSpec
  image: string
  /** of the pod template */
  annotations: Record<string, string>
  /** of the Deployment itself, besides `app` and `version` */
  objectLabels: Record<string, string>
  /** container ports besides those of the endpoints */
  extraPorts: { name: string; port: number }[]
  /** containers beside that of the application */
  helpers: { name: string; image: string }[]
  /** what has happened to containers of its pods */
  restarts: PastRestart[]
  ageDays: number
  owner?: string
}

interface WorkloadDraft {
  namespace: string
  /** defaults to `{app}-{version}` when it has a version label, else to the app */
  name?: string
  app: string
  /** left out: no version label, which proxies report as `latest` */
  version?: string
  cluster?: string
  kind?: WorkloadSpec['kind']
  serviceAccount?: string
  replicas?: number
  /** pod labels besides `app` and `version` */
  labels?: Record<string, string>
  dataPlane?: WorkloadSpec['dataPlane']
  role?: WorkloadSpec['role']
  image: string
  endpoints?: EndpointSpec[]
  annotations?: Record<string, string>
  objectLabels?: Record<string, string>
  extraPorts?: { name: string; port: number }[]
  helpers?: { name: string; image: string }[]
  restarts?: PastRestart[]
  runs?: WorkloadSpec['runs']
  tracer?: WorkloadSpec['tracer']
  ageDays?: number
  owner?: string
}

export function workload(draft: WorkloadDraft): WorkloadPlan {
  const name = draft.name ?? (draft.version === undefined ? draft.app : `${draft.app}-${draft.version}`)
  const spec: WorkloadSpec = {
    cluster: draft.cluster ?? HOME_CLUSTER,
    namespace: draft.namespace,
    name,
    kind: draft.kind ?? 'Deployment',
    app: draft.app,
    version: draft.version ?? 'latest',
    serviceAccount: draft.serviceAccount ?? draft.app,
    replicas: draft.replicas ?? 1,
    labels: {
      app: draft.app,
      ...(draft.version === undefined ? {} : { version: draft.version }),
      ...draft.labels,
    },
    dataPlane: draft.dataPlane ?? 'sidecar',
    ...(draft.role === undefined ? {} : { role: draft.role }),
    endpoints: draft.endpoints ?? [],
    ...(draft.runs === undefined ? {} : { runs: draft.runs }),
    ...(draft.tracer === undefined ? {} : { tracer: draft.tracer }),
  }
  return {
    spec,
    image: draft.image,
    annotations: draft.annotations ?? {},
    objectLabels: draft.objectLabels ?? {},
    extraPorts: draft.extraPorts ?? [],
    helpers: draft.helpers ?? [],
    restarts: draft.restarts ?? [],
    ageDays: draft.ageDays ?? 21,
    ...(draft.owner === undefined ? {} : { owner: draft.owner }),
  }
}

export interface ServicePlan {
  spec: ServiceSpec
  labels: Record<string, string>
  annotations: Record<string, string>
  type: 'ClusterIP' | 'Headless' | 'LoadBalancer'
  ageDays: number
  owner?: string
}

interface ServiceDraft {
  namespace: string
  name: string
  /** defaults to `app: {name}` */
  selector?: Record<string, string>
  /** `[service port, container port, protocol, name]`; the container port defaults to the service's own */
  ports: [port: number, protocol: WireProtocol, targetPort?: number, name?: string][]
  waypoint?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  type?: ServicePlan['type']
  ageDays?: number
  owner?: string
}

export function service(draft: ServiceDraft): ServicePlan {
  return {
    spec: {
      cluster: HOME_CLUSTER,
      namespace: draft.namespace,
      name: draft.name,
      selector: draft.selector ?? { app: draft.name },
      ports: draft.ports.map(([port, protocol, targetPort = port, name = protocol]) => ({
        name,
        port,
        targetPort,
        protocol,
      })),
      ...(draft.waypoint === undefined ? {} : { waypoint: draft.waypoint }),
    },
    labels: {
      ...(draft.selector === undefined || draft.selector.app !== undefined
        ? { app: draft.selector?.app ?? draft.name }
        : {}),
      ...(draft.waypoint === undefined ? {} : { 'istio.io/use-waypoint': draft.waypoint }),
      ...draft.labels,
    },
    annotations: draft.annotations ?? {},
    type: draft.type ?? 'ClusterIP',
    ageDays: draft.ageDays ?? 60,
    ...(draft.owner === undefined ? {} : { owner: draft.owner }),
  }
}

interface EntryDraft {
  id: string
  /** `namespace/workload` or `cluster/namespace/workload`; left out: a caller without a proxy, from outside */
  from?: string
  /** address as in `call` */
  to: string
  host?: string
  headers?: Record<string, string>
  /** requests per second by request as in `http` (gRPC: `POST /package.Service/Method`) */
  rates: Record<string, number>
  dayAmplitude?: number
}

/** The entries of one caller, one for each request it makes. */
export function entries(draft: EntryDraft): EntrySpec[] {
  const { target, port } = parseAddress(draft.to)
  const source = draft.from === undefined ? null : parseWorkload(draft.from)
  return Object.entries(draft.rates).map(([request, requestsPerSecond], index) => ({
    id: `${draft.id}-${index + 1}`,
    source,
    target,
    port,
    ...parseRequest(request),
    requestsPerSecond,
    dayAmplitude: draft.dayAmplitude ?? 0.25,
    ...(draft.host === undefined ? {} : { host: draft.host }),
    ...(draft.headers === undefined ? {} : { headers: draft.headers }),
  }))
}

/** The SPIFFE principal of a service account, as policies name it. */
export function principal(namespace: string, serviceAccount: string): string {
  return `${TRUST_DOMAIN}/ns/${namespace}/sa/${serviceAccount}`
}

function parseWorkload(path: string): NonNullable<EntrySpec['source']> {
  const [name = '', namespace = '', cluster = HOME_CLUSTER] = path.split('/').reverse()
  return { cluster, namespace, workload: name }
}
