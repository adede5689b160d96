import { notifyManager, QueryCache, QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { keepFailures } from './keep-failures'

it('a question that failed stays failed while it is asked again, until it is answered', async () => {
  const queryCache = new QueryCache()
  keepFailures(queryCache)
  const client = new QueryClient({ queryCache, defaultOptions: { queries: { retry: false } } })
  let settle = { answer: (_text: string) => {}, fail: (_error: Error) => {} }
  const observer = new QueryObserver(client, {
    queryKey: ['asked'],
    queryFn: () => new Promise<string>((answer, fail) => (settle = { answer, fail })),
  })
  const now = () => {
    const { status, fetchStatus, error, data } = observer.getCurrentResult()
    return `${status} ${fetchStatus} ${error?.message ?? data ?? ''}`.trim()
  }
  const seen: string[] = []
  // as components are told: after all that happens at once, and they read what holds then
  const unsubscribe = observer.subscribe(notifyManager.batchCalls(() => seen.push(now())))
  for (const words of ['broke', 'broke again']) {
    await expect.poll(now).toMatch(/fetching/)
    settle.fail(new Error(words))
    await expect.poll(() => seen.at(-1)).toBe(`error idle ${words}`)
    void observer.refetch()
    await expect.poll(() => seen.at(-1)).toBe(`error fetching ${words}`)
  }
  settle.answer('here')
  await expect.poll(() => seen.at(-1)).toBe('success idle here')
  unsubscribe()
  expect(seen.slice(1).filter((one) => one.startsWith('pending'))).toEqual([])
})
