/** What a request asks, as far as its user may see. */
import 'server-only'
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import { Refusal } from '../errors'
import type { Upstreams } from '../upstreams'
import { accessOf, currentAccess, isVisible, type Access } from './access'
import type { Session } from './current'

/** No namespace has this name: an answer about it is empty. */
const NOWHERE = '/'
const ITEM_PATH = /\/(?:workloads|services|apps)\/([^/]+)\/([^/]+)\/[^/]+$/

/**
 * A request's parameters as far as its user may see: lists of namespaces are cut to those, and what names a thing
 * elsewhere is refused. Throws Refusal('forbidden').
 */
export async function narrowed<Q>(up: Upstreams, session: Session, pathname: string, query: Q): Promise<Q> {
  const access = await accessOf(up, session)
  const { namespaces } = access
  if (namespaces === null || typeof query !== 'object' || query === null) return query
  const [, cluster, namespace] = ITEM_PATH.exec(pathname)?.map(decodeURIComponent) ?? []
  if (cluster !== undefined && namespace !== undefined) requireVisible(access, cluster, namespace)
  const given = query as Record<string, unknown>
  requireNodes(access, given)
  const place = placeIn(given)
  if (place) requireVisible(access, place.cluster, place.namespace)
  const { service } = given
  if (typeof service === 'string' && !place) {
    const [, home = ''] = service.split('.')
    const isSeen = [...namespaces].some((id) => id.endsWith(`/${home}`))
    if (!isSeen) throw hidden(home === '' ? service : home)
  }
  const asked = given['namespaces']
  if (!Array.isArray(asked)) return query
  const cut = [...namespaces].filter(
    (id) => asked.length === 0 || asked.includes(id) || asked.includes(id.slice(id.indexOf('/') + 1)),
  )
  return { ...query, namespaces: cut.length === 0 ? [NOWHERE] : cut.sort() }
}

/** Refuses nodes elsewhere, and edges of which no end may be seen: own ones may lead elsewhere, as the graph shows. */
function requireNodes(access: Access, given: Readonly<Record<string, unknown>>): void {
  const named = (parameter: string) => {
    const id = given[parameter]
    return typeof id === 'string' ? parseNodeId(id) : undefined
  }
  const node = named('node')
  if (node && !isPlaced(node)) {
    throw new Refusal(
      'forbidden',
      `What reaches ${node.name} from everywhere is for those who may see every namespace; look at an edge of your own to it.`,
      { code: 'mesh-forbidden' },
    )
  }
  for (const one of [node, named('focus')]) {
    if (one && isPlaced(one)) requireVisible(access, one.cluster, one.namespace)
  }
  const ends = [named('source'), named('target')].filter((end) => end !== undefined)
  const isOwn = ends.some((end) => isPlaced(end) && isVisible(access, end.cluster, end.namespace))
  const elsewhere = ends.find(isPlaced) ?? ends[0]
  if (elsewhere && !isOwn) throw hidden(elsewhere.namespace)
}

/** Things outside of the mesh lie in no namespace. */
function isPlaced({ kind }: NodeRef): boolean {
  return kind === 'workload' || kind === 'app' || kind === 'service'
}

/** A place that parameters name: by cluster and namespace, or by the id of a split, which begins with both. */
function placeIn(given: Record<string, unknown>): { cluster: string; namespace: string } | undefined {
  const { cluster, namespace, split } = given
  if (typeof cluster === 'string' && typeof namespace === 'string') return { cluster, namespace }
  if (typeof split !== 'string') return undefined
  const [inCluster = '', inNamespace = ''] = split.split('/')
  return { cluster: inCluster, namespace: inNamespace }
}

/**
 * For what a body names, which `narrowed` does not read: refuses a namespace the user may not see, and with null the
 * whole mesh to those who may not see all of it. Throws Refusal('forbidden').
 */
export async function requireSight(up: Upstreams, cluster: string, namespace: string | null): Promise<void> {
  const access = await currentAccess(up)
  if (namespace !== null) return requireVisible(access, cluster, namespace)
  if (access.namespaces !== null) {
    throw new Refusal('forbidden', 'The whole mesh is for those who may see every namespace of it.', {
      code: 'mesh-forbidden',
    })
  }
}

function requireVisible(access: Access, cluster: string, namespace: string): void {
  if (!isVisible(access, cluster, namespace)) throw hidden(namespace)
}

function hidden(namespace: string): Refusal {
  return new Refusal(
    'forbidden',
    `You may not see namespace ${namespace}: the Kubernetes API does not let you list its pods.`,
    { code: 'namespace-forbidden' },
  )
}
