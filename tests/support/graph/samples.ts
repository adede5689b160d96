/** Short ways to write samples and inventories in tests: only what the test is about is named. */
import type {
  ClusterInventory,
  ConfigObject,
  PodInventory,
  ServiceInventory,
  WorkloadInventory,
} from '@/lib/mesh/inventory'
import type {
  LatencySample,
  MeanLatencySample,
  RequestSample,
  TcpSample,
  TrafficDestination,
  TrafficSource,
} from '@/lib/mesh/traffic'
import type { Graph, GraphEdge, GraphNode, GraphView, TopologyInput } from '@/lib/graph/types'

export const NOBODY: TrafficSource = {
  cluster: null,
  namespace: null,
  workload: null,
  app: null,
  version: null,
}

/** `reviews-v1` → app reviews, version v1; `namespace/name` and `cluster:namespace/name` set the rest. */
export function caller(name: string): TrafficSource {
  const [, cluster = 'east', namespace = 'shop', workload = name] =
    /^(?:(.+?):)?(?:(.+?)\/)?([^/:]+)$/.exec(name) ?? []
  const [, app = workload, version = null] = /^(.*)-(v\d+)$/.exec(workload) ?? []
  return { cluster, namespace, workload, app, version }
}

/** The called workload behind a service; the service is the app's unless named. `null`: no workload answered. */
export function callee(workload: string | null, service?: string | null): TrafficDestination {
  const end = workload === null ? { ...NOBODY, cluster: 'east' } : caller(workload)
  const name = service === undefined ? end.app : service
  if (name === null) return { ...end, service: null }
  const namespace = end.namespace ?? 'shop'
  const isHost = name.includes('.') || name.endsWith('Cluster')
  return {
    ...end,
    service: { namespace, name, host: isHost ? name : `${name}.${namespace}.svc.cluster.local` },
  }
}

function endsOf(from: TrafficSource | string, to: TrafficDestination | string) {
  return {
    source: typeof from === 'string' ? caller(from) : from,
    destination: typeof to === 'string' ? callee(to) : to,
  }
}

export function request(
  from: TrafficSource | string,
  to: TrafficDestination | string,
  requestsPerSecond: number,
  more: Partial<RequestSample> = {},
): RequestSample {
  return {
    reporter: 'source',
    layer: 'l7',
    ...endsOf(from, to),
    protocol: 'http',
    responseCode: '200',
    grpcStatus: null,
    flags: '-',
    mutualTls: null,
    requestsPerSecond,
    ...more,
  }
}

export function tcp(
  from: TrafficSource | string,
  to: TrafficDestination | string,
  receivedBytesPerSecond: number,
  more: Partial<TcpSample> = {},
): TcpSample {
  return {
    reporter: 'source',
    layer: 'l7',
    ...endsOf(from, to),
    flags: '-',
    mutualTls: null,
    sentBytesPerSecond: 0,
    receivedBytesPerSecond,
    connectionsPerSecond: 0,
    ...more,
  }
}

/** Cumulative counts at 10, 100 and 1000 ms, and at infinity. */
export function latency(
  from: TrafficSource | string,
  to: TrafficDestination | string,
  counts: readonly [number, number, number, number],
  more: Partial<LatencySample> = {},
): LatencySample {
  const bounds = [10, 100, 1000, Infinity]
  return {
    reporter: 'source',
    layer: 'l7',
    ...endsOf(from, to),
    protocol: 'http',
    buckets: bounds.map((le, index) => ({ le, perSecond: counts[index] ?? 0 })),
    ...more,
  }
}

export function mean(
  from: TrafficSource | string,
  to: TrafficDestination | string,
  sumMsPerSecond: number,
  requestsPerSecond: number,
  more: Partial<MeanLatencySample> = {},
): MeanLatencySample {
  return {
    reporter: 'source',
    layer: 'l7',
    ...endsOf(from, to),
    protocol: 'http',
    sumMsPerSecond,
    requestsPerSecond,
    ...more,
  }
}

export function input(parts: Partial<TopologyInput>): TopologyInput {
  return {
    at: 1_700_000_000_000,
    windowSeconds: 120,
    requests: [],
    tcp: [],
    inventories: [],
    defaultCluster: 'east',
    ...parts,
  }
}

export function view(parts: Partial<GraphView> = {}): GraphView {
  return {
    graphType: 'workload',
    namespaces: null,
    clusters: null,
    serviceNodes: false,
    idle: false,
    focus: null,
    hops: 1,
    ...parts,
  }
}

export function inventory(parts: Partial<ClusterInventory> = {}): ClusterInventory {
  return {
    cluster: 'east',
    namespaces: [],
    workloads: [],
    pods: [],
    services: [],
    serviceAccounts: [],
    config: [],
    meshConfig: null,
    rootNamespace: 'istio-system',
    ...parts,
  }
}

export function workload(name: string, parts: Partial<WorkloadInventory> = {}): WorkloadInventory {
  const { cluster, namespace, workload: plain, app, version } = caller(name)
  return {
    cluster: cluster ?? 'east',
    namespace: namespace ?? 'shop',
    name: plain ?? name,
    kind: 'Deployment',
    labels: {},
    annotations: {},
    podLabels: { ...(app === null ? {} : { app }), ...(version === null ? {} : { version }) },
    podAnnotations: {},
    serviceAccount: app ?? 'default',
    replicas: { desired: 1, current: 1, available: 1 },
    createdAt: null,
    ...parts,
  }
}

export function podOf(owner: WorkloadInventory, parts: Partial<PodInventory> = {}): PodInventory {
  return {
    cluster: owner.cluster,
    namespace: owner.namespace,
    name: `${owner.name}-x`,
    workload: owner.name,
    workloadKind: owner.kind,
    labels: owner.podLabels,
    annotations: {},
    serviceAccount: owner.serviceAccount,
    phase: 'Running',
    ready: true,
    restarts: 0,
    node: null,
    startedAt: null,
    containers: [],
    hasSidecar: true,
    isAmbient: false,
    ...parts,
  }
}

export function service(name: string, parts: Partial<ServiceInventory> = {}): ServiceInventory {
  const { cluster, namespace, workload: plain } = caller(name)
  return {
    cluster: cluster ?? 'east',
    namespace: namespace ?? 'shop',
    name: plain ?? name,
    labels: {},
    annotations: {},
    type: 'ClusterIP',
    selector: { app: plain ?? name },
    ports: [],
    createdAt: null,
    ...parts,
  }
}

const GROUPS: Readonly<Record<string, string>> = {
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  Gateway: 'networking.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  GRPCRoute: 'gateway.networking.k8s.io/v1',
}

/** An object of configuration: `config('VirtualService', 'shop/reviews', {…})`. */
export function config(
  kind: string,
  name: string,
  spec: unknown,
  metadata: Partial<ConfigObject['metadata']> = {},
): ConfigObject {
  const [namespace = '', plain = ''] = name.split('/')
  return {
    apiVersion: GROUPS[kind] ?? 'v1',
    kind,
    metadata: { name: plain, namespace, ...metadata },
    spec,
  }
}

/** `shop/a>shop/b#http` names an edge by the readable part of its ids; fails with the ids there are. */
export function edgeOf(graph: Graph, source: string, target: string, protocol = 'http'): GraphEdge {
  const found = graph.edges.find(
    (edge) => edge.source.endsWith(source) && edge.target.endsWith(target) && edge.protocol === protocol,
  )
  if (!found) {
    const ids = graph.edges.map((edge) => edge.id).join('\n')
    throw new Error(`no ${protocol} edge ${source} > ${target} among\n${ids}`)
  }
  return found
}

export function nodeNamed(graph: Graph, end: string): GraphNode {
  const found = graph.nodes.find((node) => node.id.endsWith(end))
  if (!found) throw new Error(`no node ${end} among\n${graph.nodes.map((node) => node.id).join('\n')}`)
  return found
}
