import { describe, expect, it } from 'vitest'
import type { Upstreams } from '../upstreams'
import type { TraceStore } from '@/lib/trace/store'
import { isOfNamespace, servicesOfNamespace } from './namespace-traces'
import { span } from '@/lib/trace/testing'

const PLACE = { cluster: 'east', namespace: 'shop' }

/** Parts of the server that a search of a namespace looks at: rates of applications, and no objects. */
function upWith(rates: Readonly<Record<string, number>>): Upstreams {
  const names = Object.keys(rates)
  const ends = names.map((app) => ({ cluster: 'east', namespace: 'shop', workload: app, app }))
  const flows = names.map((name, source) => ({ source, target: null, requestsPerSecond: rates[name] }))
  const lines = () => [{ state: { snapshot: { topology: { ends, flows } } } }]
  return { inventories: [], snapshots: { lines } } as unknown as Upstreams
}

function storeOf(services: string[], mostServices: number): TraceStore {
  return { name: 'jaeger', mostServices, services: () => Promise.resolve(services) } as unknown as TraceStore
}

describe('services of a namespace in a tracing store', () => {
  const names = ['a.shop', 'b.shop', 'c.shop', 'd.shop', 'a.other', 'c', 'unheard']

  it('are those of its name, and bare names of its applications', async () => {
    const found = await servicesOfNamespace(upWith({ c: 1 }), storeOf(names, 12), PLACE)
    expect(found).toEqual({ services: ['c', 'c.shop', 'a.shop', 'b.shop', 'd.shop'], notices: [] })
  })

  it('are bounded to the busiest, and what is left out is named', async () => {
    const { services, notices } = await servicesOfNamespace(upWith({ b: 2, d: 9 }), storeOf(names, 2), PLACE)
    expect(services).toEqual(['d.shop', 'b.shop'])
    expect(notices).toHaveLength(1)
    expect(notices[0]?.message).toMatch(/^2 of 4 services .*Not searched: a\.shop, c\.shop\./)
  })

  it('own the spans of their workloads, exactly', () => {
    const isOwn = isOfNamespace(PLACE)
    const of = (nodeId: string | null) => isOwn(span('s', null, 0, 1, { nodeId }))
    expect(of('east/shop/workload/a')).toBe(true)
    expect(of('west/shop/workload/a')).toBe(false)
    expect(of('east/shop2/workload/a')).toBe(false)
    expect(of(null)).toBe(false)
  })
})
