import { describe, expect, it } from 'vitest'
import { span, trace } from '@/lib/trace/testing'
import { comparedUntil, graphViewOf, placesOf } from './graph-view'

const made = trace([
  span('a', null, 1_000_000, 500, { nodeId: 'east/shop/workload/page' }),
  span('b', 'a', 1_000_100, 200, { nodeId: 'east/bank/workload/pay' }),
  span('c', 'a', 1_000_100, 200),
])
const window = '2m'

describe('graphViewOf', () => {
  it('stays live where the window of now holds the trace, else looks just after it', () => {
    expect(graphViewOf(placesOf(made), { window }, 1_060_000)).toEqual({
      window,
      at: null,
      namespaces: ['bank', 'shop'],
      trace: 't',
    })
    expect(graphViewOf(placesOf(made), { window }, 2_000_000).at).toBe(1_016_000)
  })

  it('keeps an instant that holds the trace', () => {
    expect(graphViewOf(placesOf(made), { window, at: 1_050_000 }, 2_000_000).at).toBe(1_050_000)
    expect(graphViewOf(placesOf(made), { window, at: 990_000 }, 2_000_000).at).toBe(1_016_000)
    expect(graphViewOf(placesOf(made), { window, at: 1_300_000 }, 2_000_000).at).toBe(1_016_000)
  })

  it('names clusters where there are several', () => {
    const two = trace([...made.spans, span('d', 'a', 0, 1, { nodeId: 'west/bank/workload/pay' })])
    expect(graphViewOf(placesOf(two), { window }, 0).namespaces).toEqual([
      'east/bank',
      'east/shop',
      'west/bank',
    ])
  })
})

it('compares an old trace with those of its own time', () => {
  const minutes = 60_000
  expect(comparedUntil(made, made.startMs + 10 * minutes)).toBeNull()
  expect(comparedUntil(made, made.startMs + 600 * minutes)).toBe(made.startMs + 90 * minutes)
})
