import { describe, expect, it } from 'vitest'
import {
  isOwnPath,
  LONGEST_NAME,
  merged,
  MOST_VIEWS,
  problemOfName,
  readViews,
  renamed,
  type SavedView,
  withView,
  without,
  writeViews,
} from './saved-views'

const view = (name: string, path = `/graph?selected=${name}`): SavedView => ({ name, path, savedAt: 1 })
const names = (views: readonly SavedView[]) => views.map((each) => each.name)

describe('readViews', () => {
  it('reads what was written', () => {
    const views = [view('a'), view('b', '/workloads/east/shop/cart?tab=logs&at=1700000000')]
    expect(readViews(writeViews(views))).toEqual({ views, dropped: 0, isUnreadable: false })
  })

  it('has none before the first is saved', () => {
    expect(readViews(null)).toEqual({ views: [], dropped: 0, isUnreadable: false })
  })

  it.each([
    '{',
    'null',
    '[]',
    '"x"',
    '{"version":2,"views":[]}',
    '{"version":1}',
    '{"version":1,"views":{}}',
  ])('says that %s cannot be read', (text) =>
    expect(readViews(text)).toEqual({ views: [], dropped: 0, isUnreadable: true }),
  )

  it('drops what is no view, leads elsewhere or has a name twice, and counts it', () => {
    const views = [
      view('good'),
      view('GOOD'),
      { name: 'x' },
      null,
      7,
      { name: 7, path: '/graph' },
      view(' '),
      view('far', 'https://example.com/'),
      view('long'.repeat(40)),
    ]
    expect(readViews(JSON.stringify({ version: 1, views }))).toEqual({
      views: [view('good')],
      dropped: 8,
      isUnreadable: false,
    })
  })

  it('reads no more than are kept', () => {
    const views = Array.from({ length: MOST_VIEWS + 5 }, (_, index) => view(`v${index}`))
    expect(readViews(JSON.stringify({ version: 1, views }))).toMatchObject({ dropped: 5 })
  })
})

describe('isOwnPath', () => {
  it.each(['/graph', '/graph?at=1', '/workloads/east/shop/cart-v1?tab=logs', '/traces?tags=a%3Db'])(
    'takes %s',
    (path) => expect(isOwnPath(path)).toBe(true),
  )

  it.each([
    '',
    'graph',
    '//example.com',
    '/\\example.com',
    '/a\\b',
    '/\t/example.com',
    'javascript:alert(1)',
    'https://example.com/graph',
    '/api/v1/graph',
    `/graph?x=${'y'.repeat(9_000)}`,
  ])('refuses %.40s', (path) => expect(isOwnPath(path)).toBe(false))
})

describe('changing them', () => {
  const views = [view('a'), view('b'), view('c')]

  it('puts a new one first and replaces one of its name', () => {
    expect(names(withView(views, view('d ')))).toEqual(['d', 'a', 'b', 'c'])
    expect(withView(views, view('B', '/mesh'))).toEqual([view('B', '/mesh'), view('a'), view('c')])
  })

  it('takes out and renames where it stands', () => {
    expect(names(without(views, 'b'))).toEqual(['a', 'c'])
    expect(names(renamed(views, 'b', ' e '))).toEqual(['a', 'e', 'c'])
  })

  it('says what is wrong with a name', () => {
    const full = Array.from({ length: MOST_VIEWS }, (_, index) => view(`v${index}`))
    expect(problemOfName(' ', views)).toMatch(/name/)
    expect(problemOfName('x'.repeat(LONGEST_NAME + 1), views)).toMatch(/80/)
    expect(problemOfName('new', full)).toMatch(/200/)
    expect(problemOfName('V7', full)).toBeNull()
  })
})

describe('merged', () => {
  it('adds what is new, keeps what is there, numbers what differs', () => {
    const own = [view('a'), view('b')]
    const result = merged(own, [view('a'), view('b', '/mesh'), view('c')])
    expect(result).toMatchObject({ added: 2, same: 1, left: 0 })
    expect(names(result.views)).toEqual(['a', 'b', 'b (2)', 'c'])
  })

  it('stops at what is kept and says how many were left', () => {
    const own = Array.from({ length: MOST_VIEWS - 1 }, (_, index) => view(`v${index}`))
    expect(merged(own, [view('x'), view('y')])).toMatchObject({ added: 1, left: 1 })
  })
})
