import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, asRecords, asStrings, asText, isRecord } from '../json'
import type { JsonRecord } from '../json'

/** What the namespace and its mesh have to say about new pods. */
export interface MeshSettings {
  namespaceLabels: Record<string, string>
  /** version of the proxy image, e.g. `1.29.2` */
  proxyVersion: string
}

export interface PodShape {
  labels: Record<string, string>
  annotations: Record<string, string>
  spec: JsonRecord
}

const PROXY = 'istio-proxy'

/**
 * Which revision's sidecar a pod gets, or null. The pod's own labels win over the namespace's; host network
 * is never injected. Rules: https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
 */
export function injectingRevision(
  namespaceLabels: Record<string, string>,
  podLabels: Record<string, string>,
  hostNetwork: boolean,
): string | null {
  if (hostNetwork) return null
  const own = podLabels['sidecar.istio.io/inject']
  if (own === 'false') return null
  const revision = podLabels['istio.io/rev'] ?? namespaceLabels['istio.io/rev'] ?? 'default'
  if (namespaceLabels['istio-injection'] === 'disabled') return null
  if (own === 'true' || namespaceLabels['istio-injection'] === 'enabled') return revision
  return namespaceLabels['istio.io/rev'] !== undefined || podLabels['istio.io/rev'] !== undefined
    ? revision
    : null
}

/** Whether the node's ztunnel redirects a pod: enrolled by label and without a sidecar of its own. */
export function isAmbientPod(
  namespaceLabels: Record<string, string>,
  podLabels: Record<string, string>,
  spec: JsonRecord,
): boolean {
  if (spec.hostNetwork === true || hasProxy(spec)) return false
  const mode = podLabels['istio.io/dataplane-mode'] ?? namespaceLabels['istio.io/dataplane-mode']
  return mode === 'ambient'
}

/** A pod as the injecting webhook and the CNI agent leave it. */
export function asMeshPod(pod: PodShape, settings: MeshSettings): PodShape {
  const revision = injectingRevision(settings.namespaceLabels, pod.labels, pod.spec.hostNetwork === true)
  if (revision !== null) return withSidecar(pod, revision, settings.proxyVersion)
  if (!isAmbientPod(settings.namespaceLabels, pod.labels, pod.spec)) return pod
  return { ...pod, annotations: { ...pod.annotations, 'ambient.istio.io/redirection': 'enabled' } }
}

function withSidecar(pod: PodShape, revision: string, proxyVersion: string): PodShape {
  const image = `docker.io/istio/proxyv2:${proxyVersion}`
  const containers = asRecords(pod.spec.containers)
  const own = containers.find((container) => container.name === PROXY)
  const app = containers.find((container) => container.name !== PROXY)
  // gateways bring their own istio-proxy container with the image left to the webhook
  const proxy = own === undefined ? sidecarContainer(image) : { ...own, image: autoImage(own.image, image) }
  const rest = containers.filter((container) => container !== own)
  const canonicalName =
    pod.labels['service.istio.io/canonical-name'] ??
    pod.labels['app.kubernetes.io/name'] ??
    pod.labels.app ??
    asText(app?.name)
  const canonicalRevision =
    pod.labels['service.istio.io/canonical-revision'] ??
    pod.labels['app.kubernetes.io/version'] ??
    pod.labels.version ??
    'latest'
  const init =
    own === undefined ? [{ name: 'istio-init', image, args: ['istio-iptables', '-p', '15001'] }] : []
  return {
    labels: {
      ...pod.labels,
      'security.istio.io/tlsMode': 'istio',
      'service.istio.io/canonical-name': canonicalName,
      'service.istio.io/canonical-revision': canonicalRevision,
    },
    annotations: {
      ...pod.annotations,
      ...(app === undefined ? {} : { 'kubectl.kubernetes.io/default-container': asText(app.name) }),
      'istio.io/rev': revision,
      'prometheus.io/path': '/stats/prometheus',
      'prometheus.io/port': '15020',
      'prometheus.io/scrape': 'true',
      'sidecar.istio.io/status': JSON.stringify({
        initContainers: init.map((container) => container.name),
        containers: [PROXY],
        volumes: [
          'workload-socket',
          'workload-certs',
          'istio-envoy',
          'istio-data',
          'istio-podinfo',
          'istio-token',
        ],
        imagePullSecrets: null,
        revision,
      }),
    },
    spec: {
      ...pod.spec,
      containers: [proxy, ...rest],
      ...(init.length > 0 ? { initContainers: [...asRecords(pod.spec.initContainers), ...init] } : {}),
    },
  }
}

function sidecarContainer(image: string): JsonRecord {
  return {
    name: PROXY,
    image,
    args: ['proxy', 'sidecar', '--domain', '$(POD_NAMESPACE).svc.cluster.local'],
    ports: [{ name: 'http-envoy-prom', containerPort: 15090, protocol: 'TCP' }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '1Gi' } },
    readinessProbe: {
      httpGet: { path: '/healthz/ready', port: 15021 },
      periodSeconds: 15,
      timeoutSeconds: 3,
    },
  }
}

function autoImage(own: unknown, image: string): string {
  return own === 'auto' || asText(own) === '' ? image : asText(own)
}

function hasProxy(spec: JsonRecord): boolean {
  return [...asRecords(spec.containers), ...asRecords(spec.initContainers)].some(
    (container) => container.name === PROXY,
  )
}

/** The shape of a workload's pod template: its labels, annotations and pod spec. */
export function templateShape(workload: KubernetesObject): PodShape {
  const template = asRecord(asRecord(workload.spec).template)
  const metadata = asRecord(template.metadata)
  return {
    labels: asStrings(metadata.labels),
    annotations: asStrings(metadata.annotations),
    spec: isRecord(template.spec) ? template.spec : { containers: [] },
  }
}
