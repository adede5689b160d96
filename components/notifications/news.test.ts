import { describe, expect, it } from 'vitest'
import {
  addNews,
  markRead,
  MOST_CHANGES,
  MOST_NEWS,
  parseNews,
  unread,
  watchOn,
  type Look,
  type News,
} from './news'

const NOW = 1_000
const quiet: Look = {
  alerts: [],
  isAlertmanagerAway: false,
  incidents: [],
  failing: [],
  changes: [],
  upstreams: [],
}
const alert = (id: string) => ({
  id,
  title: `${id} is slow`,
  isBad: true,
  href: '/alerts',
  since: 5,
  silenced: false as boolean | null,
  isHeldAlone: false,
})
const node = (id: string) => ({ id, name: id, href: `/workloads/${id}` })
const upstream = (isReachable: boolean | null) => ({ name: 'Jaeger', isReachable, error: 'refused' })
const MESH = { mesh: '/mesh' }
const told = (before: Look | null, after: Partial<Look>) => {
  const watched = before && watchOn(null, before, NOW, MESH).watched
  return watchOn(watched, { ...quiet, ...after }, NOW, MESH).news
}
const titles = (news: readonly News[]) => news.map(({ title }) => title)

describe('what is new', () => {
  it('is nothing at the first look, and nothing while nothing changes', () => {
    const full = { ...quiet, alerts: [alert('a')], failing: [node('n')], upstreams: [upstream(false)] }
    expect(told(null, full)).toEqual([])
    expect(told(full, full)).toEqual([])
  })

  it('is told of a part that was looked at before, whether or not the others have answered', () => {
    const unknown: Look = {
      alerts: null,
      isAlertmanagerAway: false,
      incidents: null,
      failing: null,
      changes: null,
      upstreams: null,
    }
    const early = { ...unknown, failing: [] }
    expect(titles(told(early, { ...unknown, failing: [node('n')] }))).toEqual(['n turned failing'])
    const incident = { id: 'i', title: 'i', isFailing: true, href: '/overview' }
    const late = { ...quiet, alerts: [alert('a')], incidents: [incident], upstreams: [upstream(false)] }
    expect(told(early, late)).toEqual([])
  })

  it('are alerts that began to fire, and the same alert when it fires again', () => {
    const first = told(quiet, { alerts: [alert('a')] })
    expect(first).toMatchObject([{ kind: 'alert', tone: 'failing', title: 'a is slow', isRead: false }])
    const again = told(quiet, { alerts: [{ ...alert('a'), since: 9 }] })
    expect(addNews(first, again)).toHaveLength(2)
    expect(addNews(first, first)).toHaveLength(1)
  })

  it('are alerts whose silence ended, not those whose silence cannot be asked for', () => {
    const silenced = { ...quiet, alerts: [{ ...alert('a'), silenced: true }] }
    expect(told(quiet, silenced)).toEqual([])
    expect(titles(told(silenced, { alerts: [alert('a')] }))).toEqual(['a is slow'])
    const away = [alert('a'), alert('b')].map((one) => ({ ...one, silenced: null }))
    expect(titles(told(silenced, { alerts: away }))).toEqual(['b is slow'])
  })

  it('are not the alerts only Alertmanager tells of when it answers again', () => {
    const held = { ...alert('elsewhere'), isHeldAlone: true }
    let { watched } = watchOn(null, { ...quiet, alerts: [held] }, NOW, MESH)
    const look = (after: Partial<Look>) => {
      const next = watchOn(watched, { ...quiet, ...after }, NOW, MESH)
      watched = next.watched
      return titles(next.news)
    }
    expect(look({ alerts: [alert('a')], isAlertmanagerAway: true })).toEqual(['a is slow'])
    expect(look({ alerts: [alert('a'), held] })).toEqual([])
    expect(look({ alerts: [alert('a')] })).toEqual([])
    expect(look({ alerts: [alert('a'), held] })).toEqual(['elsewhere is slow'])
  })

  it('are newer changes, not an older one that a gap lets into the list', () => {
    const change = (at: number) => ({
      id: `${at}`,
      title: `${at}`,
      text: null,
      isFailed: false,
      href: '/',
      at,
    })
    const full = Array.from({ length: MOST_CHANGES }, (_, index) => change(100 + index))
    const next = [...full.slice(1), change(50), change(500)]
    expect(titles(told({ ...quiet, changes: full }, { changes: next }))).toEqual(['500'])
    expect(
      titles(told({ ...quiet, changes: [change(100)] }, { changes: [change(100), change(50)] })),
    ).toEqual(['50'])
  })

  it('are incidents, changes with their own time, and nodes that turned failing in one', () => {
    const news = told(quiet, {
      incidents: [{ id: 'i', title: 'ratings fails', isFailing: true, href: '/overview' }],
      changes: [{ id: 'c', title: 'Applied', text: null, isFailed: false, href: '/changes/c', at: 7 }],
      failing: ['a', 'b', 'c', 'd', 'e'].map(node),
    })
    expect(news).toMatchObject([
      { kind: 'incident', tone: 'failing' },
      { kind: 'health', title: '5 workloads turned failing', text: 'a, b, c and 2 more' },
      { kind: 'change', at: 7, tone: 'quiet' },
    ])
    expect(titles(told(quiet, { failing: [node('a')] }))).toEqual(['a turned failing'])
  })

  it.each([
    [true, false, ['Jaeger does not answer']],
    [false, true, ['Jaeger answers again']],
    [null, false, []],
    [true, null, []],
  ])('of an upstream that was %s and is %s: %j', (was, is, expected) => {
    expect(titles(told({ ...quiet, upstreams: [upstream(was)] }, { upstreams: [upstream(is)] }))).toEqual(
      expected,
    )
  })

  it('is nothing of what could not be asked, before or now', () => {
    expect(told({ ...quiet, alerts: null }, { alerts: [alert('a')] })).toEqual([])
    expect(told({ ...quiet, alerts: [alert('a')] }, { alerts: null })).toEqual([])
    const first = watchOn(
      null,
      { ...quiet, alerts: [alert('a')], upstreams: [upstream(true)] },
      NOW,
      MESH,
    ).watched
    const after = watchOn(first, { ...quiet, alerts: null, upstreams: [upstream(null)] }, NOW, MESH).watched
      .look
    expect(after.alerts).toHaveLength(1)
    expect(after.upstreams?.[0]?.isReachable).toBe(true)
  })

  it('is a degraded incident when it stays, not one that comes and goes', () => {
    const slow = [{ id: 'i', title: 'ratings answers slowly', isFailing: false, href: '/overview' }]
    let watched = watchOn(null, quiet, 0, MESH).watched
    const at = (now: number, incidents: Look['incidents']) => {
      const next = watchOn(watched, { ...quiet, incidents }, now, MESH)
      watched = next.watched
      return next.news
    }
    for (let now = 20_000; now < 400_000; now += 20_000) {
      expect(at(now, now % 60_000 === 0 ? [] : slow)).toEqual([])
    }
    expect(at(400_000, slow)).toEqual([])
    expect(at(520_000, slow)).toMatchObject([{ kind: 'incident', tone: 'degraded' }])
  })
})

describe('the list', () => {
  const news = (id: string, at: number): News => ({
    id,
    kind: 'alert',
    tone: 'failing',
    title: id,
    text: null,
    href: '/alerts',
    at,
    isRead: false,
  })

  it('keeps the newest, and counts what is not read', () => {
    const many = Array.from({ length: MOST_NEWS + 5 }, (_, index) => news(`n${index}`, index))
    const list = addNews([news('old', -1)], many)
    expect(list).toHaveLength(MOST_NEWS)
    expect(list[0]?.id).toBe(`n${MOST_NEWS + 4}`)
    expect(unread(markRead(list, list[0]?.id))).toBe(MOST_NEWS - 1)
    expect(unread(markRead(list))).toBe(0)
  })

  it('has what two tabs saw once, and what happened again twice', () => {
    const lost: News = {
      ...news('upstream Jaeger lost 1000', 1_000),
      kind: 'upstream',
      title: 'Jaeger does not answer',
    }
    const other = { ...lost, id: 'upstream Jaeger lost 13000', at: 13_000 }
    expect(addNews([lost], [other])).toEqual([lost])
    expect(addNews([lost], [{ ...other, id: 'later', at: 100_000 }])).toHaveLength(2)
  })

  it('takes from the browser only what it would have stored', () => {
    const good = news('good', 1)
    const bad = [
      { ...good, href: 'javascript:alert(1)' },
      { ...good, href: '//elsewhere.example' },
      // browsers read a backslash as a slash
      { ...good, href: '/\\elsewhere.example' },
      { ...good, at: 'now' },
      { ...good, kind: 'joke' },
      null,
      7,
    ]
    expect(parseNews(JSON.stringify([good, ...bad]))).toEqual([good])
    expect(parseNews('{')).toEqual([])
    expect(parseNews('{}')).toEqual([])
    expect(parseNews(null)).toEqual([])
  })
})
