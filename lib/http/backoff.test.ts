import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { backoffMs, delay } from './backoff'

describe('backoffMs', () => {
  it.each([
    [1, 0, 125],
    [1, 1, 250],
    [2, 1, 500],
    [5, 0.5, 3_000],
    [30, 1, 30_000],
    [5_000, 1, 30_000],
  ])('attempt %i with luck %d waits %i ms', (attempt, luck, expected) => {
    expect(backoffMs(attempt, () => luck)).toBe(expected)
  })
})

describe('delay', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('resolves in time and leaves no timer behind when ended early', async () => {
    const waited = delay(1_000)
    await vi.advanceTimersByTimeAsync(1_000)
    await expect(waited).resolves.toBeUndefined()
    const caller = new AbortController()
    const ended = delay(1_000, caller.signal)
    caller.abort(new Error('gone'))
    await expect(ended).rejects.toThrow('gone')
    expect(vi.getTimerCount()).toBe(0)
  })
})
