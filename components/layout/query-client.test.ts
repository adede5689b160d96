import { focusManager, MutationObserver, onlineManager, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it, vi } from 'vitest'
import { createPageClient } from './query-client'

afterEach(() => {
  vi.unstubAllGlobals()
  onlineManager.setOnline(true)
})

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

it('asks and writes at once in a browser that calls itself offline: nothing waits to be sent later', async () => {
  vi.stubGlobal('window', { location: { pathname: '/workloads', search: '' } })
  onlineManager.setOnline(false)
  const client = createPageClient()
  const refused = () => Promise.reject(new Error('no network'))
  await expect(client.fetchQuery({ queryKey: ['b'], queryFn: refused, retry: false })).rejects.toThrow(
    'no network',
  )
  const write = new MutationObserver(client, { mutationFn: refused })
  await expect(write.mutate()).rejects.toThrow('no network')
  client.clear()
})
