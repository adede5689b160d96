import { focusManager, onlineManager, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it, vi } from 'vitest'
import { createPageClient } from './query-client'

afterEach(() => vi.unstubAllGlobals())

it.each([
  ['?window=5m', 2],
  ['?window=5m&refresh=paused', 1],
])('a page at %s that is looked at again, or is online again, has asked %i times', async (search, times) => {
  vi.stubGlobal('window', { location: { pathname: '/workloads', search } })
  for (const leaveAndReturn of [
    () => {
      focusManager.setFocused(false)
      focusManager.setFocused(true)
    },
    () => {
      onlineManager.setOnline(false)
      onlineManager.setOnline(true)
    },
  ]) {
    const client = createPageClient()
    client.mount()
    let asked = 0
    const observer = new QueryObserver(client, { queryKey: ['a'], queryFn: () => Promise.resolve(++asked) })
    const end = observer.subscribe(() => {})
    await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe(1))
    leaveAndReturn()
    // what is asked is asked within this turn
    await new Promise((done) => setTimeout(done))
    expect(asked).toBe(times)
    end()
    client.unmount()
    client.clear()
  }
})
