import { describe, expect, it } from 'vitest'
import {
  deployment,
  namespace,
  startCluster,
  virtualService,
} from '@/tests/support/kubernetes/kubernetes-cluster'

const VS = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices'

describe('reads of the Kubernetes API', () => {
  it('answers every served version of a kind', async () => {
    const { call } = await startCluster([virtualService('cart')])
    for (const version of ['v1', 'v1beta1', 'v1alpha3']) {
      const { body } = await call('GET', `/apis/networking.istio.io/${version}/virtualservices`)
      expect(body).toMatchObject({ kind: 'VirtualServiceList', apiVersion: `networking.istio.io/${version}` })
      expect(body.items?.map((item) => item.apiVersion)).toEqual([`networking.istio.io/${version}`])
    }
    expect((await call('GET', '/apis/networking.istio.io/v2/virtualservices')).status).toBe(404)
  })

  it('lists a namespace, all namespaces, and by selectors', async () => {
    const { call } = await startCluster([
      namespace('other'),
      virtualService('a', {}, { labels: { team: 'red' } }),
      virtualService('b', {}, { labels: { team: 'blue' } }),
      virtualService('c', {}, { namespace: 'other' }),
    ])
    const names = async (path: string) =>
      (await call('GET', path)).body.items?.map((item) => item.metadata.name)
    expect(await names(VS)).toEqual(['a', 'b'])
    expect(await names('/apis/networking.istio.io/v1/virtualservices')).toEqual(['c', 'a', 'b'])
    expect(await names(`${VS}?labelSelector=${encodeURIComponent('team in (blue)')}`)).toEqual(['b'])
    expect(await names(`${VS}?fieldSelector=metadata.name%3Da`)).toEqual(['a'])
    expect((await call('GET', `${VS}?fieldSelector=spec.hosts%3Da`)).status).toBe(400)
  })

  it('pages through a list as it was when the first page was read', async () => {
    const { call, store } = await startCluster(['a', 'b', 'c', 'd', 'e'].map((name) => virtualService(name)))
    const first = await call('GET', `${VS}?limit=2`)
    expect(first.body.metadata).toMatchObject({ remainingItemCount: 3 })
    store.delete({ kind: 'VirtualService', namespace: 'shop', name: 'c' })
    store.create(virtualService('bb'))
    const seen = first.body.items?.map((item) => item.metadata.name) ?? []
    let token = first.body.metadata?.continue
    while (typeof token === 'string') {
      const page = await call('GET', `${VS}?limit=2&continue=${token}`)
      expect(page.body.metadata?.resourceVersion).toBe(first.body.metadata?.resourceVersion)
      seen.push(...(page.body.items?.map((item) => item.metadata.name) ?? []))
      token = page.body.metadata?.continue
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('answers 410 for a page whose time is forgotten, 400 for a token it never gave', async () => {
    const { call, store } = await startCluster(
      ['a', 'b'].map((name) => virtualService(name)),
      { historyLimit: 2 },
    )
    const token = String((await call('GET', `${VS}?limit=1`)).body.metadata?.continue)
    for (let n = 0; n < 20; n += 1) store.create(virtualService(`x${n}`))
    const late = await call('GET', `${VS}?limit=1&continue=${token}`)
    expect([late.status, late.body.reason]).toEqual([410, 'Expired'])
    expect((await call('GET', `${VS}?continue=nonsense`)).status).toBe(400)
    expect((await call('GET', `${VS}?limit=many`)).status).toBe(400)
  })

  it('forms NotFound as Kubernetes does', async () => {
    const { call } = await startCluster()
    expect((await call('GET', `${VS}/nobody`)).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'virtualservices.networking.istio.io "nobody" not found',
      reason: 'NotFound',
      details: { name: 'nobody', group: 'networking.istio.io', kind: 'virtualservices' },
      code: 404,
    })
    expect((await call('GET', '/apis/unheard.of/v1/things')).status).toBe(404)
    expect((await call('GET', '/api/v1/namespaces/shop/pods/x/exec')).status).toBe(404)
  })

  it('writes tables and bare metadata when asked', async () => {
    const { call } = await startCluster([deployment('cart', 2)])
    const table = await call('GET', '/api/v1/namespaces/shop/pods', undefined, {
      Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    })
    expect(table.body).toMatchObject({
      kind: 'Table',
      columnDefinitions: expect.arrayContaining([expect.objectContaining({ name: 'Ready' })]),
    })
    const rows = table.body.rows as { cells: unknown[]; object: { kind: string } }[]
    expect(rows.map((row) => row.cells.slice(1, 5))).toEqual([
      ['1/1', 'Running', 0, '24h'],
      ['1/1', 'Running', 0, '24h'],
    ])
    expect(rows[0]?.object.kind).toBe('PartialObjectMetadata')
    const metadata = await call('GET', '/apis/apps/v1/deployments', undefined, {
      Accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
    })
    expect(metadata.body.kind).toBe('PartialObjectMetadataList')
    expect(metadata.body.items?.[0]).not.toHaveProperty('spec')
    const neither = await call('GET', '/api/v1/pods', undefined, {
      Accept: 'application/vnd.kubernetes.protobuf',
    })
    expect(neither.status).toBe(406)
  })

  it('lists resources whose names, verbs and versions lead to answers', async () => {
    const { call } = await startCluster()
    const groups = (await call('GET', '/apis')).body.groups as { versions: { groupVersion: string }[] }[]
    const places = [
      '/api/v1',
      ...groups.flatMap((group) => group.versions.map((v) => `/apis/${v.groupVersion}`)),
    ]
    expect(places.length).toBeGreaterThan(15)
    for (const place of places) {
      const list = (await call('GET', place)).body.resources as { name: string; verbs: string[] }[]
      for (const { name, verbs } of list) {
        if (verbs.includes('list'))
          expect([place, name, (await call('GET', `${place}/${name}`)).status]).toEqual([place, name, 200])
      }
    }
  })

  it('reads and tails logs, and says which container to name', async () => {
    const { call, store, advance } = await startCluster([deployment('cart')], {
      logLines: {
        newestFirst: (_pod, container, { sinceMs, untilMs }) =>
          Array.from({ length: Math.floor((untilMs - sinceMs) / 60_000) }, (_none, n) => ({
            atMs: sinceMs + n * 60_000,
            text: `${container} ${n}`,
          })).reverse(),
      },
    })
    advance(1)
    const pod = store.list('Pod')[0]?.metadata.name
    const path = `/api/v1/namespaces/shop/pods/${pod}/log`
    expect((await call('GET', path)).text.split('\n')).toHaveLength(61)
    expect((await call('GET', `${path}?tailLines=1`)).text).toBe('cart 59\n')
    expect((await call('GET', `${path}?sinceSeconds=120&timestamps=true`)).text).toMatch(
      /^2024-05-31T23:58:00\.001000000Z cart 0\n2024-05-31T23:59:00\.001000000Z cart 1\n$/,
    )
    expect((await call('GET', `${path}?container=nobody`)).body.message).toBe(
      `container nobody is not valid for pod ${pod}`,
    )
    expect((await call('GET', `${path}?previous=true`)).status).toBe(400)
  })
})
