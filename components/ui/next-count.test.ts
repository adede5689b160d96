import { describe, expect, it } from 'vitest'
import { nextCount } from './next-count'

describe('nextCount', () => {
  it.each([
    ['nothing is left', 20, 20, null],
    ['fewer than the first', 3, 20, null],
    ['all at once where they are few', 45, 20, 45],
    ['a part where they are many', 5_000, 20, 220],
    ['the last part', 5_000, 4_820, 5_000],
  ] as const)('%s', (_what, all, shown, next) => {
    expect(nextCount(all, shown)).toBe(next)
  })

  it('adds fewer of what is large', () => {
    expect(nextCount(5_000, 20, 30)).toBe(50)
  })
})
