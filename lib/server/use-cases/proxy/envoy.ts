import 'server-only'
import { askPod } from '@/lib/kubernetes/pods/pod-http'
import type { KubernetesClient } from '@/lib/kubernetes/client'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import type { PodInventory } from '@/lib/mesh/inventory'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { invalid, notFound, Refusal } from '../../errors'
import { clientOf } from '../../session/current'
import type { Upstreams } from '../../upstreams'
import { nodeObjects, type NodeObjects } from '../details/node-objects'

/** Envoy's administration under Istio; it listens on the pod's loopback only. */
const ADMIN_PORT = 15_000

export interface EnvoyPods {
  objects: NodeObjects
  source: InventorySource
  /** sorted by name */
  pods: PodInventory[]
}

/** Pods of a node with an Envoy: beside them, or as gateways and waypoints; null where objects are not read. */
export function envoyPods(up: Upstreams, node: string): EnvoyPods | null {
  const objects = nodeObjects(up, node)
  const source = up.inventories.find((one) => one.cluster === objects.ref.cluster)
  if (!source || !objects.index) return null
  const pods = objects.pods.filter((pod) => isEnvoy(pod)).sort((a, b) => (a.name < b.name ? -1 : 1))
  return { objects, source, pods }
}

/** Whether an Envoy is beside it, or all that it is. */
export function isEnvoy(pod: PodInventory): boolean {
  // ztunnel's container is named as a sidecar's, and is no Envoy
  if (pod.labels['app'] === 'ztunnel') return false
  return pod.hasSidecar || pod.containers.some((container) => container.name === 'istio-proxy')
}

/** The pod a request means. Throws Refusal for one that is not the node's, or where there is none. */
export function chosenPod(
  up: Upstreams,
  node: string,
  name: string | undefined,
): { pod: PodInventory; client: KubernetesClient } {
  const found = envoyPods(up, node)
  if (!found) {
    throw new Refusal('unavailable', 'Proxies are reached through the Kubernetes API; set KUBECONFIG.', {
      code: 'kubernetes-not-configured',
    })
  }
  const pod = name === undefined ? found.pods[0] : found.pods.find((one) => one.name === name)
  if (pod) return { pod, client: clientOf(found.source) }
  if (name === undefined) throw notFound('None of its pods has an Envoy.', 'no-proxy')
  throw invalid('pod', `${name} is no pod of it with an Envoy.`)
}

/** Text of one page of Envoy's administration. Throws UpstreamError. */
export async function askEnvoy(
  client: KubernetesClient,
  pod: PodInventory,
  path: string,
  { method = 'GET', signal }: { method?: 'GET' | 'POST'; signal?: AbortSignal | undefined } = {},
): Promise<string> {
  const { status, text } = await askPod(client, {
    namespace: pod.namespace,
    pod: pod.name,
    port: ADMIN_PORT,
    path,
    method,
    ...(signal ? { signal } : {}),
  })
  if (status === 200) return text
  throw new UpstreamError('kubernetes', 'http', `Envoy in ${pod.name} answered ${path} with status ${status}`)
}

/** The same as JSON. Throws UpstreamError. */
export async function readEnvoy(
  client: KubernetesClient,
  pod: PodInventory,
  path: string,
  signal?: AbortSignal,
): Promise<unknown> {
  const text = await askEnvoy(client, pod, path, { signal })
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new UpstreamError('kubernetes', 'decode', `Envoy in ${pod.name} answered ${path} with no JSON`, {
      cause,
    })
  }
}

/** `active loggers:` and a line for each: level by name. */
export function readLevels(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^\s+([\w.-]+): (\w+)\s*$/gm)].map(([, name = '', level = '']) => [name, level]),
  )
}
