import { expect, it } from 'vitest'
import { applicationContainers, endedContainers, logPatch, parseLogView } from './log-view'

const container = (name: string, isProxy = false) => ({ name, isProxy, restarts: 0, isRead: true })
const pods = [
  { name: 'a', workload: 'a', ready: true, containers: [container('cart'), container('istio-proxy', true)] },
  { name: 'b', workload: 'a', ready: true, containers: [container('cart'), container('agent')] },
]

it('offers the containers beside the proxy once each, and one that is gone while it is chosen', () => {
  expect(applicationContainers({ pods }, null)).toEqual(['agent', 'cart'])
  expect(applicationContainers({ pods }, 'shipper')).toEqual(['agent', 'cart', 'shipper'])
  expect(applicationContainers({ pods: null }, null)).toEqual([])
})

it('keeps the chosen container in the address', () => {
  const patch = logPatch({ source: 'app', container: 'cart' })
  expect(patch).toEqual({ source: 'app', container: 'cart' })
  expect(parseLogView(new URLSearchParams({ container: 'cart' })).container).toBe('cart')
  expect(logPatch({ container: null })).toEqual({ container: null })
})

it('finds what ended before among what was chosen, the latest first', () => {
  const ended = (name: string, at: number) => ({
    ...container(name),
    lastEnd: { reason: 'Error', exitCode: 1, at },
  })
  const some = [
    {
      name: 'a',
      workload: null,
      ready: true,
      containers: [ended('cart', 5), container('istio-proxy', true)],
    },
    { name: 'b', workload: null, ready: true, containers: [ended('cart', 9), ended('agent', 7)] },
  ]
  const places = (pod: string | null, name: string | null) =>
    endedContainers({ pods: some }, { workload: null, pod, container: name }).map(
      (one) => `${one.pod}/${one.container}`,
    )
  expect(places(null, null)).toEqual(['b/cart', 'b/agent', 'a/cart'])
  expect(places('a', null)).toEqual(['a/cart'])
  expect(places(null, 'agent')).toEqual(['b/agent'])
  expect(places('a', 'agent')).toEqual([])
})
