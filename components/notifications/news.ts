/** What is new between two looks at the mesh, and the bounded list of it. Pure. */
import { isOwnPath } from '@/components/saved-views/saved-views'
import { lookAt, type Standing } from './standing'

export type Tone = 'failing' | 'degraded' | 'healthy' | 'quiet'

export interface News {
  /** the same for the same news: it is told once */
  id: string
  kind: 'alert' | 'incident' | 'health' | 'change' | 'upstream'
  tone: Tone
  title: string
  text: string | null
  href: string | null
  /** epoch milliseconds */
  at: number
  isRead: boolean
}

/** What is looked at; a part that could not be asked is null, and makes no news. */
export interface Look {
  /** firing ones; `silenced` null: not known; `isHeldAlone`: nobody but Alertmanager tells of it */
  alerts:
    | readonly {
        id: string
        title: string
        isBad: boolean
        href: string
        since: number | null
        silenced: boolean | null
        isHeldAlone: boolean
      }[]
    | null
  isAlertmanagerAway: boolean
  incidents: readonly { id: string; title: string; isFailing: boolean; href: string }[] | null
  /** nodes that fail */
  failing: readonly { id: string; name: string; href: string | null }[] | null
  changes:
    | readonly {
        id: string
        title: string
        text: string | null
        isFailed: boolean
        href: string
        at: number
      }[]
    | null
  /** configured ones by name: whether they answer; null: not known */
  upstreams: readonly { name: string; isReachable: boolean | null; error: string | null }[] | null
}

export const MOST_NEWS = 100
/** So many of the newest changes are looked at. */
export const MOST_CHANGES = 50
const MOST_NAMED = 3
/** A few slow or failed requests leave the usual window after so long: what degrades for less may be chance. */
const DEGRADED_HOLD_MS = 120_000
/** Several tabs look at the same, each in its own time; alerts and changes bring their own. */
const SAME_MS = 60_000
const SEEN_BY_TAB = new Set<News['kind']>(['incident', 'health', 'upstream'])

/** What was seen, and since when. */
export interface Watched {
  look: Look
  incidents: Standing
  failing: Standing
}

/**
 * What a look has that those before had not, and what to compare the next one with. The first look makes no news:
 * what is there was there. What fails is told at once, what is degraded when it stays so.
 */
export function watchOn(
  before: Watched | null,
  asked: Look,
  now: number,
  href: { mesh: string },
): { watched: Watched; news: News[] } {
  const look = lastKnown(before?.look ?? null, asked)
  const incidents = lookAt(before?.incidents ?? null, asked.incidents, now, ({ isFailing }) =>
    isFailing ? 0 : DEGRADED_HOLD_MS,
  )
  const failing = lookAt(before?.failing ?? null, asked.failing, now, () => 0)
  const watched = { look, incidents: incidents.standing, failing: failing.standing }
  const fresh = { incidents: incidents.fresh, failing: failing.fresh }
  return { watched, news: before ? newsBetween(before.look, look, fresh, now, href) : [] }
}

function newsBetween(
  before: Look,
  after: Look,
  fresh: { incidents: NonNullable<Look['incidents']>; failing: NonNullable<Look['failing']> },
  now: number,
  href: { mesh: string },
): News[] {
  const news: News[] = []
  const tell = (one: Omit<News, 'at' | 'isRead'> & { at?: number }) =>
    news.push({ at: now, isRead: false, ...one })

  for (const alert of added(loud(before.alerts), loud(after.alerts))) {
    tell({
      // one alert may fire again
      id: `alert ${alert.id} ${alert.since ?? now}`,
      kind: 'alert',
      tone: alert.isBad ? 'failing' : 'degraded',
      title: alert.title,
      text: 'An alert fires.',
      href: alert.href,
    })
  }
  for (const incident of fresh.incidents) {
    tell({
      id: `incident ${incident.id} ${now}`,
      kind: 'incident',
      tone: incident.isFailing ? 'failing' : 'degraded',
      title: incident.title,
      text: 'A new incident.',
      href: incident.href,
    })
  }
  const { failing } = fresh
  const [first] = failing
  if (first) {
    const names = failing.slice(0, MOST_NAMED).map(({ name }) => name)
    const more = failing.length - names.length
    tell({
      id: `health ${failing.map(({ id }) => id).join()} ${now}`,
      kind: 'health',
      tone: 'failing',
      title:
        failing.length === 1 ? `${first.name} turned failing` : `${failing.length} workloads turned failing`,
      text: failing.length === 1 ? null : `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      href: first.href,
    })
  }
  const oldest = Math.min(...(before.changes ?? []).map(({ at }) => at))
  for (const change of added(before.changes, after.changes)) {
    // one that goes from the list lets an older one in at its end
    if (before.changes?.length === MOST_CHANGES && change.at < oldest) continue
    tell({
      id: `change ${change.id}`,
      kind: 'change',
      tone: change.isFailed ? 'degraded' : 'quiet',
      title: change.title,
      text: change.text,
      href: change.href,
      at: change.at,
    })
  }
  const reached = new Map(before.upstreams?.map(({ name, isReachable }) => [name, isReachable]))
  for (const { name, isReachable, error } of after.upstreams ?? []) {
    const was = reached.get(name) ?? null
    if (was === true && isReachable === false) {
      const title = `${name} does not answer`
      tell({
        id: `upstream ${name} lost ${now}`,
        kind: 'upstream',
        tone: 'failing',
        title,
        text: error,
        href: href.mesh,
      })
    }
    if (was === false && isReachable === true) {
      const title = `${name} answers again`
      tell({
        id: `upstream ${name} back ${now}`,
        kind: 'upstream',
        tone: 'healthy',
        title,
        text: null,
        href: href.mesh,
      })
    }
  }
  return news
}

function loud(alerts: Look['alerts']): Look['alerts'] {
  return alerts?.filter(({ silenced }) => !silenced) ?? null
}

/** Of what is known on both sides: what is new. */
function added<T extends { id: string }>(before: readonly T[] | null, after: readonly T[] | null): T[] {
  if (!before || !after) return []
  const known = new Set(before.map(({ id }) => id))
  return after.filter(({ id }) => !known.has(id))
}

/** A part that could not be asked stays as it was last known. */
function lastKnown(before: Look | null, after: Look): Look {
  if (!before) return after
  const silenced = new Map(before.alerts?.map((alert) => [alert.id, alert.silenced]))
  const heldAlone = before.alerts?.filter(({ isHeldAlone }) => isHeldAlone) ?? []
  return {
    // while Alertmanager is away, what it silenced stays silent, and what it held is no news when it is back
    alerts: after.alerts
      ? [
          ...after.alerts.map((one) => ({ ...one, silenced: one.silenced ?? silenced.get(one.id) ?? null })),
          ...(after.isAlertmanagerAway ? heldAlone : []),
        ]
      : before.alerts,
    isAlertmanagerAway: after.isAlertmanagerAway,
    incidents: after.incidents ?? before.incidents,
    failing: after.failing ?? before.failing,
    changes: after.changes ?? before.changes,
    upstreams:
      (after.upstreams ?? before.upstreams)?.map((one) => ({
        ...one,
        isReachable:
          one.isReachable ?? before.upstreams?.find(({ name }) => name === one.name)?.isReachable ?? null,
      })) ?? null,
  }
}

/** Newest first, each once whichever tab saw it first, no more than are kept. */
export function addNews(list: readonly News[], news: readonly News[]): News[] {
  const fresh = news.filter((one) => !list.some((known) => isSame(known, one)))
  if (fresh.length === 0) return [...list]
  return [...fresh, ...list].sort((a, b) => b.at - a.at).slice(0, MOST_NEWS)
}

function isSame(a: News, b: News): boolean {
  if (a.id === b.id) return true
  if (a.kind !== b.kind || !SEEN_BY_TAB.has(a.kind)) return false
  return a.title === b.title && a.href === b.href && Math.abs(a.at - b.at) < SAME_MS
}

export const unread = (list: readonly News[]) => list.filter(({ isRead }) => !isRead).length

export function markRead(list: readonly News[], id?: string): News[] {
  return list.map((one) => (id === undefined || one.id === id ? { ...one, isRead: true } : one))
}

/** What was stored, or nothing where it is something else. */
export function parseNews(text: string | null): News[] {
  if (text === null) return []
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.filter(isNews).slice(0, MOST_NEWS) : []
  } catch {
    return []
  }
}

function isNews(one: unknown): one is News {
  if (typeof one !== 'object' || one === null) return false
  const { id, kind, tone, title, text, href, at, isRead } = one as Partial<Record<keyof News, unknown>>
  return (
    typeof id === 'string' &&
    typeof title === 'string' &&
    typeof at === 'number' &&
    typeof isRead === 'boolean' &&
    ['alert', 'incident', 'health', 'change', 'upstream'].includes(kind as string) &&
    ['failing', 'degraded', 'healthy', 'quiet'].includes(tone as string) &&
    (text === null || typeof text === 'string') &&
    // what is stored may have been written by another page of this origin: no other scheme, no other host
    (href === null || (typeof href === 'string' && isOwnPath(href)))
  )
}
