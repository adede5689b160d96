/**
 * The words the parts of the embedded mesh share. One world is made from a seed; its configuration lives in
 * the object store (what the Kubernetes API serves) and its measurements in the metric store (what the
 * Prometheus API serves), so a changed weight shows everywhere.
 */
import type { ConfigObject, DataPlaneMode } from '@/lib/mesh/inventory'

/** A Kubernetes object as the embedded API server keeps it. */
export type KubernetesObject = ConfigObject

/** What calls what, before configuration has its say. */
export interface World {
  seed: number
  /** the cluster whose Kubernetes API is served */
  homeCluster: string
  rootNamespace: string
  trustDomain: string
  workloads: WorkloadSpec[]
  services: ServiceSpec[]
  /** hosts outside the cluster; `registered` ones have a ServiceEntry among `objects` */
  externals: ExternalSpec[]
  /** where traffic begins: load generators, users behind a gateway, callers outside the mesh */
  entries: EntrySpec[]
  /** what the Kubernetes API holds at start, status filled in */
  objects: KubernetesObject[]
}

export interface WorkloadSpec {
  cluster: string
  namespace: string
  name: string
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  app: string
  version: string
  serviceAccount: string
  replicas: number
  /** labels of its pods: subsets and selectors match on these */
  labels: Record<string, string>
  /** gateways and waypoints are proxies themselves: `sidecar`, and no endpoints */
  dataPlane: DataPlaneMode
  role?: 'ingressGateway' | 'egressGateway' | 'waypoint' | 'ztunnel' | 'istiod'
  /** what it answers, by container port */
  endpoints: EndpointSpec[]
  /** works now and then only: scaled to nothing in between */
  runs?: RunSchedule
  /** its program makes spans of its own besides its proxy's */
  tracer?: 'java' | 'go'
}

/** Minutes of the hour at which a run begins, every so many; a run lasts so many minutes. */
export interface RunSchedule {
  firstMinute: number
  everyMinutes: number
  forMinutes: number
}

export type WireProtocol = 'http' | 'grpc' | 'tcp'

export interface EndpointSpec {
  /** container port */
  port: number
  protocol: WireProtocol
  /** HTTP: method and path; gRPC: `POST` and `/package.Service/Method`; TCP: both empty */
  method: string
  path: string
  /** own working time without its callees, lognormal by median and P99 */
  latencyMs: { median: number; p99: number }
  /** share of requests the application itself fails, 0..1 */
  errorRatio: number
  /** share of HTTP requests it answers with 404, 0..1; none when absent */
  clientErrorRatio?: number
  requestBytes: number
  responseBytes: number
  calls: CallSpec[]
}

export interface CallSpec {
  /** a service of the mesh, or an external host */
  target: { namespace: string; service: string } | { host: string }
  port: number
  method: string
  path: string
  /** mean number of calls per request of the caller */
  perRequest: number
  headers?: Record<string, string>
  /** a failure here fails the caller unless false (default true) */
  required?: boolean
}

/**
 * A service of one namespace and name is one service over all clusters: it is listed once, and its selector
 * counts in every cluster.
 */
export interface ServiceSpec {
  cluster: string
  namespace: string
  name: string
  selector: Record<string, string>
  ports: { name: string; port: number; targetPort: number; protocol: WireProtocol }[]
  /** the waypoint in front of it (ambient), by name in the same namespace */
  waypoint?: string
}

export interface ExternalSpec {
  host: string
  port: number
  protocol: WireProtocol | 'https'
  registered: boolean
  latencyMs: { median: number; p99: number }
  errorRatio: number
}

export interface EntrySpec {
  id: string
  /** a workload of the world; or null for a caller without a proxy (source labels are unknown) */
  source: { cluster: string; namespace: string; workload: string } | null
  target: CallSpec['target']
  /** host header, for what enters through a gateway */
  host?: string
  port: number
  method: string
  path: string
  headers?: Record<string, string>
  requestsPerSecond: number
  /** relative amplitude of the day's curve, 0..1 */
  dayAmplitude: number
}

/** Counters and gauges as proxies write them; the Prometheus API and the text exposition read the same values. */
export interface MetricWriter {
  counter(name: string, labels: Record<string, string>): { add(by: number): void }
  gauge(name: string, labels: Record<string, string>): { set(to: number): void }
  /** cumulative buckets with `le`, `_sum` and `_count`; bounds end without +Inf, which is added */
  histogram(
    name: string,
    labels: Record<string, string>,
    bounds: readonly number[],
  ): {
    observe(value: number, times?: number): void
    addBucketCounts(counts: readonly number[], sum: number): void
  }
  /** ends the series of a pod that is gone; a writer that only counts needs none */
  endPod?(namespace: string, pod: string): void
  /** keep every current value as the sample of this instant, epoch milliseconds, strictly rising */
  scrape(atMs: number): void
}

/** Configuration as the traffic engine reads it: current objects by kind, and a number that rises with every write. */
export interface ConfigReader {
  list(kind: string, namespace?: string): readonly KubernetesObject[]
  readonly revision: number
}

/** One finished request with everything it caused, for the Jaeger API. */
export interface SimulatedSpan {
  traceId: string
  spanId: string
  parentSpanId: string | null
  startMs: number
  durationMs: number
  /** of a proxy: which end of the call it saw; `internal`: made by the program itself */
  side: 'client' | 'server' | 'internal'
  cluster: string
  namespace: string
  workload: string
  app: string
  version: string
  podName: string
  podIp: string
  /** the service asked for, as host */
  upstreamCluster: string
  host: string
  method: string
  path: string
  protocol: WireProtocol
  responseCode: string
  grpcStatus: string | null
  flags: string
  peerAddress: string
  requestBytes?: number
  responseBytes?: number
  /** of a span of the program itself: its name and what writes it */
  program?: { operation: string; tracer: 'java' | 'go' }
  /** what happened while it was open; `fields` as OpenTelemetry names them */
  events?: { atMs: number; name: string; fields: Record<string, string> }[]
}

export const SCENARIOS = [
  'healthy',
  'bad-canary',
  'slow-leaf',
  'hub-outage',
  'mtls-break',
  'retry-storm',
  'egress-block',
  'stale-proxy',
  'scrape-gap',
  'empty',
  'huge',
  'prometheus-down',
  'prometheus-slow',
  'prometheus-500',
  'prometheus-html',
  'prometheus-truncated',
] as const
export type ScenarioName = (typeof SCENARIOS)[number]
