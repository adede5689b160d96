import { describe, expect, it } from 'vitest'
import { span, trace } from '@/lib/trace/testing'
import { SPAN_KEYS } from '@/components/keys/row-keys'
import { stepOf, visibleRows, waterfallOf } from './waterfall'

const tree = trace([
  span('a', null, 0, 100),
  span('b', 'a', 10, 40),
  span('c', 'b', 20, 20, { hasError: true }),
  span('d', 'a', 60, 30),
])
const ids = (rows: { span: { id: string } }[]) => rows.map((row) => row.span.id)

describe('waterfallOf', () => {
  it('indents children under parents, in the order they began', () => {
    const { rows, depth } = waterfallOf(tree)
    expect(rows.map((row) => [row.span.id, row.depth, row.descendants])).toEqual([
      ['a', 0, 3],
      ['b', 1, 1],
      ['c', 2, 0],
      ['d', 1, 0],
    ])
    expect(depth).toBe(2)
  })

  it('places bars on the time of the trace', () => {
    const { rows } = waterfallOf(tree)
    expect(rows[1]?.bar).toEqual({ left: 0.1, width: 0.4 })
  })

  it('marks where the trace waited, and shares that time out among the services', () => {
    const { rows, shares } = waterfallOf(tree)
    // a waits for itself before b, between b and d, and after d
    expect(rows[0]?.critical.map((part) => part.left.toFixed(2))).toEqual(['0.00', '0.50', '0.90'])
    expect(shares.reduce((sum, share) => sum + share.ratio, 0)).toBeCloseTo(1)
    expect(shares[0]).toMatchObject({ service: 'a', ms: 30 })
  })

  it('tells of errors below', () => {
    const { rows, errors } = waterfallOf(tree)
    expect(errors).toBe(1)
    expect(rows.map((row) => row.hasErrorBelow)).toEqual([true, true, false, false])
  })

  it('draws what is broken: no root, several roots, spans outside the time of the trace, no time at all', () => {
    const broken = waterfallOf(trace([span('x', 'gone', 5, 5), span('y', null, 0, 4), span('z', null, 2, 4)]))
    expect(ids(broken.rows)).toEqual(['y', 'z', 'x'])
    expect(broken.rows[2]?.isOrphan).toBe(true)
    expect(broken.warnings).toHaveLength(1)
    const skewed = waterfallOf({
      ...trace([span('a', null, 0, 10), span('b', 'a', -5, 30)]),
      startMs: 0,
      durationMs: 10,
    })
    expect(skewed.rows[1]?.bar).toEqual({ left: 0, width: 1 })
    expect(waterfallOf(trace([span('a', null, 0, 0)])).rows[0]?.bar).toEqual({ left: 0, width: 1 })
    expect(waterfallOf(trace([])).rows).toEqual([])
  })

  it('tells of clocks that differ, and of work that goes on after its caller', () => {
    const { rows, warnings } = waterfallOf(
      trace([
        span('caller', null, 100, 20),
        span('early', 'caller', 90, 5),
        span('later', 'caller', 110, 50),
        span('within', 'caller', 101, 3),
        span('nearly', 'caller', 99.8, 3),
      ]),
    )
    const told = Object.fromEntries(rows.map((row) => [row.span.id, row.against]))
    expect(told).toEqual({
      caller: null,
      early: 'begins-before',
      later: 'goes-on',
      within: null,
      nearly: null,
    })
    expect(warnings).toEqual([expect.stringMatching(/^1 span begins before its caller: the clocks/)])
  })

  it('gives every row a key of its own, also where spans share an id', () => {
    const { rows } = waterfallOf(trace([span('a', null, 0, 1), span('a', null, 0, 1)]))
    expect(new Set(rows.map((row) => row.key)).size).toBe(2)
  })
})

describe('visibleRows', () => {
  const { rows } = waterfallOf(tree)
  const key = (id: string) => rows.find((row) => row.span.id === id)?.key ?? ''

  it('hides all that is below a collapsed row, and nothing else', () => {
    expect(ids(visibleRows(rows, new Set([key('b')])))).toEqual(['a', 'b', 'd'])
    expect(ids(visibleRows(rows, new Set([key('a'), key('b')])))).toEqual(['a'])
    expect(ids(visibleRows(rows, new Set()))).toEqual(['a', 'b', 'c', 'd'])
  })

  it('cannot collapse a leaf', () => {
    expect(visibleRows(rows, new Set([key('d')]))[3]?.isCollapsed).toBe(false)
  })

  it('leads outward to the row that holds a row, once nothing is below it any more', () => {
    const shut = visibleRows(rows, new Set([key('b')]))
    expect(shut.map((_, index) => stepOf('outward', shut, index))).toEqual([
      { kind: 'fold', isCollapsed: true },
      { kind: 'go', to: 0 },
      { kind: 'go', to: 0 },
    ])
    expect(stepOf('outward', visibleRows(rows, new Set([key('a')])), 0)).toEqual({ kind: 'stay' })
  })

  it('leads inward by unfolding first', () => {
    const shut = visibleRows(rows, new Set([key('b')]))
    expect(shut.map((_, index) => stepOf('inward', shut, index))).toEqual([
      { kind: 'go', to: 1 },
      { kind: 'fold', isCollapsed: false },
      { kind: 'stay' },
    ])
  })

  it('has a step for every key that the help names', () => {
    const steps = SPAN_KEYS.map(({ does }) => [does, stepOf(does, rows, 1).kind])
    expect(steps).toEqual([
      ['next', 'go'],
      ['previous', 'go'],
      ['inward', 'go'],
      ['outward', 'fold'],
      ['pageDown', 'go'],
      ['pageUp', 'go'],
      ['first', 'go'],
      ['last', 'go'],
      ['toggle', 'details'],
    ])
  })
})
