/** Weighted routes of the embedded mesh: what they ask for, what happens, and what an edit does to both. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getSplitsRoute } from '@/app/api/v1/splits/route'
import { apiPaths } from '@/lib/api/paths'
import { SplitList } from '@/lib/api/schemas/config/splits'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { present } from '../../support/present'
import { until } from '../../support/until'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const REVIEWS = 'east/bookinfo/VirtualService/reviews#spec.http[1].route'

describe('weighted routes of the embedded mesh', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(START, { historySeconds: 600 })
  })

  afterAll(async () => {
    await server?.close()
  })

  async function splits(scope: Parameters<typeof apiPaths.splits>[0] = {}): Promise<SplitList> {
    const answer = await getSplitsRoute(new Request(`http://heddle.test${apiPaths.splits(scope)}`))
    const parsed: unknown = await answer.json()
    expect(answer.status, JSON.stringify(parsed).slice(0, 500)).toBe(200)
    return SplitList.parse(parsed)
  }

  const of = (list: SplitList, id: string) => present(list.items.find((item) => item.id === id))

  it('shows configured beside observed, with version and latency', async () => {
    const list = await splits({ window: '5m' })
    const reviews = of(list, REVIEWS)
    expect(reviews).toMatchObject({
      ref: { group: 'networking.istio.io', kind: 'VirtualService', namespace: 'bookinfo', name: 'reviews' },
      path: 'spec.http[1].route',
      host: 'reviews',
      match: 'every request',
      observedOver: 'service',
    })
    expect(reviews.backends.map((each) => [each.version, each.configuredShare, each.workloads])).toEqual([
      ['v1', 0.8, ['reviews-v1']],
      ['v2', 0.1, ['reviews-v2']],
      ['v3', 0.1, ['reviews-v3']],
    ])
    const total = reviews.backends.reduce((sum, each) => sum + (each.observedShare ?? 0), 0)
    expect(total).toBeCloseTo(1, 6)
    expect(reviews.backends[0]?.observedShare).toBeGreaterThan(0.7)
    expect(reviews.backends[0]?.latencyMs?.p99).toBeGreaterThan(0)
    expect(of(list, REVIEWS.replace('[1]', '[0]')).match).toBe('header end-user is jason')
    expect(list.notices.map((notice) => notice.code)).toEqual(['observed-per-service'])
  })

  it('shows routes of the Gateway API, also through a waypoint', async () => {
    const routes = (await splits({ namespaces: ['inventory'] })).items
    expect(new Set(routes.map((item) => item.ref.kind))).toEqual(new Set(['HTTPRoute']))
    for (const item of routes) {
      for (const { configuredShare, observedShare } of item.backends) {
        expect(Math.abs((observedShare ?? -1) - configuredShare), item.id).toBeLessThan(0.1)
      }
    }
    expect(routes.length).toBeGreaterThan(0)
  })

  it('knows of rules elsewhere that share the traffic of those asked for', async () => {
    const object = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'fraud-check-elsewhere', namespace: 'bookinfo' },
      spec: {
        hosts: ['fraud-check.payments.svc.cluster.local'],
        http: [
          {
            match: [{ uri: { prefix: '/none' } }],
            route: [
              { destination: { host: 'fraud-check.payments.svc.cluster.local' }, weight: 50 },
              { destination: { host: 'details' }, weight: 50 },
            ],
          },
        ],
      },
    }
    const path = `${server.demo.kubernetesUrl}/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices`
    const headers = { 'content-type': 'application/json' }
    const sharing = async () =>
      (await splits({ namespaces: ['payments'] })).items.map((item) => [item.ref.name, item.observedOver])
    expect(await sharing()).toEqual([['fraud-check', 'route']])
    const made = await fetch(path, { method: 'POST', headers, body: JSON.stringify(object) })
    expect(made.status).toBe(201)
    try {
      await until('the rule elsewhere is known', async () =>
        (await sharing()).some(([, over]) => over === 'service') ? true : undefined,
      )
      expect(await sharing()).toEqual([['fraud-check', 'service']])
    } finally {
      await fetch(`${path}/fraud-check-elsewhere`, { method: 'DELETE' })
      await until('the rule elsewhere is gone', async () =>
        (await sharing()).every(([, over]) => over === 'route') ? true : undefined,
      )
    }
  })

  it('keeps to the namespaces asked for', async () => {
    const { items } = await splits({ namespaces: ['payments'] })
    expect(items.map((item) => item.ref.name)).toEqual(['fraud-check'])
    expect((await splits({ clusters: ['west'] })).items).toEqual([])
  })

  it.each([
    ['east/bookinfo/service/reviews', ['reviews']],
    ['east/bookinfo/app/reviews/v3', ['reviews']],
    ['east/bookinfo/workload/reviews-v3', ['reviews']],
    ['east/bookinfo/workload/details-v1', []],
    ['west/bookinfo/service/reviews', []],
  ])('answers of %s alone what sends to it, the same as among all', async (node, names) => {
    const [all, own] = [await splits(), await splits({ node })]
    expect(own.items.map(({ ref }) => ref.name)).toEqual(names)
    for (const item of own.items) expect(item).toEqual(of(all, item.id))
    const configured = await splits({ node, observed: false })
    expect(configured.items.map(({ id }) => id)).toEqual(own.items.map(({ id }) => id))
  })

  it('refuses what is no node', async () => {
    const answer = await getSplitsRoute(new Request('http://heddle.test/api/v1/splits?node=reviews'))
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { parameter: 'node' } }])
  })

  it('shows an edit at once and the traffic following it', async () => {
    const object = `${server.demo.kubernetesUrl}/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/ratings`
    const id = 'east/bookinfo/VirtualService/ratings#spec.http[0].route'
    const before = of(await splits(), id)
    expect(before.backends.map((each) => each.configuredShare)).toEqual([0.7, 0.3])
    expect(before.observedOver).toBe('route')
    const patch = [
      { op: 'replace', path: '/spec/http/0/route/0/weight', value: 1 },
      { op: 'replace', path: '/spec/http/0/route/1/weight', value: 1 },
    ]
    const edited = await fetch(object, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json-patch+json' },
      body: JSON.stringify(patch),
    })
    expect(edited.status).toBe(200)
    const changed = await until('the edit is seen', async () => {
      const now = of(await splits(), id)
      return now.backends[0]?.configuredShare === 0.5 ? now : undefined
    })
    // nothing has been measured since
    expect(changed.backends[0]?.observedShare).toBeCloseTo(before.backends[0]?.observedShare ?? -1, 6)
    await server.pass(300)
    const followed = await until('the traffic follows', async () => {
      const now = of(await splits(), id)
      return (now.backends[1]?.observedShare ?? 0) > 0.42 ? now : undefined
    })
    expect(followed.backends[1]?.observedShare).toBeLessThan(0.58)
  })
})
