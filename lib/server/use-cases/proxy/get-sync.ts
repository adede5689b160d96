import 'server-only'
import type { ProxySync } from '@/lib/api/schemas/proxy'
import { askPod } from '@/lib/kubernetes/pod-http'
import type { PodInventory } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { readSyncz } from '@/lib/proxy/syncz'
import { clientOf } from '../../session/current'
import type { EnvoyPods } from './envoy'

/** istiod's monitoring port, which has its debug pages as well. */
const DEBUG_PORT = 15_014
const MOST_REPLICAS = 10

/**
 * What each replica of istiod says of one proxy: exactly one is connected to it. Null where no replica is known or
 * none could be asked; throws UpstreamError when the right to ask is missing.
 */
export async function getSync(
  { source, objects }: EnvoyPods,
  pod: PodInventory,
  signal?: AbortSignal,
): Promise<ProxySync | null> {
  const inventory = objects.index?.inventory
  const replicas = (inventory?.pods ?? [])
    .filter(
      (one) => one.namespace === inventory?.rootNamespace && one.labels['app'] === 'istiod' && one.ready,
    )
    .slice(0, MOST_REPLICAS)
  if (replicas.length === 0) return null
  const client = clientOf(source)
  const answers = await Promise.all(
    replicas.map(async (replica) => {
      try {
        const { status, text } = await askPod(client, {
          namespace: replica.namespace,
          pod: replica.name,
          port: DEBUG_PORT,
          path: '/debug/syncz',
          ...(signal ? { signal } : {}),
        })
        if (status === 401 || status === 403) return { replica, problem: REFUSED, proxies: null }
        const proxies = status === 200 ? readSyncz(parsed(text)) : null
        return proxies
          ? { replica, problem: null, proxies }
          : { replica, problem: `It answered with status ${status} and no list of proxies.`, proxies: null }
      } catch (error) {
        if (!isUpstreamError(error) || error.status === 403) throw error
        return { replica, problem: error.message, proxies: null }
      }
    }),
  )
  const name = `${pod.name}.${pod.namespace}`
  const holder = answers.find(({ proxies }) => proxies?.some((proxy) => proxy.proxy === name))
  const own = holder?.proxies?.find((proxy) => proxy.proxy === name)
  return {
    istiod: holder?.replica.name ?? null,
    version: own?.version ?? null,
    types: own?.types ?? [],
    replicas: answers.map(({ replica, proxies, problem }) => ({
      pod: replica.name,
      proxies: proxies?.length ?? null,
      problem,
    })),
  }
}

const REFUSED =
  'istiod does not answer its debug pages to Heddle: add Heddle’s namespace to DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES of istiod, or run Heddle in its namespace.'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}
