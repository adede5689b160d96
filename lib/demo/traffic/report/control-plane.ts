/**
 * What the control plane and the nodes measure of the mesh: istiod's own metrics and what the proxies cost.
 * Names: https://istio.io/latest/docs/reference/commands/pilot-discovery/#metrics
 */
import type { ConfigReader, KubernetesObject, MetricWriter } from '@/lib/demo/model'
import { createRandom, hashText } from '@/lib/statistics/random'
import { refusals } from '../../proxy/refusal'
import { workloadCertificate } from '../../proxy/certificate'
import { fields, items, number, text } from '../config/read'
import type { MeshState } from '../config/mesh-state'
import type { WorkloadState } from '../config/registry'
import { scrapeLabels } from './labels'
import type { Labels } from './labels'

const CONVERGENCE_BOUNDS = [0.1, 0.5, 1, 3, 5, 10, 20, 30] as const
const PUSH_TYPES = ['cds', 'eds', 'lds', 'rds'] as const
const FALLBACK_VERSION = '1.29.2'
/** Workloads whose proxies' cost is written down; of a large mesh a sample, gateways first. */
const MOST_PROXIES = 60
const MOST_PODS_EACH = 10
const DAY_SECONDS = 86_400
const ISTIO_KINDS = [
  'VirtualService',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'Sidecar',
  'PeerAuthentication',
  'AuthorizationPolicy',
] as const

export interface ControlPlaneOptions {
  metrics: MetricWriter
  config: ConfigReader
  seed: number
  /** requests a workload's proxy handled since the last time */
  handled: (workloadId: string) => number
}

export interface ControlPlane {
  /** Writes what was measured in this time; instants in epoch milliseconds. */
  measure(mesh: MeshState, fromMs: number, toMs: number): void
}

export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { metrics, config, seed, handled } = options
  const startedMs = new Map<string, number>()
  let revision = -1
  let versions: Map<string, string> | null = null

  /** Istio objects written since the last look: istiod validates each and pushes it to every proxy. */
  const writtenSince = (): { group: string; resource: string }[] => {
    if (config.revision === revision) return []
    revision = config.revision
    const written: { group: string; resource: string }[] = []
    const now = new Map<string, string>()
    for (const kind of ISTIO_KINDS) {
      for (const object of config.list(kind)) {
        const key = `${object.apiVersion}/${kind}/${object.metadata.namespace}/${object.metadata.name}`
        const version = object.metadata.resourceVersion ?? ''
        now.set(key, version)
        if (versions !== null && versions.get(key) !== version) {
          written.push({
            group: object.apiVersion.split('/', 1)[0] ?? '',
            resource: `${kind.toLowerCase()}s`.replace('ys', 'ies').replace('entrys', 'entries'),
          })
        }
      }
    }
    versions = now
    return written
  }

  let counted: { mesh: MeshState; version: string; proxies: number; empty: number } | null = null

  const istiod = (mesh: MeshState, workload: WorkloadState, fromMs: number, toMs: number) => {
    const { registry } = mesh
    if (counted?.mesh !== mesh) {
      counted = {
        mesh,
        version: imageTag(config, workload) ?? FALLBACK_VERSION,
        proxies: registry.workloads.filter(isProxied).reduce((sum, one) => sum + one.ready, 0),
        empty: [...registry.services.values()].filter(hasNobody).length,
      }
    }
    const random = createRandom(hashText(`${seed}/istiod/${fromMs}`))
    const seconds = (toMs - fromMs) / 1000
    const written = writtenSince()
    // endpoints come and go, certificates are renewed every half day
    const work: Work = {
      written,
      pushes: written.length > 0 ? 1 : 0,
      endpointPushes: random.poisson(seconds / 90),
      // those that refuse do so again with every push
      refusing: refusals(config).reduce((sum, { workload: one }) => sum + replicasOf(one), 0),
    }
    const pods = workload.podNames.length > 0 ? workload.podNames : [workload.podName]
    pods.forEach((name, place) => {
      // proxies are connected to one replica each, evenly
      const proxies = Math.floor(((counted?.proxies ?? 0) + pods.length - 1 - place) / pods.length)
      replica(mesh, workload, { name, proxies, isFirst: place === 0 }, work, { random, fromMs, toMs })
    })
  }

  const replica = (
    { registry }: MeshState,
    workload: WorkloadState,
    { name, proxies, isFirst }: { name: string; proxies: number; isFirst: boolean },
    { written, pushes, endpointPushes, refusing }: Work,
    { random, fromMs, toMs }: { random: ReturnType<typeof createRandom>; fromMs: number; toMs: number },
  ) => {
    const seconds = (toMs - fromMs) / 1000
    const labels = { ...scrapeLabels(workload, { name, ip: workload.podIp }), job: 'istiod' }
    const version = counted?.version ?? FALLBACK_VERSION
    const gauge = (metric: string, value: number, more: Labels = {}) =>
      metrics.gauge(metric, { ...labels, ...more }).set(value)
    const counter = (metric: string, by: number, more: Labels = {}) =>
      metrics.counter(metric, { ...labels, ...more }).add(by)

    gauge('istio_build', 1, { component: 'pilot', tag: version })
    gauge('pilot_xds', proxies, { version })
    gauge('pilot_services', registry.services.size + registry.serviceEntries.length)
    gauge('pilot_virt_services', config.list('VirtualService').length)
    gauge('pilot_conflict_inbound_listener', 0)
    gauge('pilot_eds_no_instances', counted?.empty ?? 0)
    gauge('citadel_server_root_cert_expiry_timestamp', rootExpiry(toMs))
    gauge('citadel_server_cert_chain_expiry_timestamp', rootExpiry(toMs))
    const since = startedMs.get(name) ?? fromMs - 9 * DAY_SECONDS * 1000
    startedMs.set(name, since)
    gauge('istiod_uptime_seconds', (toMs - since) / 1000)

    // one replica is asked to validate; all of them hear of what was written
    if (isFirst) {
      for (const { group, resource } of written) {
        counter('galley_validation_passed', 1, { group, version: 'v1', resource })
      }
    }
    counter('pilot_k8s_cfg_events', written.length, { type: 'Config', event: 'update' })
    const rejected = isFirst ? refusing * (pushes + endpointPushes) : 0
    for (const type of PUSH_TYPES) {
      counter('pilot_xds_pushes', proxies * (type === 'eds' ? pushes + endpointPushes : pushes), { type })
      counter('pilot_total_xds_rejects', type === 'lds' ? rejected : 0, { type })
    }
    counter('pilot_total_xds_internal_errors', 0)
    const renewed = random.poisson((proxies * seconds) / (DAY_SECONDS / 2))
    counter('citadel_server_csr_count', renewed)
    counter('citadel_server_success_cert_issuance_count', renewed)
    const convergence = metrics.histogram('pilot_proxy_convergence_time', labels, CONVERGENCE_BOUNDS)
    if (pushes + endpointPushes > 0) {
      convergence.observe(
        0.02 + 0.0004 * proxies * (0.5 + random.next()),
        proxies * (pushes + endpointPushes),
      )
    }
    counter('process_cpu_seconds_total', seconds * (0.02 + 0.0002 * proxies) * (0.8 + 0.4 * random.next()))
    gauge('process_resident_memory_bytes', (180 + 0.35 * proxies + 8 * random.next()) * 1_048_576)
    gauge('go_goroutines', Math.round(700 + 4 * proxies + 20 * random.next()))
  }

  /** Handles are looked up when the mesh was read anew, not at every scrape. */
  const proxiesOf = (mesh: MeshState): Proxy[] =>
    mesh.registry.workloads
      .filter(({ spec, ready }) => spec.cluster === mesh.registry.world.homeCluster && ready > 0)
      .filter(isProxied)
      .sort((a, b) => Number(b.spec.role !== undefined) - Number(a.spec.role !== undefined))
      .slice(0, MOST_PROXIES)
      .map((workload) => {
        const identity = { name: workload.podName, ip: workload.podIp }
        metrics
          .gauge('istio_build', {
            ...scrapeLabels(workload, identity),
            component: workload.spec.role === 'ztunnel' ? 'ztunnel' : 'proxy',
            tag: proxyVersion(config, workload) ?? FALLBACK_VERSION,
          })
          .set(1)
        const pods = workload.podNames.slice(0, MOST_PODS_EACH).map((pod) => {
          const { namespace } = workload.spec
          const labels = { job: 'kubernetes-cadvisor', namespace, pod, container: 'istio-proxy' }
          const agent = { ...scrapeLabels(workload, { ...identity, name: pod }), resource_name: 'default' }
          return {
            startedMs: startOf(config, namespace, pod),
            // the node's proxy of ambient mode has certificates of others and another name for them
            certificate: workload.hasProxy ? metrics.gauge('istio_agent_cert_expiry_seconds', agent) : null,
            cpu: metrics.counter('container_cpu_usage_seconds_total', labels),
            memory: metrics.gauge('container_memory_working_set_bytes', labels),
          }
        })
        return { id: workload.id, pods }
      })

  let known: { mesh: MeshState; proxies: Proxy[]; istiod: WorkloadState | undefined } | null = null

  return {
    measure(mesh, fromMs, toMs) {
      if (known?.mesh !== mesh) {
        const { workloads, world } = mesh.registry
        known = {
          mesh,
          proxies: proxiesOf(mesh),
          istiod: workloads.find(
            ({ spec, ready }) => spec.role === 'istiod' && spec.cluster === world.homeCluster && ready > 0,
          ),
        }
      }
      if (known.istiod !== undefined) istiod(mesh, known.istiod, fromMs, toMs)
      const seconds = (toMs - fromMs) / 1000
      const random = createRandom(hashText(`${seed}/proxies/${fromMs}`))
      for (const { id, pods } of known.proxies) {
        // balancing deals requests out evenly
        const requests = handled(id) / pods.length
        for (const { cpu, memory, startedMs, certificate } of pods) {
          const { untilMs } = workloadCertificate(startedMs ?? fromMs, toMs)
          certificate?.set((untilMs - toMs) / 1000)
          cpu.add(seconds * 0.002 * (0.7 + 0.6 * random.next()) + requests * 0.00035)
          memory.set((46 + (requests / seconds) * 0.04 + 2 * random.next()) * 1_048_576)
        }
      }
    },
  }
}

/** What all replicas have to do in one step. */
interface Work {
  written: readonly { group: string; resource: string }[]
  pushes: number
  endpointPushes: number
  refusing: number
}

interface Proxy {
  id: string
  pods: {
    cpu: ReturnType<MetricWriter['counter']>
    memory: ReturnType<MetricWriter['gauge']>
    startedMs: number | null
    certificate: ReturnType<MetricWriter['gauge']> | null
  }[]
}

/** When a pod began, epoch milliseconds; null: nobody says. */
function startOf(config: ConfigReader, namespace: string, pod: string): number | null {
  const object = config.list('Pod', namespace).find(({ metadata }) => metadata.name === pod)
  const at = Date.parse(text(fields(object?.status).startTime) ?? '')
  return Number.isNaN(at) ? null : at
}

function replicasOf(workload: KubernetesObject): number {
  return number(fields(workload.status).readyReplicas) ?? 0
}

function isProxied(workload: WorkloadState): boolean {
  return workload.hasProxy || workload.spec.role === 'ztunnel'
}

function hasNobody(service: { workloads: readonly WorkloadState[] }): boolean {
  return service.workloads.every((workload) => workload.ready === 0)
}

/** Seconds of the root certificate's end: the same for all instants of some years. */
function rootExpiry(atMs: number): number {
  const tenYears = 3_652 * DAY_SECONDS
  return (Math.floor(atMs / 1000 / tenYears) + 2) * tenYears
}

function owner(config: ConfigReader, workload: WorkloadState): KubernetesObject | undefined {
  return config
    .list(workload.spec.kind, workload.spec.namespace)
    .find((object) => object.metadata.name === workload.spec.name)
}

/** Version that the image of a workload carries. */
function imageTag(config: ConfigReader, workload: WorkloadState): string | undefined {
  const template = fields(fields(fields(owner(config, workload)?.spec).template).spec)
  const image = text(items(template.containers)[0]?.image)
  return /:([^:/@]+)(@.*)?$/.exec(image ?? '')?.[1]?.replace(/-distroless$/, '')
}

/** Version of the proxy: of gateways and ztunnels their image, of others what was injected into the pod. */
function proxyVersion(config: ConfigReader, workload: WorkloadState): string | undefined {
  if (workload.spec.role !== undefined) return imageTag(config, workload)
  const pod = config
    .list('Pod', workload.spec.namespace)
    .find((object) => object.metadata.name === workload.podName)
  const spec = fields(pod?.spec)
  const proxy = [...items(spec.containers), ...items(spec.initContainers)].find(
    (container) => container.name === 'istio-proxy',
  )
  return /:([^:/@]+)$/.exec(text(proxy?.image) ?? '')?.[1]?.replace(/-distroless$/, '')
}
