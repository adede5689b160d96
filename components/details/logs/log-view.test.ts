import { expect, it } from 'vitest'
import { applicationContainers, logPatch, parseLogView } from './log-view'

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
