import { checks, destinationRule, peerAuthentication } from '@/tests/support/checkers/checks'
import { wideTls } from './wide-tls'

const mesh = { enableAutoMtls: false }
const rule = (host: string, mode: string) =>
  destinationRule('istio-system/tls', { host, trafficPolicy: { tls: { mode } } })
const demands = (name: string, mode: string) => peerAuthentication(name, { mtls: { mode } })
const shop = '*.shop.svc.cluster.local'
const at = ['DestinationRule istio-system/tls spec.trafficPolicy.tls.mode']

checks(wideTls, {
  KIA0205: {
    fires: { 'no server takes it': { objects: [rule('*.local', 'ISTIO_MUTUAL')], mesh, at } },
    silent: {
      'servers take it': {
        objects: [rule('*.local', 'ISTIO_MUTUAL'), demands('istio-system/a', 'PERMISSIVE')],
        mesh,
      },
      'automatic mutual TLS': { objects: [rule('*.local', 'ISTIO_MUTUAL')] },
    },
  },
  KIA0206: {
    fires: {
      'no server takes it': { objects: [rule(shop, 'ISTIO_MUTUAL'), demands('books/a', 'STRICT')], mesh, at },
    },
    silent: {
      'servers take it': { objects: [rule(shop, 'ISTIO_MUTUAL'), demands('shop/a', 'STRICT')], mesh },
    },
  },
  KIA0207: {
    fires: { 'plaintext to STRICT': { objects: [rule(shop, 'DISABLE'), demands('shop/a', 'STRICT')], at } },
    silent: {
      'plaintext to PERMISSIVE': { objects: [rule(shop, 'DISABLE'), demands('shop/a', 'PERMISSIVE')] },
    },
  },
  KIA0208: {
    fires: {
      'plaintext to a STRICT mesh': {
        objects: [rule(shop, 'DISABLE'), demands('istio-system/a', 'STRICT')],
        at,
      },
    },
    silent: {
      'a namespace that is milder': {
        objects: [
          rule(shop, 'DISABLE'),
          demands('istio-system/a', 'STRICT'),
          demands('shop/a', 'PERMISSIVE'),
        ],
      },
    },
  },
})
