/** What a request asks, as far as its user may see. */
import 'server-only'
import type { Notice } from '@/lib/api/schemas/common'
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import { Refusal } from '../errors'
import type { Upstreams } from '../upstreams'
import { accessOf, currentAccess, isVisible, isWhole, type Access } from './access'
import type { Session } from './current'

/** No namespace has this name: an answer about it is empty. */
const NOWHERE = '/'
const ITEM_PATH = /\/(?:workloads|services|apps)\/([^/]+)\/([^/]+)\/[^/]+$/

/**
 * A request's parameters as far as its user may see: lists of namespaces are cut to those, and what names a thing
 * elsewhere is refused. Throws Refusal('forbidden' | 'unavailable').
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
    if (!isSeen) throw unseen(access) ?? hidden(home === '' ? service : home)
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
    throw (
      unseenOfAll(access) ??
      new Refusal(
        'forbidden',
        `What reaches ${node.name} from everywhere is for those who may see every namespace; look at an edge of your own to it.`,
        { code: 'mesh-forbidden' },
      )
    )
  }
  for (const one of [node, named('focus')]) {
    if (one && isPlaced(one)) requireVisible(access, one.cluster, one.namespace)
  }
  const ends = [named('source'), named('target')].filter((end) => end !== undefined)
  const isOwn = ends.some((end) => isPlaced(end) && isVisible(access, end.cluster, end.namespace))
  const elsewhere = ends.find(isPlaced) ?? ends[0]
  if (!elsewhere || isOwn) return
  if (isPlaced(elsewhere)) requireVisible(access, elsewhere.cluster, elsewhere.namespace)
  throw unseenOfAll(access) ?? hidden(elsewhere.namespace)
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
 * For what a body names, which `narrowed` does not read: refuses a namespace the user may not see, and with null a
 * whole cluster to those who may not see all of the mesh, as far as it is known. Throws Refusal.
 */
export async function requireSight(up: Upstreams, cluster: string, namespace: string | null): Promise<void> {
  const access = await currentAccess(up)
  if (namespace !== null) return requireVisible(access, cluster, namespace)
  if (isWhole(access, cluster)) return
  requireKnown(access, cluster)
  throw new Refusal('forbidden', 'The whole mesh is for those who may see every namespace of it.', {
    code: 'mesh-forbidden',
  })
}

function requireVisible(access: Access, cluster: string, namespace: string): void {
  if (isVisible(access, cluster, namespace)) return
  requireKnown(access, cluster)
  throw hidden(namespace)
}

/** Throws Refusal('unavailable') where a cluster is left out: what the user may see of it is not known. */
export function requireKnown({ leftOut }: Access, cluster: string): void {
  const notice = leftOut?.get(cluster)
  if (notice) throw unavailable(notice)
}

/** For what may lie in any cluster; undefined where none is left out. */
function unseen({ leftOut: all }: Access): Refusal | undefined {
  const [notice] = all?.values() ?? []
  return notice && unavailable(notice)
}

/** For what concerns the mesh, to those who see all of what is not left out. */
function unseenOfAll(access: Access): Refusal | undefined {
  return access.whole ? unseen(access) : undefined
}

function unavailable({ code, message }: Notice): Refusal {
  return new Refusal('unavailable', message, { code })
}

function hidden(namespace: string): Refusal {
  return new Refusal(
    'forbidden',
    `You may not see namespace ${namespace}: the Kubernetes API does not let you list its pods.`,
    { code: 'namespace-forbidden' },
  )
}
