/** Small worlds written down in a test, and what flowed in them. */
import type {
  CallSpec,
  ConfigReader,
  EndpointSpec,
  EntrySpec,
  ExternalSpec,
  KubernetesObject,
  MetricWriter,
  SimulatedSpan,
  WireProtocol,
  WorkloadSpec,
  World,
} from '@/lib/demo/model'
import { createEngine } from '../engine'
import type { Engine, EngineOptions } from '../engine'

export const NOON = Date.UTC(2026, 0, 5, 12)

/** Objects that a test may change while traffic flows. */
export class TestConfig implements ConfigReader {
  revision = 1
  private readonly objects = new Map<string, KubernetesObject>()

  constructor(objects: readonly KubernetesObject[] = []) {
    for (const object of objects) this.put(object)
  }

  put(object: KubernetesObject): void {
    this.revision++
    const { namespace, name } = object.metadata
    this.objects.set(`${object.apiVersion}/${object.kind}/${namespace ?? ''}/${name}`, {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.revision) },
    })
  }

  list(kind: string, namespace?: string): readonly KubernetesObject[] {
    return [...this.objects.values()].filter(
      (object) =>
        object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace),
    )
  }
}

const GROUPS: Record<string, string> = {
  VirtualService: 'networking.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  Gateway: 'networking.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  GRPCRoute: 'gateway.networking.k8s.io/v1',
  ReferenceGrant: 'gateway.networking.k8s.io/v1',
  Deployment: 'apps/v1',
}

/** An object by `Kind namespace/name`, with its spec. */
export function object(what: string, spec: unknown, more: Partial<KubernetesObject> = {}): KubernetesObject {
  const [kind = '', path = ''] = what.split(' ')
  const [namespace = '', name = ''] = path.split('/')
  return {
    apiVersion: GROUPS[kind] ?? 'v1',
    kind,
    ...more,
    metadata: { namespace, name, ...more.metadata },
    spec,
  }
}

export function virtualService(path: string, spec: unknown): KubernetesObject {
  return object(`VirtualService ${path}`, spec)
}

interface WorkloadDraft extends Partial<Omit<WorkloadSpec, 'endpoints'>> {
  protocol?: WireProtocol
  calls?: CallSpec[]
  latencyMs?: { median: number; p99: number }
  errorRatio?: number
  endpoints?: EndpointSpec[]
}

/** A workload by `namespace/app-version`, listening on 8080. */
export function workload(path: string, draft: WorkloadDraft = {}): WorkloadSpec {
  const [namespace = '', name = ''] = path.split('/')
  const [app = '', version = 'v1'] = name.split('-')
  const { protocol = 'http', calls = [], latencyMs, errorRatio, ...rest } = draft
  return {
    cluster: 'east',
    namespace,
    name,
    kind: 'Deployment',
    app,
    version,
    serviceAccount: app,
    replicas: 1,
    labels: { app, version },
    dataPlane: 'sidecar',
    endpoints: [
      {
        port: 8080,
        protocol,
        method: protocol === 'tcp' ? '' : protocol === 'grpc' ? 'POST' : 'GET',
        path: protocol === 'tcp' ? '' : protocol === 'grpc' ? '/shop.Shop/Get' : '/',
        latencyMs: latencyMs ?? { median: 5, p99: 20 },
        errorRatio: errorRatio ?? 0,
        requestBytes: 300,
        responseBytes: 900,
        calls,
      },
    ],
    ...rest,
  }
}

/** A call by `namespace/service` or outside host, to port 80. */
export function call(to: string, draft: Partial<CallSpec> = {}): CallSpec {
  const [namespace = '', service] = to.split('/')
  return {
    target: service === undefined ? { host: to } : { namespace, service },
    port: 80,
    method: 'GET',
    path: '/',
    perRequest: 1,
    ...draft,
  }
}

interface WorldDraft {
  workloads: WorkloadSpec[]
  /** by `namespace/name`, port 80 to 8080; protocol http unless said */
  services: Record<string, WireProtocol | { protocol: WireProtocol; waypoint: string }>
  entries: (Partial<EntrySpec> & { from?: string; to: string })[]
  externals?: ExternalSpec[]
  objects?: KubernetesObject[]
}

/** Entries send 100 requests per second without a day's shape, from a workload of `namespace/name`. */
export function smallWorld(draft: WorldDraft): World {
  return {
    seed: 7,
    homeCluster: 'east',
    rootNamespace: 'istio-system',
    trustDomain: 'cluster.local',
    workloads: draft.workloads,
    services: Object.entries(draft.services).map(([path, shape]) => {
      const [namespace = '', name = ''] = path.split('/')
      const { protocol, waypoint } =
        typeof shape === 'string' ? { protocol: shape, waypoint: undefined } : shape
      return {
        cluster: 'east',
        namespace,
        name,
        selector: { app: name },
        ports: [{ name: protocol, port: 80, targetPort: 8080, protocol }],
        ...(waypoint === undefined ? {} : { waypoint }),
      }
    }),
    externals: draft.externals ?? [],
    entries: draft.entries.map(({ from, to, ...entry }, index) => {
      const [namespace = '', name = ''] = (from ?? '').split('/')
      return {
        id: `entry-${index}`,
        source: from === undefined ? null : { cluster: 'east', namespace, workload: name },
        ...call(to),
        requestsPerSecond: 100,
        dayAmplitude: 0,
        ...entry,
      }
    }),
    objects: draft.objects ?? [],
  }
}

type Labels = Record<string, string>

/** Everything that was written, to be asked by labels. */
export class Measured implements MetricWriter {
  readonly counters: { name: string; labels: Labels; value: number }[] = []
  readonly gauges: { name: string; labels: Labels; value: number }[] = []
  readonly histograms: {
    name: string
    labels: Labels
    bounds: readonly number[]
    counts: number[]
    sum: number
  }[] = []

  private readonly known = new Map<string, unknown>()

  counter(name: string, labels: Labels) {
    const series = this.series(name, labels, () => {
      const made = { name, labels, value: 0 }
      this.counters.push(made)
      return made
    })
    return { add: (by: number) => void (series.value += by) }
  }

  gauge(name: string, labels: Labels) {
    const series = this.series(name, labels, () => {
      const made = { name, labels, value: 0 }
      this.gauges.push(made)
      return made
    })
    return { set: (to: number) => void (series.value = to) }
  }

  private series<Kind>(name: string, labels: Labels, make: () => Kind): Kind {
    const key = `${name}${JSON.stringify(Object.entries(labels).sort())}`
    const found = this.known.get(key)
    // a name has one kind throughout
    if (found !== undefined) return found as Kind
    const made = make()
    this.known.set(key, made)
    return made
  }

  histogram(name: string, labels: Labels, bounds: readonly number[]) {
    const series = this.series(name, labels, () => {
      const made = { name, labels, bounds, counts: bounds.map(() => 0).concat(0), sum: 0 }
      this.histograms.push(made)
      return made
    })
    const addBucketCounts = (counts: readonly number[], sum: number) => {
      counts.forEach((count, index) => (series.counts[index] = (series.counts[index] ?? 0) + count))
      series.sum += sum
    }
    return {
      addBucketCounts,
      observe: (value: number, times = 1) => {
        const bucket = bounds.findIndex((bound) => value <= bound)
        addBucketCounts(
          series.counts.map((_, index) => (index === (bucket < 0 ? bounds.length : bucket) ? times : 0)),
          value * times,
        )
      },
    }
  }

  scrape(): void {}

  /** Sum of a counter over the series that carry these labels. */
  sum(name: string, labels: Labels = {}): number {
    return this.counters
      .filter((one) => one.name === name && carries(one.labels, labels))
      .reduce((sum, one) => sum + one.value, 0)
  }

  /** Requests by the caller's proxy (reporter source) unless the labels say another. */
  requests(labels: Labels = {}): number {
    return this.sum('istio_requests_total', { reporter: 'source', ...labels })
  }

  /** Values a label takes in the series of a counter. */
  values(name: string, label: string, labels: Labels = {}): string[] {
    const found = this.counters.filter(
      (one) => one.name === name && carries(one.labels, labels) && one.value > 0,
    )
    return [...new Set(found.map((one) => one.labels[label] ?? ''))].sort()
  }

  meanMs(labels: Labels = {}): number {
    const found = this.histograms.filter(
      (one) =>
        one.name === 'istio_request_duration_milliseconds' &&
        carries(one.labels, { reporter: 'source', ...labels }),
    )
    const count = found.reduce((sum, one) => sum + one.counts.reduce((a, b) => a + b, 0), 0)
    return found.reduce((sum, one) => sum + one.sum, 0) / count
  }
}

function carries(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => (labels[name] ?? '') === value)
}

export interface Ran {
  measured: Measured
  config: TestConfig
  traces: SimulatedSpan[][]
  engine: Engine
  /** lets so many more seconds flow */
  more: (seconds: number) => void
}

/** Lets traffic flow for a while, in ticks of five seconds. */
export function run(world: World, seconds = 100, options: Partial<EngineOptions> = {}): Ran {
  const measured = new Measured()
  const config = new TestConfig(world.objects)
  const traces: SimulatedSpan[][] = []
  const engine = createEngine({
    world,
    config,
    metrics: measured,
    onTrace: (spans) => traces.push(spans),
    tracesPerMinute: 60,
    withSizes: false,
    ...options,
  })
  let at = NOON
  const more = (length: number) => {
    for (const end = at + length * 1000; at < end; at += 5_000) engine.tick(at, at + 5_000)
  }
  more(seconds)
  return { measured, config, traces, engine, more }
}
