import { checks, object, virtualService } from '@/tests/support/checkers/checks'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import { callChains } from './chains'

const route = (service: string, rule: object, spec: object = {}) =>
  virtualService(`shop/${service}`, {
    hosts: [service],
    http: [{ route: [{ destination: { host: service } }], ...rule }],
    ...spec,
  })
const httpRoute = (service: string, request: string) =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', `shop/${service}`, {
    rules: [{ timeouts: { request }, backendRefs: [{ name: service, port: 80 }] }],
  })
const shop = (service: string) => ({ namespace: 'shop', service })
const calls = {
  observed: { ...NOTHING_OBSERVED, calls: [{ caller: shop('cart'), callee: shop('stock') }] },
}
const patient = { timeout: '5s', retries: { attempts: 2, perTryTimeout: '2s' } }

checks(callChains, {
  HED0013: {
    fires: {
      'a timeout longer than the callers of the caller wait': {
        objects: [route('cart', { timeout: '3s' }), route('stock', { timeout: '5s' })],
        options: calls,
        at: ['VirtualService shop/stock spec.http[0].timeout'],
      },
      'tries that together take longer': {
        objects: [
          route('cart', { timeout: '3s' }),
          route('stock', { retries: { attempts: 2, perTryTimeout: '2s' } }),
        ],
        options: calls,
        at: ['VirtualService shop/stock spec.http[0].retries'],
      },
      'rules of the Gateway API': {
        objects: [httpRoute('cart', '1s'), httpRoute('stock', '2s')],
        options: calls,
        at: ['HTTPRoute shop/stock spec.rules[0].timeouts'],
      },
    },
    silent: {
      'tries that fit': {
        objects: [route('cart', { timeout: '6s' }), route('stock', patient)],
        options: calls,
      },
      'a timeout that ends the tries in time': {
        objects: [route('cart', { timeout: '5s' }), route('stock', patient)],
        options: calls,
      },
      'callers that wait as long as it takes': {
        objects: [route('cart', {}), route('stock', patient)],
        options: calls,
      },
      'one rule of several that waits for as long as it takes': {
        objects: [
          route('cart', { timeout: '1s' }),
          virtualService('shop/cart-testers', { http: [{ route: [{ destination: { host: 'cart' } }] }] }),
          route('stock', patient),
        ],
        options: calls,
      },
      'a route for a gateway, which no service takes': {
        objects: [
          route('cart', { timeout: '1s' }),
          route('stock', { timeout: '5s' }, { gateways: ['istio-system/ingress'] }),
        ],
        options: calls,
      },
      'services that nobody saw call one another': {
        objects: [route('cart', { timeout: '1s' }), route('stock', patient)],
        options: { observed: { ...NOTHING_OBSERVED, calls: [] } },
      },
      'nothing measured': { objects: [route('cart', { timeout: '1s' }), route('stock', patient)] },
    },
  },
})
