import { describe, expect, it } from 'vitest'
import type { LogAnswer, LogLine, LogSpan } from '@/lib/api/schemas/telemetry/logs'
import { indexAt, MOST_KEPT, rowsOf, withFresh } from './log-rows'
import { isWantedContainer, logPatch, parseLogView } from './log-view'

const line = (id: string, atMs: number, rest: Partial<LogLine> = {}): LogLine => ({
  id,
  atMs,
  pod: 'p',
  container: 'c',
  level: null,
  text: id,
  access: null,
  ...rest,
})
const span = (spanId: string, atMs: number, rest: Partial<LogSpan> = {}): LogSpan => ({
  traceId: 't',
  spanId,
  atMs,
  durationMs: 1,
  service: 's',
  operation: 'o',
  kind: null,
  pod: 'p',
  hasError: false,
  httpStatus: null,
  responseFlags: null,
  requestId: null,
  ...rest,
})
const answer = (lines: LogLine[], spans: LogSpan[] | null = null): LogAnswer => ({
  at: 1,
  pods: [],
  lines,
  spans,
  cut: [],
  missingRight: null,
  notices: [],
})
const ALL = { show: '', hide: '', without: new Set<never>() }

describe('withFresh', () => {
  it('takes every line once, also those that come late, in the order of time', () => {
    const both = withFresh(answer([line('a', 1), line('c', 3)]), answer([line('c', 3), line('b', 2)]))
    expect(both.lines.map((one) => one.id)).toEqual(['a', 'b', 'c'])
  })
  it('keeps the same list where nothing came, and the newest of too many', () => {
    const old = answer([line('a', 1)])
    expect(withFresh(old, answer([line('a', 1)])).lines).toBe(old.lines)
    const many = Array.from({ length: MOST_KEPT }, (_, n) => line(`n${n}`, n + 10))
    expect(withFresh(old, answer(many)).lines[0]?.id).toBe('n0')
  })
  it('keeps spans of before where none were asked for', () => {
    expect(withFresh(answer([], [span('x', 1)]), answer([])).spans).toHaveLength(1)
    expect(
      withFresh(answer([], [span('x', 1)]), answer([], [span('x', 1), span('y', 0)])).spans,
    ).toHaveLength(2)
  })
})

describe('rowsOf', () => {
  it('merges spans among lines by time', () => {
    const rows = rowsOf([line('a', 1), line('b', 5)], [span('x', 3)], ALL)
    expect(rows.map((row) => row.kind)).toEqual(['line', 'span', 'line'])
  })
  it('filters spans as lines', () => {
    const rows = rowsOf(
      [line('GET /a', 1)],
      [span('x', 3, { operation: 'GET /a' }), span('y', 4, { hasError: true })],
      { ...ALL, show: 'GET' },
    )
    expect(rows.map((row) => row.key)).toEqual(['GET /a', 'span t/x'])
  })
  it('takes a stack trace and what it belongs to as one, found by any of its lines', () => {
    const lines = [
      line('level=error msg="request failed"', 1, { level: 'error' }),
      line('java.lang.NullPointerException', 1),
      line('\tat shop.Cart.total(Cart.java:9)', 1),
      line('level=info', 2, { level: 'info' }),
    ]
    const rows = rowsOf(lines, [], { ...ALL, show: 'cart.java' })
    expect(rows).toMatchObject([{ kind: 'line', lines: 3, line: { id: lines[0]?.id, level: 'error' } }])
    expect(rowsOf(lines, [], { ...ALL, without: new Set(['error' as const]) })).toHaveLength(1)
  })
})

it('finds the row of an instant', () => {
  const rows = [{ atMs: 1 }, { atMs: 3 }]
  expect([indexAt(rows, 0), indexAt(rows, 2), indexAt(rows, 9), indexAt([], 1)]).toEqual([0, 1, 1, -1])
})

describe('the address of a view of logs', () => {
  it('reads defaults where nothing is said, or nonsense', () => {
    expect(parseLogView(new URLSearchParams('lines=7&source=x&without=loud&mark=-1'))).toEqual(
      parseLogView(new URLSearchParams()),
    )
  })
  it('round-trips', () => {
    const patch = logPatch({ source: 'proxy', lines: 100, without: new Set(['debug']), isFollowing: false })
    const params = new URLSearchParams(
      Object.entries(patch).filter((pair): pair is [string, string] => pair[1] !== null),
    )
    expect(parseLogView(params)).toMatchObject({ source: 'proxy', lines: 100, isFollowing: false, pod: null })
    expect([...parseLogView(params).without]).toEqual(['debug'])
  })
  it('tells proxies and applications apart', () => {
    expect([
      isWantedContainer('app', true),
      isWantedContainer('proxy', true),
      isWantedContainer('all', false),
    ]).toEqual([false, true, true])
  })
})
