import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '@/lib/demo/model'
import {
  deployment,
  namespace,
  startCluster,
  virtualService,
} from '@/tests/support/kubernetes/kubernetes-cluster'

const VS = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices'
const DEPLOYMENTS = '/apis/apps/v1/namespaces/shop/deployments'
const MERGE = { 'Content-Type': 'application/merge-patch+json' }
const JSON_PATCH = { 'Content-Type': 'application/json-patch+json' }
const STRATEGIC = { 'Content-Type': 'application/strategic-merge-patch+json' }
const APPLY = { 'Content-Type': 'application/apply-patch+yaml' }

function weights(...list: number[]) {
  return list.map((weight, index) => ({ destination: { host: 'cart', subset: `v${index + 1}` }, weight }))
}

describe('writes to the Kubernetes API', () => {
  it('creates in any version, keeps the preferred one, records who did it', async () => {
    const { call, store } = await startCluster()
    const answer = await call('POST', `${VS.replace('/v1/', '/v1alpha3/')}?fieldManager=heddle`, {
      ...virtualService('cart'),
      apiVersion: 'networking.istio.io/v1alpha3',
    })
    expect([answer.status, answer.body.apiVersion]).toEqual([201, 'networking.istio.io/v1alpha3'])
    expect(store.list('VirtualService')[0]).toMatchObject({
      apiVersion: 'networking.istio.io/v1',
      metadata: { generation: 1, managedFields: [{ manager: 'heddle', operation: 'Update' }] },
    })
  })

  it('keeps no empty maps and lists of metadata', async () => {
    const { call, store } = await startCluster()
    await call('POST', VS, virtualService('labelled', {}, { labels: { a: 'b' }, finalizers: [] }))
    const answer = await call('PATCH', `${VS}/labelled`, { metadata: { labels: { a: null } } }, MERGE)
    expect(answer.status).toBe(200)
    const { metadata } = store.list('VirtualService').find((one) => one.metadata.name === 'labelled') ?? {}
    expect(Object.keys(metadata ?? {})).not.toContain('labels')
    expect(Object.keys(metadata ?? {})).not.toContain('finalizers')
  })

  it.each([
    ['a name that is taken', 'POST', VS, virtualService('cart'), 409, 'AlreadyExists'],
    [
      'a namespace that is not there',
      'POST',
      VS.replace('shop', 'void'),
      virtualService('x', {}, { namespace: 'void' }),
      404,
      'NotFound',
    ],
    [
      'a body of another namespace',
      'POST',
      VS,
      virtualService('x', {}, { namespace: 'other' }),
      400,
      'BadRequest',
    ],
    ['a body of another name', 'PUT', `${VS}/cart`, virtualService('other'), 400, 'BadRequest'],
    ['a body of another kind', 'POST', VS, deployment('x'), 400, 'BadRequest'],
    ['a body that is no JSON', 'POST', VS, '{', 400, 'BadRequest'],
    ['an update without resourceVersion', 'PUT', `${VS}/cart`, virtualService('cart'), 422, 'Invalid'],
    [
      'a stale resourceVersion',
      'PUT',
      `${VS}/cart`,
      virtualService('cart', {}, { resourceVersion: '1' }),
      409,
      'Conflict',
    ],
    ['an update of nothing', 'PUT', `${VS}/nobody`, virtualService('nobody'), 404, 'NotFound'],
    ['a wrong dryRun', 'POST', `${VS}?dryRun=Some`, virtualService('x'), 422, 'Invalid'],
    ['a bad name', 'POST', VS, virtualService('Not_Good'), 422, 'Invalid'],
  ])('refuses %s', async (_name, method, path, body, status, reason) => {
    const { call, store } = await startCluster([virtualService('cart'), namespace('other')])
    const before = store.revision
    const answer = await call(method, path, body)
    expect([answer.status, answer.body.reason]).toEqual([status, reason])
    expect(store.revision).toBe(before)
  })

  it('lets only one of two editors win', async () => {
    const { call } = await startCluster([virtualService('cart')])
    const { body } = await call('GET', `${VS}/cart`)
    const first = await call('PUT', `${VS}/cart`, {
      ...body,
      spec: { ...(body.spec as object), hosts: ['first'] },
    })
    const second = await call('PUT', `${VS}/cart`, {
      ...body,
      spec: { ...(body.spec as object), hosts: ['second'] },
    })
    expect([first.status, second.status]).toEqual([200, 409])
    expect(second.body.message).toBe(
      'Operation cannot be fulfilled on virtualservices.networking.istio.io "cart": the object has been modified; please apply your changes to the latest version and try again',
    )
    const guarded = await call(
      'PATCH',
      `${VS}/cart`,
      { metadata: { resourceVersion: body.metadata?.resourceVersion }, spec: { hosts: ['third'] } },
      MERGE,
    )
    expect(guarded.status).toBe(409)
  })

  it.each([
    ['merge', MERGE, { spec: { hosts: ['new'] } }],
    ['JSON', JSON_PATCH, [{ op: 'replace', path: '/spec/hosts/0', value: 'new' }]],
    ['apply', APPLY, 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec:\n  hosts: [new]\n'],
  ])('patches by %s, raising generation', async (_name, headers, patch) => {
    const { call, store } = await startCluster([virtualService('cart')])
    const answer = await call('PATCH', `${VS}/cart?fieldManager=me&force=true`, patch, headers)
    expect(answer.status).toBe(200)
    expect(store.list('VirtualService')[0]).toMatchObject({
      spec: { hosts: ['new'] },
      metadata: { generation: 2 },
    })
  })

  it('refuses strategic merge of custom objects and takes it for built-in ones', async () => {
    const { call, store } = await startCluster([virtualService('cart'), deployment('cart')])
    expect((await call('PATCH', `${VS}/cart`, { spec: {} }, STRATEGIC)).status).toBe(415)
    const patch = {
      spec: { template: { spec: { containers: [{ name: 'cart', image: 'example/cart:2' }] } } },
    }
    expect((await call('PATCH', `${DEPLOYMENTS}/cart`, patch, STRATEGIC)).status).toBe(200)
    expect(store.list('Deployment')[0]).toMatchObject(patch)
    expect(store.list('ReplicaSet')).toHaveLength(2)
  })

  it('names whose fields an apply would take', async () => {
    const { call } = await startCluster()
    await call('POST', `${VS}?fieldManager=alice`, virtualService('cart'))
    const config = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: { hosts: ['bob'] } }
    const refused = await call('PATCH', `${VS}/cart?fieldManager=bob`, config, APPLY)
    expect(refused.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      details: {
        causes: [{ reason: 'FieldManagerConflict', field: '.spec.hosts', message: 'conflict with "alice"' }],
      },
    })
    expect((await call('PATCH', `${VS}/cart`, config, APPLY)).status).toBe(422)
    const created = await call('PATCH', `${VS}/fresh?fieldManager=bob`, virtualService('fresh'), APPLY)
    expect(created.status).toBe(201)
  })

  it.each([
    ['POST', VS, virtualService('fresh')],
    ['PATCH', `${VS}/cart`, { spec: { hosts: ['new'] } }],
    ['DELETE', `${VS}/cart`, undefined],
    ['DELETE', VS, undefined],
  ])('writes nothing at dryRun=All: %s %s', async (method, path, body) => {
    const { call, store } = await startCluster([virtualService('cart')])
    const before = store.revision
    const answer = await call(method, `${path}?dryRun=All`, body, method === 'PATCH' ? MERGE : {})
    expect(answer.status).toBeLessThan(300)
    expect(store.revision).toBe(before)
    const refused = await call('POST', `${VS}?dryRun=All`, virtualService('cart'))
    expect(refused.body.reason).toBe('AlreadyExists')
  })

  it('answers a dry run with what would be stored', async () => {
    const { call } = await startCluster([virtualService('cart')])
    const answer = await call('PATCH', `${VS}/cart?dryRun=All`, { spec: { hosts: ['new'] } }, MERGE)
    expect(answer.body).toMatchObject({ spec: { hosts: ['new'] }, metadata: { generation: 2 } })
  })

  it.each([
    ['Strict', 400, null],
    ['Warn', 201, '299 - "unknown field \\"spec.hostz\\""'],
    ['Ignore', 201, null],
  ])('treats unknown fields by fieldValidation=%s', async (mode, status, warning) => {
    const { call, store } = await startCluster()
    const answer = await call(
      'POST',
      `${VS}?fieldValidation=${mode}`,
      virtualService('cart', { hostz: ['x'] }),
    )
    expect([answer.status, answer.headers.get('warning')]).toEqual([status, warning])
    for (const object of store.list('VirtualService')) expect(object.spec).not.toHaveProperty('hostz')
  })

  it('says which field breaks the schema and how', async () => {
    const { call } = await startCluster()
    const spec = { hosts: 'cart', http: [{ route: [{ destination: {}, weight: 'ten' }] }] }
    expect((await call('POST', VS, virtualService('cart', spec))).body).toMatchObject({
      code: 422,
      reason: 'Invalid',
      details: {
        name: 'cart',
        group: 'networking.istio.io',
        kind: 'VirtualService',
        causes: [
          { reason: 'FieldValueTypeInvalid', field: 'spec.hosts' },
          {
            reason: 'FieldValueRequired',
            field: 'spec.http[0].route[0].destination.host',
            message: 'Required value',
          },
          { reason: 'FieldValueTypeInvalid', field: 'spec.http[0].route[0].weight' },
        ],
      },
    })
  })

  it("refuses in the name of Istio's webhook", async () => {
    const { call } = await startCluster()
    const answer = await call('POST', VS, virtualService('cart', { http: [{ route: weights(110, -10) }] }))
    expect([answer.status, answer.body.message]).toEqual([
      400,
      'admission webhook "validation.istio.io" denied the request: configuration is invalid: weight -10 < 0',
    ])
  })

  it('keeps status and spec apart', async () => {
    const { call, store } = await startCluster([virtualService('cart')])
    await call('PATCH', `${VS}/cart`, { status: { observedGeneration: 9 } }, MERGE)
    expect(store.list('VirtualService')[0]?.status).toBeUndefined()
    await call(
      'PATCH',
      `${VS}/cart/status`,
      { spec: { hosts: ['x'] }, status: { observedGeneration: 9 } },
      MERGE,
    )
    expect(store.list('VirtualService')[0]).toMatchObject({
      spec: { hosts: ['cart'] },
      status: { observedGeneration: 9 },
      metadata: { generation: 1 },
    })
  })

  it('scales through the subresource, and pods follow', async () => {
    const { call, store, advance } = await startCluster([deployment('cart', 1)])
    const scale = await call('GET', `${DEPLOYMENTS}/cart/scale`)
    expect(scale.body).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 1 },
      status: { selector: 'app=cart' },
    })
    await call('PATCH', `${DEPLOYMENTS}/cart/scale`, { spec: { replicas: 3 } }, MERGE)
    advance(60_000)
    expect(store.list('Pod', 'shop')).toHaveLength(3)
    await call('PUT', `${DEPLOYMENTS}/cart/scale`, { ...scale.body, spec: { replicas: 0 } })
    expect(store.list('Pod', 'shop')).toHaveLength(3)
    await call('PATCH', `${DEPLOYMENTS}/cart/scale`, { spec: { replicas: 0 } }, MERGE)
    expect(store.list('Pod', 'shop')).toEqual([])
  })

  it('refuses built-in objects that cannot work', async () => {
    const { call } = await startCluster([deployment('cart')])
    const broken = deployment('x')
    ;(broken.spec as { selector: unknown }).selector = { matchLabels: { app: 'other' } }
    expect((await call('POST', DEPLOYMENTS, broken)).body.message).toContain(
      '`selector` does not match template `labels`',
    )
    const typed = { ...deployment('x'), spec: { ...(deployment('x').spec as object), replicas: 'two' } }
    expect((await call('POST', DEPLOYMENTS, typed)).body).toMatchObject({ code: 400, reason: 'BadRequest' })
    const bare = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'x' }, spec: {} }
    expect((await call('POST', DEPLOYMENTS, bare)).body.details).toMatchObject({
      causes: [
        { field: 'spec.selector', reason: 'FieldValueRequired' },
        { field: 'spec.template', reason: 'FieldValueRequired' },
      ],
    })
    const services = '/api/v1/namespaces/shop/services'
    const service: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: '9lives' },
      spec: { ports: [{ port: 0 }] },
    }
    expect((await call('POST', services, service)).body.details).toMatchObject({
      causes: [{ field: 'metadata.name' }, { field: 'spec.ports[0].port' }],
    })
  })

  it('deletes with preconditions, collections by selector, and whole namespaces', async () => {
    const { call, store } = await startCluster([
      virtualService('a', {}, { labels: { x: '1' } }),
      virtualService('b'),
      deployment('cart', 2),
    ])
    const refused = await call('DELETE', `${VS}/a`, { preconditions: { resourceVersion: '1' } })
    expect(refused.status).toBe(409)
    expect((await call('DELETE', `${VS}?labelSelector=x%3D1`)).body.items).toHaveLength(1)
    expect(store.list('VirtualService').map((object) => object.metadata.name)).toEqual(['b'])
    const gone = await call('DELETE', `${VS}/b`)
    expect(gone.body).toMatchObject({
      kind: 'Status',
      status: 'Success',
      details: { name: 'b', kind: 'virtualservices' },
    })
    await call('DELETE', '/api/v1/namespaces/shop')
    expect((await call('GET', '/api/v1/namespaces/shop')).status).toBe(404)
    expect(store.list('Pod')).toEqual([])
  })

  it('keeps pods of a workload deleted alone', async () => {
    const { call, store } = await startCluster([deployment('cart', 2)])
    await call('DELETE', `${DEPLOYMENTS}/cart?propagationPolicy=Orphan`)
    expect(store.list('ReplicaSet')).toHaveLength(1)
    expect(store.list('Pod')).toHaveLength(2)
  })

  it('refuses bodies beyond its bound', async () => {
    const { call } = await startCluster()
    const answer = await call('POST', VS, `"${'x'.repeat(4 * 1024 * 1024)}"`)
    expect([answer.status, answer.body.reason]).toEqual([413, 'RequestEntityTooLarge'])
  })
})
