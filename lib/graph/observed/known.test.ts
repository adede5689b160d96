import { describe, expect, it } from 'vitest'
import { buildTopology } from '@/lib/graph/build'
import { input, request } from '@/tests/support/graph/samples'
import { isTrafficKnown } from './known'

describe('whether traffic is known', () => {
  const idle = [request('a', 'b', 0)]

  it('is where a pair was measured, though it carries nothing', () => {
    expect(isTrafficKnown(buildTopology(input({ requests: idle })))).toBe(true)
  })

  it('is not where no pair was, nor where scraping has ended', () => {
    expect(isTrafficKnown(buildTopology(input({})))).toBe(false)
    expect(isTrafficKnown(buildTopology(input({ requests: idle, isMeasured: false })))).toBe(false)
  })
})
