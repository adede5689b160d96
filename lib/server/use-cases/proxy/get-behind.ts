import 'server-only'
import { MOST_BEHIND, type ProxiesBehind } from '@/lib/api/schemas/telemetry/proxy'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { nodeId } from '@/lib/mesh/identity'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { currentAccess, isWhole } from '../../session/access'
import type { Upstreams } from '../../upstreams'
import { askReplicas, typesBehind, type Said } from './get-sync'

type ClusterBehind = ProxiesBehind['clusters'][number]

/**
 * Proxies of every cluster with an istiod that do not run what it sent last; with the rights of who asks. Who may see
 * some namespaces only is told of none: istiod answers for the whole cluster.
 */
export async function getProxiesBehind(up: Upstreams, signal?: AbortSignal): Promise<ProxiesBehind> {
  const access = await currentAccess(up)
  const told = up.inventories.filter(({ cluster }) => isWhole(access, cluster))
  const clusters = await Promise.all(told.map((source) => ofCluster(source, signal)))
  return { clusters: clusters.filter((one) => one !== null) }
}

async function ofCluster(source: InventorySource, signal?: AbortSignal): Promise<ClusterBehind | null> {
  const { inventory } = source.current()
  if (!inventory) return null
  const nothing = {
    cluster: source.cluster,
    answered: 0,
    replicas: 0,
    proxies: null,
    behind: [],
    more: 0,
    missingRight: null,
  }
  let said: Said[]
  try {
    said = await askReplicas(source, inventory, signal)
  } catch (error) {
    if (!isUpstreamError(error)) throw error
    if (error.status !== 403) return nothing
    const missingRight = {
      verb: 'create',
      resource: 'pods/portforward',
      namespace: inventory.rootNamespace,
    }
    return { ...nothing, missingRight }
  }
  if (said.length === 0) return null
  const answers = said.flatMap(({ proxies }) => (proxies ? [proxies] : []))
  const behind = answers
    .flat()
    .flatMap((proxy) => {
      const kinds = typesBehind(proxy)
      return kinds.length === 0 ? [] : [{ ...placeOf(proxy.proxy), kinds }]
    })
    .sort((a, b) => (`${a.namespace}/${a.pod}` < `${b.namespace}/${b.pod}` ? -1 : 1))
  return {
    ...nothing,
    answered: answers.length,
    replicas: said.length,
    proxies: answers.length === 0 ? null : answers.reduce((sum, proxies) => sum + proxies.length, 0),
    behind: behind.slice(0, MOST_BEHIND).map((one) => ({ ...one, node: nodeOf(one, inventory) })),
    more: Math.max(0, behind.length - MOST_BEHIND),
  }
}

interface Place {
  namespace: string
  pod: string
}

/** `{pod}.{namespace}` as istiod names a proxy; a namespace holds no dot. */
function placeOf(proxy: string): Place {
  const at = proxy.lastIndexOf('.')
  return { namespace: proxy.slice(at + 1), pod: proxy.slice(0, at) }
}

/** Of its workload; null: its pod is not known. */
function nodeOf({ namespace, pod }: Place, { cluster, pods }: ClusterInventory): string | null {
  const known = pods.find((one) => one.namespace === namespace && one.name === pod)
  return known ? nodeId({ cluster, namespace, kind: 'workload', name: known.workload ?? known.name }) : null
}
