import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import type { ListedProxy, ProxyList, ProxyListQuery } from '@/lib/api/schemas/telemetry/proxy'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { nodeId } from '@/lib/mesh/identity'
import type { ClusterInventory, PodInventory } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { certificateQuery } from '@/lib/prometheus/istio/control-plane'
import { noticeOf } from '../../errors'
import type { Upstreams } from '../../upstreams'
import { outdatedNotices, refusedKinds } from '../../snapshots/objects'
import { unreadNotices } from '../config-scope'
import { namespacePods } from '../details/node-objects'
import { isEnvoy } from './envoy'
import { askReplicas, findProxy, silentNotices, type Said } from './get-sync'

const MOST_PROXIES = 2_000

/**
 * All Envoys of a namespace: each replica of istiod is asked once which of them it holds, Prometheus once when their
 * certificates end, and no proxy itself. With the rights of who asks.
 */
export async function listProxies(
  up: Upstreams,
  query: ProxyListQuery,
  signal?: AbortSignal,
): Promise<ProxyList> {
  const at = up.clock.now()
  const source = up.inventories.find((one) => one.cluster === query.cluster)
  const inventory = source?.current().inventory ?? undefined
  const all = namespacePods(up, query)
  const nothing = { at, more: 0, without: { none: 0, ambient: 0 }, istiodVersions: [], missingRight: null }
  if (!source || !all || refusedKinds(source).includes('Pod')) {
    return { ...nothing, items: null, notices: [...unreadNotices(up), ...outdatedNotices(up)] }
  }
  const pods = all.filter(isEnvoy).sort((a, b) => (a.name < b.name ? -1 : 1))
  const others = all.filter((pod) => !isEnvoy(pod) && pod.phase === 'Running')
  const without = {
    none: others.filter((pod) => !pod.isAmbient).length,
    ambient: others.filter((pod) => pod.isAmbient).length,
  }
  if (pods.length === 0) return { ...nothing, items: [], without, notices: [] }
  const shown = pods.slice(0, MOST_PROXIES)
  const [said, certificates] = await Promise.all([
    readSync(source, inventory, signal),
    readCertificates(up, query, at),
  ])
  return {
    ...nothing,
    without,
    items: shown.map((pod) => proxyOf(pod, said.answers, certificates.ends)),
    more: pods.length - shown.length,
    istiodVersions: versionsOfIstiod(inventory),
    missingRight: said.missingRight,
    notices: [...said.notices, ...certificates.notices],
  }
}

function proxyOf(
  pod: PodInventory,
  answers: readonly Said[] | null,
  ends: ReadonlyMap<string, number>,
): ListedProxy {
  const { cluster, namespace, workload } = pod
  const found = answers && findProxy(answers, pod)
  return {
    pod: pod.name,
    ready: pod.ready,
    workload,
    node: workload === null ? null : nodeId({ cluster, namespace, kind: 'workload', name: workload }),
    version: found?.own?.version ?? tagOf(pod, 'istio-proxy'),
    sync: found && {
      istiod: found.holder?.replica.name ?? null,
      types: (found.own?.types ?? []).map(({ short, state, words }) => ({ short, state, words })),
    },
    certificateExpiresAt: ends.get(pod.name) ?? null,
  }
}

interface Sync {
  /** null: nobody answered */
  answers: Said[] | null
  missingRight: ProxyList['missingRight']
  notices: Notice[]
}

async function readSync(
  source: InventorySource,
  inventory: ClusterInventory | undefined,
  signal?: AbortSignal,
): Promise<Sync> {
  const nothing: Sync = { answers: null, missingRight: null, notices: [] }
  try {
    const answers = await askReplicas(source, inventory, signal)
    if (answers.length === 0) {
      const message =
        'No replica of istiod was found in this cluster: whether proxies agree with it is not known.'
      return { ...nothing, notices: [{ code: 'istiod-not-found', message, upstream: 'kubernetes' }] }
    }
    const notices = silentNotices(answers)
    return { ...nothing, answers: notices.length < answers.length ? answers : null, notices }
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    if (error.status !== 403) {
      return { ...nothing, notices: [noticeOf(error, 'Whether istiod and the proxies agree is not known.')] }
    }
    const namespace = inventory?.rootNamespace ?? 'istio-system'
    return { ...nothing, missingRight: { verb: 'create', resource: 'pods/portforward', namespace } }
  }
}

/** By name of pod: what its agent says is left of its certificate, as an instant. */
async function readCertificates(
  up: Upstreams,
  { namespace }: ProxyListQuery,
  at: number,
): Promise<{ ends: Map<string, number>; notices: Notice[] }> {
  try {
    const { samples } = await up.prometheus.instant(certificateQuery(namespace, up.config.prometheus.scope), {
      time: at,
    })
    const ends = new Map<string, number>()
    for (const { labels, value } of samples) {
      if (labels.pod !== undefined && value !== null && Number.isFinite(value)) {
        ends.set(labels.pod, at + value * 1_000)
      }
    }
    return { ends, notices: [] }
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    return { ends: new Map(), notices: [noticeOf(error, 'When certificates end is not known.')] }
  }
}

function versionsOfIstiod(inventory: ClusterInventory | undefined): string[] {
  const pods = (inventory?.pods ?? []).filter(
    (pod) => pod.namespace === inventory?.rootNamespace && pod.labels['app'] === 'istiod' && pod.ready,
  )
  return [...new Set(pods.flatMap((pod) => tagOf(pod) ?? []))].sort()
}

/** The version a container's image names, without the flavour; of the first where no name is given. */
function tagOf(pod: PodInventory, container?: string): string | null {
  const one = pod.containers.find(({ name }) => container === undefined || name === container)
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(one?.image ?? '')?.[1]
  return tag?.replace(/-(distroless|debug)$/, '') ?? null
}
