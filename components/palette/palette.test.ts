import { describe, expect, it } from 'vitest'
import type { SearchHit } from '@/lib/api/schemas/search'
import { type Entry, entryAfter, rankEntries, sectionsOf } from './entries'
import { meshEntry } from './mesh-entries'
import { readWish, wishesOf } from './verbs'

const entry = (name: string, place = 'page', alias = ''): Entry => ({
  id: name,
  name,
  place,
  alias,
  leads: '/',
  href: '/',
})
const hit = (type: SearchHit['type'], name: string, more: Partial<SearchHit> = {}): SearchHit => ({
  type,
  id: type === 'namespace' ? `east/${name}` : `east/shop/${type}/${name}`,
  cluster: 'east',
  namespace: 'shop',
  name,
  status: 'healthy',
  isIdle: false,
  ref: null,
  ...more,
})

describe('rankEntries', () => {
  it('finds names before the words beside them', () => {
    const entries = [
      entry('Light theme', 'action', 'mode'),
      entry('Themes of east', 'service'),
      entry('Mesh'),
    ]
    expect(rankEntries(entries, 'theme').ranked.map(({ name }) => name)).toEqual([
      'Themes of east',
      'Light theme',
    ])
    expect(rankEntries(entries, 'mode').ranked.map(({ name }) => name)).toEqual(['Light theme'])
    expect(rankEntries(entries, '').ranked).toHaveLength(3)
  })
})

describe('sectionsOf', () => {
  const given = [
    { title: 'Mesh', entries: [entry('graph-api', 'service')], total: 12 },
    { title: 'Pages', entries: [entry('Graph'), entry('Overview')] },
  ]

  it('puts the section that meets best first and leaves out what meets nothing', () => {
    expect(sectionsOf(given, 'graph').map(({ title }) => title)).toEqual(['Pages', 'Mesh'])
    expect(sectionsOf(given, 'overview').map(({ title }) => title)).toEqual(['Pages'])
  })

  it('is bounded and says how many more there are', () => {
    expect(sectionsOf(given, 'graph-api')).toMatchObject([{ title: 'Mesh', more: 11 }])
    // the twelve were counted for another text: for a thing whose logs are wanted, or while the next answer comes
    const logs = {
      title: 'Mesh',
      entries: [entry('cart', 'service'), entry('cart-logs', 'service')],
      total: 12,
    }
    expect(sectionsOf([logs], 'cart logs')).toMatchObject([{ entries: [{ name: 'cart-logs' }], more: 0 }])
    expect(sectionsOf(given, '', 1)).toMatchObject([{ more: 11 }, { entries: [{ name: 'Graph' }], more: 1 }])
  })
})

it('arrows go round, pages stop at the ends', () => {
  const entries = ['a', 'b', 'c'].map((name) => entry(name))
  const from = (at: string | null, key: string) => entryAfter(entries, at, key)?.name
  expect([from('a', 'ArrowDown'), from('c', 'ArrowDown'), from('a', 'ArrowUp')]).toEqual(['b', 'a', 'c'])
  expect([
    from('a', 'PageDown'),
    from('c', 'PageUp'),
    from('a', 'x'),
    entryAfter([], null, 'ArrowDown'),
  ]).toEqual(['c', 'a', undefined, undefined])
})

describe('readWish', () => {
  it.each([
    ['reviews logs', 'reviews', 'Logs of'],
    ['logs of reviews-v1', 'reviews-v1', 'Logs of'],
    ['base cart', 'cart', 'Send all traffic to the baseline of'],
    ['traces', 'traces', undefined],
    ['lo reviews', 'lo reviews', undefined],
    ['reviews', 'reviews', undefined],
  ])('%s', (text, name, title) => {
    const wish = readWish(text)
    expect([wish.name, wish.verb?.title]).toEqual([name, title])
  })
})

describe('wishesOf', () => {
  const wanted = (text: string, hits: SearchHit[]) => {
    const { verb } = readWish(text)
    return verb ? wishesOf(verb, hits, { at: 1_700_000_000_000 }).map(({ name, href }) => [name, href]) : []
  }

  it('leads to what was asked for, at the same time', () => {
    expect(
      wanted('cart logs', [hit('workload', 'cart'), hit('namespace', 'cart'), hit('object', 'cart')]),
    ).toEqual([['Logs of cart', '/workloads/east/shop/cart?tab=logs&at=1700000000']])
    expect(wanted('cart baseline', [hit('service', 'cart')])).toEqual([
      ['Send all traffic to the baseline of cart', '/traffic-shifting?at=1700000000&filter=cart'],
    ])
  })

  it('offers nothing a thing does not have', () => {
    expect(wanted('cart routing', [hit('workload', 'cart'), hit('service', 'cart')])).toEqual([
      ['Routing of cart', '/routing/east/shop/cart?at=1700000000'],
    ])
  })
})

describe('meshEntry', () => {
  const scope = { namespaces: ['shop'], window: '5m', at: null }

  it('leads to the graph, and to its page', () => {
    expect(meshEntry(hit('app', 'cart'), scope)).toMatchObject({
      href: '/graph?namespaces=shop&window=5m&graphType=app&selected=east/shop/app/cart',
      other: { href: '/apps/east/shop/cart?window=5m' },
    })
  })

  it('opens a filter that would hide it, and shows what is idle', () => {
    const elsewhere = hit('workload', 'cart', {
      namespace: 'bank',
      id: 'east/bank/workload/cart',
      isIdle: true,
    })
    expect(meshEntry(elsewhere, scope).href).toBe(
      '/graph?window=5m&idle=true&selected=east/bank/workload/cart',
    )
    expect(meshEntry(elsewhere, { clusters: ['west'] }).href).not.toContain('clusters')
  })

  it('leads to the page of an object', () => {
    const ref = {
      cluster: 'east',
      group: 'networking.istio.io',
      version: 'v1',
      kind: 'VirtualService',
      namespace: 'shop',
      name: 'cart',
    }
    expect(meshEntry(hit('object', 'cart', { ref, status: null }), scope)).toMatchObject({
      place: 'VirtualService in east / shop',
      href: '/config/east/networking.istio.io/v1/virtualservices/shop/cart?window=5m',
    })
  })
})
