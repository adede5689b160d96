import { describe, expect, it } from 'vitest'
import { namespace, startCluster, virtualService } from '@/tests/support/kubernetes/kubernetes-cluster'

const PAYMENTS = '/apis/networking.istio.io/v1/namespaces/payments/virtualservices'
const SHOP = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices'

const cluster = () =>
  startCluster([
    namespace('payments'),
    virtualService('a'),
    virtualService('a', {}, { namespace: 'payments' }),
  ])

const bearer = (token: string | null): Record<string, string> =>
  token === null ? {} : { Authorization: `Bearer ${token}` }

describe('users of the embedded cluster', () => {
  it.each([
    [null, 'DELETE', `${SHOP}/a`, 200],
    ['demo-admin', 'DELETE', `${SHOP}/a`, 200],
    ['demo-viewer', 'GET', SHOP, 200],
    ['demo-viewer', 'DELETE', `${SHOP}/a`, 403],
    ['demo-viewer', 'GET', '/api/v1/secrets', 403],
    ['demo-payments', 'DELETE', `${PAYMENTS}/a`, 200],
    ['demo-payments', 'DELETE', `${SHOP}/a`, 403],
    ['demo-payments', 'GET', SHOP, 200],
    ['demo-payments', 'GET', '/api/v1/namespaces/payments/secrets', 200],
    ['demo-payments', 'GET', '/api/v1/secrets', 403],
    ['stranger', 'GET', SHOP, 401],
  ])('%s: %s %s answers %i, and the access review agrees', async (token, method, path, status) => {
    const { call } = await cluster()
    const [, , group = '', , namespace = '', resource = ''] =
      /^(\/apis\/([^/]+)|\/api)\/(v1)(?:\/namespaces\/([^/]+))?\/([^/]+)/.exec(path) ?? []
    const review = await call(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        spec: {
          resourceAttributes: { verb: method === 'GET' ? 'list' : 'delete', group, namespace, resource },
        },
      },
      bearer(token),
    )
    if (status !== 401) expect(review.body.status).toMatchObject({ allowed: status === 200 })
    expect((await call(method, path, undefined, bearer(token))).status).toBe(status)
  })

  it('says who may not do what, as Kubernetes does', async () => {
    const { call } = await cluster()
    const { body } = await call('DELETE', `${SHOP}/a`, undefined, bearer('demo-viewer'))
    expect(body).toMatchObject({
      reason: 'Forbidden',
      code: 403,
      message:
        'virtualservices.networking.istio.io "a" is forbidden: User "demo-viewer" cannot delete resource "virtualservices" in API group "networking.istio.io" in the namespace "shop"',
    })
  })

  it('reviews tokens and the user itself', async () => {
    const { call } = await cluster()
    const review = (token: string) =>
      call('POST', '/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token } })
    expect((await review('demo-viewer')).body.status).toMatchObject({
      authenticated: true,
      user: { username: 'demo-viewer' },
    })
    expect((await review('nonsense')).body.status).not.toHaveProperty('authenticated')
    const self = await call(
      'POST',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      {},
      bearer('demo-payments'),
    )
    expect(self.body.status).toMatchObject({ userInfo: { username: 'demo-payments' } })
    const rules = await call(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
      { spec: { namespace: 'shop' } },
      bearer('demo-payments'),
    )
    expect(JSON.stringify(rules.body.status)).not.toContain('"verbs":["*"]')
  })

  it('lets only the administrator act as another', async () => {
    const { call } = await cluster()
    const as = (token: string | null, user: string) =>
      call('GET', '/api/v1/secrets', undefined, { ...bearer(token), 'Impersonate-User': user })
    expect((await as(null, 'demo-viewer')).status).toBe(403)
    expect((await as('demo-viewer', 'demo-admin')).status).toBe(403)
  })
})
