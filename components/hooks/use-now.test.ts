import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { presentMs, setServerTime } from './use-now'

const NOW = 1_800_000_000_000

beforeEach(() => void vi.useFakeTimers({ now: NOW }))
afterEach(() => {
  setServerTime(NOW, NOW)
  vi.useRealTimers()
})

it.each([
  ['two minutes behind', NOW + 120_000],
  ['ten minutes ahead', NOW - 600_000],
])('takes over the clock of the server where the browser is %s', (_how, serverMs) => {
  setServerTime(serverMs, NOW)
  expect(presentMs()).toBe(serverMs)
  vi.setSystemTime(NOW + 1_000)
  expect(presentMs()).toBe(serverMs + 1_000)
  // an answer that took longer moves nothing, a clock that was set right does
  setServerTime(serverMs + 1_000, NOW + 4_000)
  expect(presentMs()).toBe(serverMs + 1_000)
  setServerTime(NOW + 1_000, NOW + 1_000)
  expect(presentMs()).toBe(NOW + 1_000)
})

it('leaves the time an answer takes alone', () => {
  setServerTime(NOW - 8_000, NOW)
  expect(presentMs()).toBe(NOW)
})
