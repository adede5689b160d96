import { describe, expect, it } from 'vitest'
import { apiPaths, pagePaths } from './paths'
import { findRoute } from './routes'
import { DEFAULT_WINDOW } from './schemas/common'
import { EdgeMetricsQuery, GraphQuery, ScopeQuery, TraceQuery } from './schemas/requests'

const queryOf = (path: string) => Object.fromEntries(new URL(path, 'http://heddle.test').searchParams)

describe('addresses of the API', () => {
  it('are read back as they were meant', () => {
    const view = {
      namespaces: ['shop', 'east/bookinfo'],
      clusters: ['east'],
      window: '10m',
      at: 1_700_000_000_500,
      graphType: 'versionedApp',
      serviceNodes: true,
      idle: true,
      focus: 'east/shop/app/cart/v1',
      hops: 2,
    } as const
    expect(GraphQuery.parse(queryOf(apiPaths.graph(view)))).toEqual({
      ...view,
      namespaces: ['east/bookinfo', 'shop'],
      latency: 'wait',
    })
  })

  it('leave out what is preset, so that one view has one address', () => {
    expect(apiPaths.graph({ graphType: 'workload', window: DEFAULT_WINDOW, hops: 1, idle: false })).toBe(
      '/api/v1/graph',
    )
    expect(apiPaths.graph({ namespaces: ['b', 'a', 'b'] })).toBe(apiPaths.graph({ namespaces: ['a', 'b'] }))
  })

  it('stay readable', () => {
    expect(apiPaths.graph({ namespaces: ['a', 'b'], focus: 'east/shop/workload/cart' })).toBe(
      '/api/v1/graph?namespaces=a,b&focus=east/shop/workload/cart',
    )
  })

  it('keep names with odd characters whole', () => {
    const source = 'east/shop/workload/a%2Fb&c=d?#"'
    const path = apiPaths.edgeMetrics({ source, target: 'east/shop/workload/+x y', protocol: 'http' })
    expect(EdgeMetricsQuery.parse(queryOf(path))).toMatchObject({ source, target: 'east/shop/workload/+x y' })
    const item = apiPaths.item('workloads', { cluster: 'a/b', namespace: 'ü', name: '..' })
    expect(item).toBe('/api/v1/workloads/a%2Fb/%C3%BC/..')
  })

  it('take filters of traces', () => {
    const filter = { service: 'a b', window: '30m', limit: 5, minDurationMs: 1.5, errors: true } as const
    expect(TraceQuery.parse(queryOf(apiPaths.traces(filter)))).toEqual(filter)
  })

  it('belong to a route each', () => {
    const paths = [
      apiPaths.graph(),
      apiPaths.graphStream(),
      apiPaths.namespaces(),
      apiPaths.items('apps'),
      apiPaths.item('services', { cluster: 'a', namespace: 'b', name: 'c' }),
      apiPaths.health(),
      apiPaths.nodeMetrics({ node: 'a/b/workload/c' }),
      apiPaths.traces({ service: 'a' }),
      apiPaths.trace('abc'),
      apiPaths.findings({ namespaces: ['b', 'a'] }),
      apiPaths.status(),
      apiPaths.scenarios(),
      apiPaths.scenario('bad-canary', 'start'),
      apiPaths.openapi(),
    ]
    for (const path of paths) {
      expect(findRoute(new URL(path, 'http://heddle.test').pathname), path).toBeDefined()
    }
    expect(findRoute('/api/v1/nothing')).toBeUndefined()
  })
})

describe('addresses of pages', () => {
  it('lead from a node to its page', () => {
    expect(pagePaths.findNode('east/shop/workload/cart-v1', { window: '5m' })).toBe(
      '/workloads/east/shop/cart-v1?window=5m',
    )
    expect(pagePaths.findNode('east/shop/app/cart/v1')).toBe('/apps/east/shop/cart')
    expect(pagePaths.findNode('east/unknown/external/example.com')).toBeUndefined()
    expect(pagePaths.findNode('nonsense')).toBeUndefined()
  })
})

describe('a list of names', () => {
  it('is sorted, without doubles and empties; none mean all', () => {
    expect(ScopeQuery.parse({ namespaces: 'b,a,,b' }).namespaces).toEqual(['a', 'b'])
    expect(ScopeQuery.parse({}).namespaces).toEqual([])
  })
})
