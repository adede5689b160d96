import {
  checks,
  destinationRule,
  object,
  pod,
  service,
  virtualService,
} from '@/tests/support/checkers/checks'
import { trafficDestinations } from './destinations'

const cart = service('shop/cart', { ports: [{ port: 80 }], selector: { app: 'cart' } })
const rule = (tls: string) =>
  destinationRule('shop/cart', {
    host: 'cart',
    trafficPolicy: { tls: { mode: tls } },
    subsets: [{ name: 'v2', labels: { version: 'v2' } }],
  })
const proxied = pod('shop/a', { app: 'cart' }, { containers: [{ name: 'istio-proxy', image: 'p' }] })
const bare = pod('shop/b', { app: 'cart' }, { containers: [{ name: 'app' }] })
const v2 = (status: string) =>
  object(
    'v1',
    'Pod',
    'shop/c',
    { containers: [] },
    { labels: { app: 'cart', version: 'v2' } },
    { status: { conditions: [{ type: 'Ready', status }] } },
  )
const route = (weight: number) =>
  virtualService('shop/cart', {
    http: [
      {
        route: [
          { destination: { host: 'cart', subset: 'v2' }, weight },
          { destination: { host: 'cart' }, weight: 100 - weight },
        ],
      },
    ],
  })

checks(trafficDestinations, {
  HED0002: {
    fires: {
      'a pod without proxy': {
        objects: [cart, proxied, bare, rule('ISTIO_MUTUAL')],
        at: ['DestinationRule shop/cart spec.trafficPolicy.tls.mode'],
      },
    },
    silent: {
      'pods with proxies': { objects: [cart, proxied, rule('ISTIO_MUTUAL')] },
      'no TLS asked for': { objects: [cart, bare, rule('DISABLE')] },
    },
  },
  HED0003: {
    fires: {
      'no pod is ready': {
        objects: [cart, v2('False'), rule('DISABLE'), route(10)],
        at: ['VirtualService shop/cart spec.http[0].route[0].weight'],
      },
    },
    silent: {
      'a ready pod': { objects: [cart, v2('True'), rule('DISABLE'), route(10)] },
      'no weight': { objects: [cart, v2('False'), rule('DISABLE'), route(0)] },
      'no pods at all, which is another code': { objects: [cart, rule('DISABLE'), route(10)] },
    },
  },
})
