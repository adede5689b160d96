import 'server-only'
import { createHash } from 'node:crypto'
import type { Notice } from '@/lib/api/schemas/common'
import { createLimiter } from '@/lib/http/limiter'
import { mayListPods } from '@/lib/kubernetes/access'
import type { InventorySource } from '@/lib/kubernetes/watching/watch'
import { hideNames } from '@/lib/mesh/names/hidden-names'
import type { ClusterInventory } from '@/lib/mesh/inventory'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import { within } from '../clock'
import { Refusal, sentence } from '../errors'
import { notReadWords } from '../snapshots/objects'
import type { Upstreams } from '../upstreams'
import { currentSession, type Session } from './current'

/** Rights that were just asked for; a right that is taken away is gone after so long. */
const REMEMBERED_MS = 30_000
const MOST_REMEMBERED = 500
const REVIEWS_AT_ONCE = 8

/** What a user may see, by the right to list pods. */
export interface Access {
  /** `cluster/namespace`; null: everything */
  namespaces: ReadonlySet<string> | null
  /** why, of clusters that do not say what may be seen: nothing of them is shown, and nothing about them is known */
  leftOut?: ReadonlyMap<string, Notice>
  /** the other clusters, where all of each may be seen: what is left out is all that is missing; null: it is not */
  whole?: ReadonlySet<string> | null
}

const EVERYTHING: Access = { namespaces: null }

interface Remembered {
  until: number
  access: Promise<Access>
  /** the last answer of each cluster, for while its API server is away; null: all of it */
  good: Map<string, { names: readonly string[] | null; at: number }>
}

/** Telemetry stays readable while the API server restarts. */
const GOOD_FOR_MS = 600_000
/** What is not known since a cluster is just being read is asked again so soon. */
const READ_SOON_MS = 1_000
/** A cluster that does not answer holds the others up no longer than this. */
const PATIENCE_MS = 3_000

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
  const good: Remembered['good'] = known?.good ?? new Map()
  const renew = () => {
    const present = cache.get(key)
    if (present) present.until = -Infinity
  }
  const sights = Promise.all(up.inventories.map((source) => sightOf(up, source, session, { good, renew })))
  const entry: Remembered = { until: now + REMEMBERED_MS, access: sights.then(accessTo), good }
  sights.then(
    (all) => {
      // an answer that came late may have ended it by now
      entry.until = Math.min(entry.until, ...all.map(({ until }) => until))
    },
    () => undefined,
  )
  entry.access.catch(() => {
    // those who ask hear of it; what is known of single clusters is kept
    entry.until = -Infinity
  })
  cache.delete(key)
  cache.set(key, entry)
  const [oldest] = cache.keys()
  if (cache.size > MOST_REMEMBERED && oldest !== undefined) cache.delete(oldest)
  return entry.access
}

/** What a user may see of one cluster. */
interface Sight {
  cluster: string
  /** null: all of it */
  names: readonly string[] | null
  /** `cluster/namespace` of all there are */
  all: readonly string[]
  /** why it is not known; nothing of the cluster is shown then */
  failure: Error | null
  /** why its namespaces are not known, and so what all of it is */
  unread: Error | null
  /** until when it is remembered */
  until: number
}

/** One cluster that is away hides itself and no other. Throws when none says what may be seen. */
function accessTo(sights: readonly Sight[]): Access {
  const isAll = ({ names, failure }: Sight) => names === null && failure === null
  if (sights.every(isAll)) return EVERYTHING
  const whyOf = ({ failure, unread }: Sight) => failure ?? unread
  const [why] = sights.map(whyOf)
  if (why && sights.every((sight) => whyOf(sight) !== null)) throw why
  const told = sights.filter((sight) => whyOf(sight) === null)
  return {
    namespaces: new Set(told.flatMap(({ names, all }) => names ?? all)),
    leftOut: new Map(
      sights.flatMap((sight) => {
        const left = whyOf(sight)
        return left === null ? [] : [[sight.cluster, leftOutNotice(sight.cluster, left)] as const]
      }),
    ),
    whole: told.every(isAll) ? new Set(told.map(({ cluster }) => cluster)) : null,
  }
}

function leftOutNotice(cluster: string, why: Error): Notice {
  return {
    code: 'cluster-left-out',
    message: `${sentence(why.message)} Nothing of cluster ${cluster} is shown meanwhile.`,
    upstream: 'kubernetes',
  }
}

/** Whether a notice tells of a cluster that does not say what may be seen. */
export function isOfLeftOut({ code }: Pick<Notice, 'code'>): boolean {
  return code === 'cluster-left-out'
}

/** Notices with those of clusters that are left out for who asks: what lies there is missing, which is not the same as none. */
export function withLeftOut({ leftOut }: Access, notices: readonly Notice[]): Notice[] {
  return !leftOut || notices.some(isOfLeftOut) ? [...notices] : [...leftOut.values(), ...notices]
}

/**
 * An answer that nobody waited for is kept as well: `renew` is called then. Throws UpstreamError where the API server
 * does not accept the user's credentials any more.
 */
async function sightOf(
  up: Upstreams,
  source: InventorySource,
  session: Session,
  { good, renew }: Pick<Remembered, 'good'> & { renew: () => void },
): Promise<Sight> {
  const now = up.clock.now()
  // before the question: what is read meanwhile was not asked about
  const unread = source.current().inventory === null ? notReadYet(source) : null
  const nothing = {
    cluster: source.cluster,
    names: [],
    all: allNamespaces(source),
    failure: null,
    unread,
    until: now + (unread ? READ_SOON_MS : REMEMBERED_MS),
  }
  const known = good.get(source.cluster)
  if (known && known.at > now - REMEMBERED_MS) {
    return { ...nothing, names: known.names, until: Math.min(nothing.until, known.at + REMEMBERED_MS) }
  }
  const last = known && known.at > now - GOOD_FOR_MS ? known : undefined
  let isLate = false
  const asking = namespacesOf(source, session).then((names) => {
    const { at } = good.get(source.cluster) ?? { at: -Infinity }
    // which ones of those that were not read was not asked, and a later question may have been answered before
    if ((names !== null && unread !== null) || at > now) return names
    good.set(source.cluster, { names, at: now })
    if (isLate) renew()
    return names
  })
  // whether it is waited for or not
  asking.catch(() => undefined)
  const isWaitedFor = last === undefined && up.inventories.length === 1
  let failure: Error
  try {
    const names = isWaitedFor ? await asking : await within(up.clock, PATIENCE_MS, asking)
    if (names !== undefined)
      return names !== null && unread ? { ...nothing, failure: unread } : { ...nothing, names }
    isLate = true
    const message = `${source.client.server} did not answer within ${PATIENCE_MS / 1000} s`
    failure = new UpstreamError('kubernetes', 'timeout', message)
  } catch (error) {
    if (!isUpstreamError(error) || error.status === 401) throw error
    failure = error
    // what it refuses now is not shown because of what it said before
    if (!error.retryable) return { ...nothing, failure, until: now + REMEMBERED_MS }
  }
  if (last) return { ...nothing, names: last.names }
  return { ...nothing, failure, until: now + REMEMBERED_MS }
}

function notReadYet(source: InventorySource): Refusal {
  return new Refusal('unavailable', `What you may see is not known yet. ${notReadWords(source)}`, {
    code: 'objects-not-read',
  })
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

/** Whether all of a cluster may be seen, by somebody who may see all of the mesh as far as that is known. */
export function isWhole({ namespaces, whole }: Access, cluster: string): boolean {
  return namespaces === null || whole?.has(cluster) === true
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
