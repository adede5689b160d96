import { checks, destinationRule, peerAuthentication } from '@/tests/support/checkers/checks'
import { wideModes } from './wide-modes'

const mesh = { enableAutoMtls: false }
const mode = (name: string, value: string) => peerAuthentication(name, { mtls: { mode: value } })
const asks = (host: string) =>
  destinationRule('istio-system/tls', { host, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } })
const at = (name: string) => [`PeerAuthentication ${name} spec.mtls.mode`]

checks(wideModes, {
  KIA0401: {
    fires: { 'nobody asks': { objects: [mode('istio-system/a', 'STRICT')], mesh, at: at('istio-system/a') } },
    silent: {
      'callers are told': { objects: [mode('istio-system/a', 'STRICT'), asks('*.local')], mesh },
      'automatic mutual TLS': { objects: [mode('istio-system/a', 'STRICT')] },
    },
  },
  KIA0501: {
    fires: {
      'callers of another namespace are told': {
        objects: [mode('shop/a', 'STRICT'), asks('*.books.svc.cluster.local')],
        mesh,
        at: at('shop/a'),
      },
    },
    silent: {
      'callers are told': { objects: [mode('shop/a', 'STRICT'), asks('*.shop.svc.cluster.local')], mesh },
    },
  },
  KIA0505: {
    fires: {
      'callers are told': { objects: [mode('shop/a', 'DISABLE'), asks('*.local')], at: at('shop/a') },
    },
    silent: { 'nobody is told': { objects: [mode('shop/a', 'DISABLE')] } },
  },
  KIA0506: {
    fires: {
      'callers are told': {
        objects: [mode('istio-system/a', 'DISABLE'), asks('*.local')],
        at: at('istio-system/a'),
      },
    },
    silent: {
      'only of a namespace': {
        objects: [mode('istio-system/a', 'DISABLE'), asks('*.shop.svc.cluster.local')],
      },
    },
  },
})
