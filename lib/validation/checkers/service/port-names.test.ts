import { checks, service } from '@/tests/support/checkers/checks'
import { portNames } from './port-names'

const of = (port: object, name = 'shop/web', rest: object = {}, metadata = {}) =>
  service(name, { ports: [{ port: 8080, ...port }], ...rest }, metadata)
const external = (port: object) =>
  of(port, 'shop/db', { type: 'ExternalName', externalName: 'db.example.com' })

checks(portNames, {
  IST0118: {
    fires: {
      'no name': { objects: [of({})], at: ['Service shop/web spec.ports[0].name'] },
      'a name that says no protocol': {
        objects: [of({ name: 'web-http' })],
        at: ['Service shop/web spec.ports[0].name'],
      },
      'an unknown appProtocol over a good name': {
        objects: [of({ name: 'http', appProtocol: 'example.com/own' })],
        at: ['Service shop/web spec.ports[0].name'],
      },
    },
    silent: {
      'protocols, alone and as prefix, in any case': {
        objects: [
          'http',
          'HTTP2-x',
          'grpc-web',
          'grpc-web-x',
          'tcp-y',
          'tls',
          'mongo',
          'redis',
          'mysql',
          'https-z',
        ].map((name, i) => of({ name }, `shop/s${i}`)),
      },
      appProtocol: {
        objects: [of({ appProtocol: 'http' }), of({ appProtocol: 'kubernetes.io/h2c' }, 'shop/b')],
      },
      'UDP and ports whose servers speak first': {
        objects: [of({ protocol: 'UDP' }), of({ port: 3306 }, 'shop/b'), of({ port: 53 }, 'shop/c')],
      },
      'system namespaces, the control plane and managed gateways': {
        objects: [
          of({}, 'kube-system/dns'),
          of({}, 'istio-system/istiod', {}, { labels: { istio: 'pilot' } }),
          of({}, 'shop/front', {}, { labels: { 'gateway.istio.io/managed': 'istio.io-gateway-controller' } }),
        ],
      },
      'ExternalName, which has its own code': { objects: [external({})] },
    },
  },
  IST0150: {
    fires: {
      'no name': { objects: [external({})], at: ['Service shop/db spec.ports[0].name'] },
      'plain tcp': { objects: [external({ name: 'tcp' })], at: ['Service shop/db spec.ports[0].name'] },
    },
    silent: {
      'http and tls': {
        objects: [external({ name: 'http' }), of({ name: 'tls' }, 'shop/b', { type: 'ExternalName' })],
      },
      'tcp of an ordinary service': { objects: [of({ name: 'tcp' })] },
    },
  },
})
