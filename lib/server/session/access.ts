import 'server-only'
import { createHash } from 'node:crypto'
import { createLimiter } from '@/lib/http/limiter'
import { mayListPods } from '@/lib/kubernetes/access'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { hideNames } from '@/lib/mesh/names/hidden-names'
import { parseNodeId, type NodeRef } from '@/lib/mesh/identity'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { isUpstreamError } from '@/lib/mesh/upstream-error'
import { Refusal } from '../errors'
import type { Upstreams } from '../upstreams'
import { currentSession, type Session } from './current'

/** Rights that were just asked for; a right that is taken away is gone after so long. */
const REMEMBERED_MS = 30_000
const MOST_REMEMBERED = 500
const REVIEWS_AT_ONCE = 8

/** What a user may see, by the right to list pods; null: everything. */
export interface Access {
  /** `cluster/namespace` */
  namespaces: ReadonlySet<string> | null
}

const EVERYTHING: Access = { namespaces: null }

interface Remembered {
  until: number
  access: Promise<Access>
  /** the last answer, for while the API server is away */
  good: { access: Access; at: number } | null
}

/** Telemetry stays readable while the API server restarts. */
const GOOD_FOR_MS = 600_000

const remembered = new WeakMap<Upstreams, Map<string, Remembered>>()

/** What the user of the request under way may see. Throws UpstreamError when the API server does not say. */
export function currentAccess(up: Upstreams): Promise<Access> {
  const session = currentSession()
  return session ? accessOf(up, session) : Promise.resolve(EVERYTHING)
}

export function accessOf(up: Upstreams, session: Session): Promise<Access> {
  let cache = remembered.get(up)
  if (!cache) remembered.set(up, (cache = new Map()))
  // a token is never kept as a key
  const key = createHash('sha256').update(JSON.stringify(session.credentials)).digest('hex')
  const now = up.clock.now()
  const known = cache.get(key)
  if (known && known.until > now) return known.access
  const entry: Remembered = {
    until: now + REMEMBERED_MS,
    access: readAccess(up, session),
    good: known?.good ?? null,
  }
  entry.access = entry.access.then(
    (access) => {
      entry.good = { access, at: now }
      return access
    },
    (error: unknown) => {
      const isAway = isUpstreamError(error) && (error.status === undefined || error.status >= 500)
      if (isAway && entry.good && entry.good.at > now - GOOD_FOR_MS) return entry.good.access
      cache.delete(key)
      throw error
    },
  )
  // those who ask hear of it
  entry.access.catch(() => undefined)
  cache.delete(key)
  cache.set(key, entry)
  const [oldest] = cache.keys()
  if (cache.size > MOST_REMEMBERED && oldest !== undefined) cache.delete(oldest)
  return entry.access
}

async function readAccess(up: Upstreams, session: Session): Promise<Access> {
  const perCluster = await Promise.all(up.inventories.map((source) => namespacesOf(source, session)))
  if (perCluster.every((names) => names === null)) return EVERYTHING
  const names = perCluster.flatMap(
    (allowed, index) => allowed ?? allNamespaces(up.inventories[index] as InventorySource),
  )
  return { namespaces: new Set(names) }
}

/** Null: all of the cluster. */
async function namespacesOf(source: InventorySource, session: Session): Promise<string[] | null> {
  const client = source.client.as(session.credentials)
  try {
    if (await mayListPods(client, undefined)) return null
  } catch (error) {
    // a token of the home cluster means nothing to another one
    if (isUpstreamError(error) && error.status === 401) return []
    throw error
  }
  const limit = createLimiter(REVIEWS_AT_ONCE)
  const asked = allNamespaces(source).map(async (id) => {
    const leave = await limit.enter()
    try {
      return (await mayListPods(client, id.slice(source.cluster.length + 1))) ? [id] : []
    } finally {
      leave()
    }
  })
  return (await Promise.all(asked)).flat()
}

function allNamespaces(source: InventorySource): string[] {
  return (source.current().inventory?.namespaces ?? []).map(({ name }) => `${source.cluster}/${name}`)
}

export function isVisible({ namespaces }: Access, cluster: string, namespace: string): boolean {
  return namespaces === null || namespaces.has(`${cluster}/${namespace}`)
}

/**
 * An answer about one cluster without the names of what lies in namespaces the user may not see, as far as sentences
 * tell them and objects that sentences come from.
 */
export function withoutHidden<T>(up: Upstreams, access: Access, cluster: string, answer: T): T {
  if (access.namespaces === null) return answer
  return hideNames(answer, hiddenIn(up, access, cluster))
}

/** By inventory: an answer of thousands of rows asks for each of them. */
const hiddenNames = new WeakMap<Access, WeakMap<ClusterInventory, ReadonlySet<string>>>()

/** Which names are those of namespaces of a cluster that the user may not see. */
export function hiddenIn(
  up: { inventories: readonly Pick<InventorySource, 'cluster' | 'current'>[] },
  access: Access,
  cluster: string,
): (namespace: string) => boolean {
  const inventory = up.inventories.find((one) => one.cluster === cluster)?.current().inventory
  if (!inventory) return () => false
  const known = hiddenNames.get(access) ?? new WeakMap<ClusterInventory, ReadonlySet<string>>()
  hiddenNames.set(access, known)
  const hidden =
    known.get(inventory) ??
    new Set(inventory.namespaces.flatMap(({ name }) => (isVisible(access, cluster, name) ? [] : [name])))
  known.set(inventory, hidden)
  return (namespace) => hidden.has(namespace)
}

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
