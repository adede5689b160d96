import { describe, expect, it } from 'vitest'
import { edgeOverheads, meanOverheadMs, type TimedRow } from './overhead'

const row = (
  side: TimedRow['side'],
  requestsPerSecond: number,
  meanMs: number,
  more: Partial<TimedRow> = {},
) => ({
  source: 'a',
  target: 'b',
  protocol: 'http' as const,
  side,
  requestsPerSecond,
  sumMsPerSecond: requestsPerSecond * meanMs,
  ...more,
})

describe('what the mesh costs a request', () => {
  it('is the caller’s mean less the called side’s, over the same requests', () => {
    const [edge] = edgeOverheads([row('source', 10, 12), row('destination', 10.2, 9.5)])
    expect(edge).toMatchObject({ sourceMs: 12, destinationMs: 9.5, overheadMs: 2.5, gap: null })
  })

  it('sums rows of one side before it takes a mean', () => {
    const [edge] = edgeOverheads([row('source', 5, 10), row('source', 15, 20), row('destination', 20, 10)])
    expect(edge?.sourceMs).toBe(17.5)
    expect(edge?.overheadMs).toBe(7.5)
  })

  it.each<[string, TimedRow[], string]>([
    ['nobody called reports', [row('source', 10, 12)], 'called-silent'],
    ['the caller has no proxy', [row('destination', 10, 12)], 'caller-silent'],
    [
      'tries again are counted by one side only',
      [row('source', 10, 12), row('destination', 13, 9)],
      'counts-differ',
    ],
  ])('is not told where %s', (_name, rows, gap) => {
    expect(edgeOverheads(rows)[0]).toMatchObject({ overheadMs: null, gap })
  })

  it('is never below nothing: a called side that seems slower was read at another moment', () => {
    const edges = edgeOverheads([
      row('source', 1, 4),
      row('destination', 1, 4.2),
      row('source', 9, 10, { target: 'c' }),
      row('destination', 9, 9, { target: 'c' }),
    ])
    expect(edges.map(({ overheadMs, gap }) => [overheadMs, gap])).toEqual([
      [1, null],
      [null, 'too-small'],
    ])
    expect(meanOverheadMs(edges)).toBeCloseTo(0.88, 9)
    expect(meanOverheadMs(edges.slice(1))).toBeNull()
  })

  it('keeps protocols and pairs apart, the dearest first, whatever the order of the rows', () => {
    const rows = [
      row('source', 10, 12),
      row('destination', 10, 11),
      row('source', 10, 9, { protocol: 'grpc' }),
      row('destination', 10, 4, { protocol: 'grpc' }),
      row('source', 10, 3, { target: 'c' }),
      row('destination', 10, 0, { target: 'c' }),
    ]
    const told = edgeOverheads(rows).map((edge) => `${edge.target} ${edge.protocol} ${edge.overheadMs}`)
    expect(told).toEqual(['b grpc 5', 'c http 3', 'b http 1'])
    expect(edgeOverheads(rows.toReversed()).map((edge) => edge.overheadMs)).toEqual([5, 3, 1])
  })

  it('has no mean where nothing was measured, and weighs by requests where something was', () => {
    expect(meanOverheadMs(edgeOverheads([row('source', 10, 12)]))).toBeNull()
    expect(edgeOverheads([row('source', 0, 0)])).toEqual([])
    const edges = edgeOverheads([
      row('source', 30, 4),
      row('destination', 30, 2),
      row('source', 10, 10, { target: 'c' }),
      row('destination', 10, 4, { target: 'c' }),
    ])
    expect(meanOverheadMs(edges)).toBe(3)
  })
})
