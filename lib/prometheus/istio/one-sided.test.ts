import { describe, expect, it } from 'vitest'
import { countOneSided } from './one-sided'

const row = (reporter: string, from?: string, to?: string, more: Record<string, string> = {}) => ({
  labels: {
    reporter,
    source_workload_namespace: 'shop',
    source_workload: 'web',
    destination_workload_namespace: 'shop',
    destination_workload: 'cart',
    ...(from === undefined ? {} : { source_cluster: from }),
    ...(to === undefined ? {} : { destination_cluster: to }),
    ...more,
  },
  value: 1,
})

describe('clusters that one side of a call leaves out', () => {
  it.each([
    ['agreed', row('source', 'east', 'east'), row('destination', 'east', 'east'), 0],
    ['left out by both', row('source'), row('destination'), 0],
    ['of other pairs', row('source', 'west', 'west'), row('destination', 'unknown', 'east'), 0],
    // reckoned with: see the test of mirrors
    ['whom it calls', row('source', 'east', 'unknown'), row('destination', 'east', 'east'), 0],
    ['its caller', row('source', 'east', 'east'), row('destination', 'unknown', 'east'), 1],
    ['its caller, no label', row('source', 'east', 'west'), row('destination', undefined, 'west'), 1],
    ['its own, calling', row('source', undefined, 'east'), row('destination', 'east', 'east'), 1],
    ['its own, called', row('source', 'east', 'east'), row('destination', 'east', ''), 1],
    ['each the other', row('source', 'east', 'unknown'), row('destination', 'unknown', 'east'), 1],
  ])('%s', (_what, caller, called, pairs) => {
    expect(countOneSided([caller, called])).toBe(pairs)
    expect(countOneSided([called, caller, called])).toBe(pairs)
    expect(countOneSided([caller, { ...called, value: 0 }])).toBe(0)
  })
})
