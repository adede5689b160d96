/** Which node of the mesh made a span: exactly, or not at all. */
import { nodeId } from '@/lib/mesh/identity'
import { findOwnerByPodName } from './pod-name'

/** The pods we know, to answer for names that prove nothing by themselves. */
export interface PodDirectory {
  /** the workload that owns the pod; `cluster` null asks all clusters and wants one answer only */
  findWorkload(cluster: string | null, namespace: string, pod: string): KnownWorkload | undefined
}

export interface KnownWorkload {
  cluster: string
  namespace: string
  workload: string
}

/** What a directory is built from; `PodInventory` fits. */
export interface DirectoryPod {
  cluster: string
  namespace: string
  name: string
  workload: string | null
}

/** A bare pod is its own workload. */
export function podDirectory(pods: Iterable<DirectoryPod>): PodDirectory {
  const byName = new Map<string, DirectoryPod[]>()
  for (const pod of pods) {
    const key = `${pod.namespace}/${pod.name}`
    const same = byName.get(key)
    if (same) same.push(pod)
    else byName.set(key, [pod])
  }
  return {
    findWorkload(cluster, namespace, pod) {
      const same = byName.get(`${namespace}/${pod}`)
      const found =
        cluster === null
          ? // two clusters may hold a pod of one name (StatefulSets): then only the cluster can tell
            same?.length === 1
            ? same[0]
            : undefined
          : same?.find((one) => one.cluster === cluster)
      if (!found) return undefined
      return { cluster: found.cluster, namespace: found.namespace, workload: found.workload ?? found.name }
    },
  }
}

/** Whom the spans of a store may belong to. */
export interface SpanContext {
  pods: PodDirectory | null
  /** cluster of spans that name none; null leaves them without a node */
  defaultCluster: string | null
}

export interface SpanOrigin {
  nodeId: string | null
  podName: string | null
}

/**
 * The workload node a span's tags point at, and its pod.
 *
 * In order: the workload an OpenTelemetry resource names (`k8s.deployment.name`…), the pod's owner as the
 * Kubernetes API knows it, the owner the pod's name proves. The pod comes from Istio's `node_id`
 * (`sidecar~10.0.0.7~reviews-v1-6b4c9d7f88-x2x9k.bookinfo~bookinfo.svc.cluster.local`) or from `k8s.pod.name`;
 * the cluster from `istio.cluster_id` or `k8s.cluster.name`, else the only known pod of that name, else
 * `defaultCluster`. A service name is never compared with workload names: `reviews-v1` is not `reviews-v10`.
 */
export function originOfSpan(
  tags: Readonly<Record<string, string>>,
  known: PodDirectory | null,
  defaultCluster: string | null,
): SpanOrigin {
  const proxy = parseNodeIdTag(tags['node_id'])
  const podName = proxy?.pod ?? present(tags['k8s.pod.name'])
  const namespace =
    proxy?.namespace ?? present(tags['k8s.namespace.name']) ?? present(tags['istio.namespace'])
  const cluster = present(tags['istio.cluster_id']) ?? present(tags['k8s.cluster.name'])
  if (namespace === null) return { nodeId: null, podName }

  const found = podName === null ? undefined : known?.findWorkload(cluster, namespace, podName)
  const workload =
    namedWorkload(tags) ??
    found?.workload ??
    (podName === null ? undefined : findOwnerByPodName(podName)?.workload)
  const where = cluster ?? found?.cluster ?? defaultCluster
  if (workload === undefined || where === null) return { nodeId: null, podName }
  return { nodeId: nodeId({ cluster: where, namespace, kind: 'workload', name: workload }), podName }
}

/** Resource attributes that name the owner outright; the Deployment before the ReplicaSet between it and the pod. */
const WORKLOAD_ATTRIBUTES = [
  'k8s.deployment.name',
  'k8s.statefulset.name',
  'k8s.daemonset.name',
  'k8s.cronjob.name',
  'k8s.job.name',
] as const

function namedWorkload(tags: Readonly<Record<string, string>>): string | undefined {
  for (const attribute of WORKLOAD_ATTRIBUTES) {
    const name = present(tags[attribute])
    if (name !== null) return name
  }
  return undefined
}

/** `{type}~{ip}~{pod}.{namespace}~{domain}`, the form Envoy gets from Istio's bootstrap. */
function parseNodeIdTag(tag: string | undefined): { pod: string; namespace: string } | undefined {
  const [, , owner, domain, ...rest] = tag?.split('~') ?? []
  if (owner === undefined || domain === undefined || rest.length > 0) return undefined
  // a namespace holds no dot, a pod's name may
  const at = owner.lastIndexOf('.')
  if (at <= 0 || at === owner.length - 1) return undefined
  return { pod: owner.slice(0, at), namespace: owner.slice(at + 1) }
}

function present(value: string | undefined): string | null {
  return value === undefined || value === '' || value === '-' || value === 'unknown' ? null : value
}
