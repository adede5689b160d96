import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { ProxySync, ProxySyncList, ProxySyncQuery } from '@/lib/api/schemas/telemetry/proxy'
import { askPod } from '@/lib/kubernetes/pods/pod-http'
import type { ClusterInventory, PodInventory } from '@/lib/mesh/inventory'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { readSyncz, type ProxySync as ReadProxy } from '@/lib/proxy/syncz'
import { noticeOf } from '../../errors'
import { clientOf } from '../../session/current'
import type { Upstreams } from '../../upstreams'
import { unreadNotices } from '../config-scope'
import { envoyPods, type EnvoyPods } from './envoy'

/** istiod's monitoring port, which has its debug pages as well. */
const DEBUG_PORT = 15_014
const MOST_REPLICAS = 10

/** What one replica of istiod said; null proxies: nothing, and why. */
export interface Said {
  replica: PodInventory
  problem: string | null
  proxies: ReadProxy[] | null
}

/** What each replica of istiod says of the proxies connected to it. Throws UpstreamError when the right to ask is missing. */
export async function askReplicas(
  source: InventorySource,
  inventory: ClusterInventory | undefined,
  signal?: AbortSignal,
): Promise<Said[]> {
  const replicas = (inventory?.pods ?? [])
    .filter(
      (one) => one.namespace === inventory?.rootNamespace && one.labels['app'] === 'istiod' && one.ready,
    )
    .slice(0, MOST_REPLICAS)
  const client = clientOf(source)
  return Promise.all(
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
}

/**
 * What each replica of istiod says of one proxy: exactly one is connected to it. Null where no replica is known or
 * none could be asked; throws UpstreamError when the right to ask is missing.
 */
export async function getSync(
  pods: EnvoyPods,
  pod: PodInventory,
  signal?: AbortSignal,
): Promise<ProxySync | null> {
  const answers = await askReplicas(pods.source, pods.objects.index?.inventory, signal)
  if (answers.length === 0) return null
  const { holder, own } = findProxy(answers, pod)
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

/** How far istiod and each proxy of a node agree; with the rights of who asks. */
export async function getPodSync(
  up: Upstreams,
  query: ProxySyncQuery,
  signal?: AbortSignal,
): Promise<ProxySyncList> {
  const found = envoyPods(up, query.node)
  if (!found) return { pods: null, missingRight: null, notices: unreadNotices(up) }
  if (found.pods.length === 0) return { pods: [], missingRight: null, notices: [] }
  let answers: Said[]
  try {
    answers = await askReplicas(found.source, found.objects.index?.inventory, signal)
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    if (error.status !== 403) {
      return {
        pods: null,
        missingRight: null,
        notices: [noticeOf(error, 'Whether istiod and the proxies agree is not known.')],
      }
    }
    const namespace = found.objects.index?.inventory.rootNamespace ?? 'istio-system'
    return {
      pods: null,
      missingRight: { verb: 'create', resource: 'pods/portforward', namespace },
      notices: [],
    }
  }
  const silent = answers.filter(({ problem }) => problem !== null)
  return {
    pods:
      answers.length === silent.length
        ? null
        : found.pods.map((pod) => {
            const { holder, own } = findProxy(answers, pod)
            return {
              name: pod.name,
              istiod: holder?.replica.name ?? null,
              version: own?.version ?? null,
              behind: own ? typesBehind(own) : [],
            }
          }),
    missingRight: null,
    notices: silentNotices(silent),
  }
}

/** Replicas that did not say which proxies they hold. */
export function silentNotices(answers: readonly Said[]): Notice[] {
  return answers.flatMap(({ replica, problem }) =>
    problem === null
      ? []
      : [{ code: 'istiod-silent', message: `${replica.name}: ${problem}`, upstream: 'kubernetes' }],
  )
}

/** Kinds of configuration of which a proxy does not run what was sent last. */
export function typesBehind({ types }: ReadProxy): string[] {
  return types
    .filter(({ state }) => state === 'stale' || state === 'never-acknowledged')
    .map(({ short }) => short)
}

/** The replica that holds a pod's proxy, and what it says of it. */
export function findProxy(answers: readonly Said[], pod: PodInventory) {
  const name = `${pod.name}.${pod.namespace}`
  const holder = answers.find(({ proxies }) => proxies?.some((proxy) => proxy.proxy === name))
  return { holder, own: holder?.proxies?.find((proxy) => proxy.proxy === name) }
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
