import { expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { createIncremental } from '@/lib/validation/incremental/incremental'
import { readMeshSettings } from '@/lib/validation/world'
import {
  checks,
  destinationRule,
  peerAuthentication,
  pod,
  service,
  serviceEntry,
} from '@/tests/support/checkers/checks'
import { refusedTls } from './refused-tls'

const cart = (version = 'v1', containers = [{ name: 'istio-proxy', image: 'istio/proxyv2' }]) => [
  service('shop/cart', { selector: { app: 'cart' }, ports: [{ port: 80 }] }),
  pod(`shop/cart-${version}`, { app: 'cart', version }, { containers }),
]
const strict = (name = 'shop/default', more: object = {}) =>
  peerAuthentication(name, { mtls: { mode: 'STRICT' }, ...more })
const tls = (mode: string) => ({ tls: { mode } })
const port = (mode: string, number = 80) => ({ portLevelSettings: [{ port: { number }, ...tls(mode) }] })
const rule = (spec: object, host = 'cart') => destinationRule('shop/cart', { host, ...spec })
const subset = (version: string, trafficPolicy: object) => ({
  name: version,
  labels: { version },
  trafficPolicy,
})
const ofCart = { selector: { matchLabels: { app: 'cart' } } }
const at = ['DestinationRule shop/cart spec.trafficPolicy.tls.mode']

checks(refusedTls, {
  HED0015: {
    fires: {
      'plain text into a namespace or a mesh that is STRICT': {
        objects: [...cart(), strict('istio-system/default'), rule({ trafficPolicy: tls('DISABLE') })],
        at,
      },
      'other TLS, from another namespace': {
        objects: [
          ...cart(),
          strict(),
          destinationRule('web/cart', { host: 'cart.shop.svc.cluster.local', trafficPolicy: tls('SIMPLE') }),
        ],
        at: ['DestinationRule web/cart spec.trafficPolicy.tls.mode'],
      },
      'plain text of a port and of a subset': {
        objects: [
          ...cart(),
          strict(),
          rule({
            trafficPolicy: { ...tls('DISABLE'), ...port('DISABLE') },
            subsets: [subset('v1', tls('DISABLE'))],
          }),
        ],
        at: [
          'DestinationRule shop/cart spec.trafficPolicy.portLevelSettings[0].tls.mode',
          'DestinationRule shop/cart spec.subsets[0].trafficPolicy.tls.mode',
        ],
      },
      'plain text of a subset without labels, which is of all pods': {
        objects: [...cart(), strict(), rule({ subsets: [{ name: 'all', trafficPolicy: tls('DISABLE') }] })],
        at: ['DestinationRule shop/cart spec.subsets[0].trafficPolicy.tls.mode'],
      },
      'mutual TLS into pods that take none': {
        objects: [
          ...cart(),
          strict('istio-system/default'),
          peerAuthentication('shop/cart', { ...ofCart, mtls: { mode: 'DISABLE' } }),
          rule({ trafficPolicy: tls('ISTIO_MUTUAL') }),
        ],
        at,
      },
    },
    silent: {
      'what the pods take': {
        objects: [...cart(), strict(), rule({ trafficPolicy: tls('ISTIO_MUTUAL') })],
      },
      'plain text to pods that take it too': {
        objects: [...cart(), rule({ trafficPolicy: tls('DISABLE') })],
      },
      'a policy of the pods that is PERMISSIVE, or of ports': {
        objects: [
          ...cart(),
          strict(),
          peerAuthentication('shop/cart', { ...ofCart, mtls: { mode: 'PERMISSIVE' } }),
          rule({ trafficPolicy: tls('DISABLE') }),
        ],
      },
      'ports with modes of their own': {
        objects: [
          ...cart(),
          strict('shop/cart', { ...ofCart, portLevelMtls: { 8080: { mode: 'PERMISSIVE' } } }),
          rule({ trafficPolicy: tls('DISABLE') }),
        ],
      },
      'a subset of other pods': {
        objects: [...cart(), strict(), rule({ subsets: [subset('v2', tls('DISABLE'))] })],
      },
      'pods without a sidecar': {
        objects: [...cart('v1', []), strict(), rule({ trafficPolicy: tls('DISABLE') })],
      },
      'a mode that every port overrides': {
        objects: [
          ...cart(),
          strict(),
          rule({ trafficPolicy: { ...tls('DISABLE'), ...port('ISTIO_MUTUAL') } }),
        ],
      },
      'a service without selector, whose endpoints are not known': {
        objects: [
          ...cart().slice(1),
          service('shop/cart', { ports: [{ port: 80 }] }),
          strict(),
          rule({ trafficPolicy: tls('DISABLE') }),
        ],
      },
      'a service entry, be it for the same pods': {
        objects: [
          ...cart().slice(1),
          serviceEntry('shop/cart', {
            hosts: ['cart.example.com'],
            ports: [{ number: 80 }],
            workloadSelector: { labels: { app: 'cart' } },
          }),
          strict(),
          rule({ trafficPolicy: tls('DISABLE') }, 'cart.example.com'),
        ],
      },
      'a policy of the mesh with a selector, which Istio ignores': {
        objects: [...cart(), strict('istio-system/cart', ofCart), rule({ trafficPolicy: tls('DISABLE') })],
      },
      'a host nobody knows': { objects: [strict(), rule({ trafficPolicy: tls('DISABLE') }, 'pay')] },
    },
  },
})

it('is not judged anew after edits of policies that change nothing for it', () => {
  const incremental = createIncremental([refusedTls])
  const judge = (...policies: ConfigObject[]) =>
    incremental.update([...objects, ...policies], readMeshSettings(null))
  const objects = [...cart(), rule({ trafficPolicy: tls('DISABLE') })]
  const mesh = strict('istio-system/default')
  const first = judge(strict(), mesh)
  expect(first).toHaveLength(1)
  // an edit makes a new object
  expect(judge(strict(), mesh)[0]).toBe(first[0])
  // nobody asks the mesh's where the namespace has its own
  expect(
    judge(strict(), peerAuthentication('istio-system/default', { mtls: { mode: 'PERMISSIVE' } }))[0],
  ).toBe(first[0])
  expect(judge(peerAuthentication('shop/default', { mtls: { mode: 'PERMISSIVE' } }), mesh)).toEqual([])
})
