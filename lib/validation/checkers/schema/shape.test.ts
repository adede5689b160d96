import {
  checks,
  destinationRule,
  gateway,
  k8sGateway,
  object,
  peerAuthentication,
  virtualService,
} from '@/tests/support/checkers/checks'
import { shape } from './shape'

checks(shape, {
  IST0106: {
    fires: {
      'a text where a list belongs': {
        objects: [
          virtualService('shop/a', {
            hosts: 'a',
            http: [{ route: [{ destination: { host: 'a' }, weight: 'x' }] }],
          }),
        ],
        at: ['VirtualService shop/a spec.hosts', 'VirtualService shop/a spec.http[0].route[0].weight'],
      },
      'a fractional weight, whatever the version': {
        objects: [
          object('networking.istio.io/v1beta1', 'VirtualService', 'shop/a', {
            hosts: ['a'],
            http: [{ route: [{ destination: { host: 'a' }, weight: 0.5 }] }],
          }),
        ],
        at: ['VirtualService shop/a spec.http[0].route[0].weight'],
      },
      'a word that is not allowed': {
        objects: [peerAuthentication('shop/a', { mtls: { mode: 'STRICTLY' } })],
        at: ['PeerAuthentication shop/a spec.mtls.mode'],
      },
    },
    silent: {
      'well-formed objects of old and new versions': {
        objects: [
          virtualService('shop/a', { hosts: ['a'], http: [{ route: [{ destination: { host: 'a' } }] }] }),
          object('networking.istio.io/v1alpha3', 'DestinationRule', 'shop/a', {
            host: 'a',
            subsets: [{ name: 'v1' }],
          }),
          destinationRule('shop/b', { host: 'a', trafficPolicy: { tls: { mode: 'SIMPLE' } } }),
        ],
      },
      'a required field and two that exclude each other, which istiod’s rules report': {
        objects: [
          gateway('shop/a', { servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' } }] }),
          virtualService('shop/a', {
            hosts: ['a'],
            http: [{ match: [{ uri: { exact: 'a', prefix: 'a' } }] }],
          }),
        ],
      },
      'a kind of the same name of another group': { objects: [k8sGateway('shop/a', { servers: 'x' })] },
    },
  },
})
