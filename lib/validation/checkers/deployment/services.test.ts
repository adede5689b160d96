import { checks, deployment, namespace, service } from '@/tests/support/checkers/checks'
import { deploymentServices } from './services'

const shop = namespace('shop', { 'istio-injection': 'enabled' })
const web = (metadata = {}) =>
  deployment('shop/web', { template: { metadata: { labels: { app: 'web' } }, spec: {} } }, metadata)
const of = (name: string, port: object, selector: object = { app: 'web' }) =>
  service(name, { selector, ports: [port] })
const at = ['Deployment shop/web metadata.name']

checks(deploymentServices, {
  IST0116: {
    fires: {
      'one port with two protocols': {
        objects: [shop, web(), of('shop/a', { port: 80 }), of('shop/b', { port: 80, protocol: 'UDP' })],
        at,
      },
    },
    silent: {
      'one protocol, said and preset': {
        objects: [shop, web(), of('shop/a', { port: 80 }), of('shop/b', { port: 80, protocol: 'TCP' })],
      },
      'a service of another namespace, of other pods, of none': {
        objects: [
          shop,
          web(),
          of('shop/a', { port: 80 }),
          of('books/b', { port: 80, protocol: 'UDP' }),
          of('shop/c', { port: 80, protocol: 'UDP' }, { app: 'other' }),
          of('shop/d', { port: 80, protocol: 'UDP' }, {}),
        ],
      },
      'a Deployment outside the mesh, and a waypoint': {
        objects: [web(), of('shop/a', { port: 80 }), of('shop/b', { port: 80, protocol: 'UDP' })],
      },
      'a waypoint': {
        objects: [
          shop,
          web({ labels: { 'gateway.istio.io/managed': 'istio.io-mesh-controller' } }),
          of('shop/a', { port: 80 }),
          of('shop/b', { port: 80, protocol: 'UDP' }),
        ],
      },
    },
  },
  IST0137: {
    fires: {
      'two ports to one target': {
        objects: [shop, web(), of('shop/a', { port: 80, targetPort: 8080 }), of('shop/b', { port: 8080 })],
        at,
      },
      'a named target': {
        objects: [
          shop,
          web(),
          of('shop/a', { port: 80, targetPort: 'http' }),
          of('shop/b', { port: 81, targetPort: 'http' }),
        ],
        at,
      },
    },
    silent: {
      'one port of two services': {
        objects: [
          shop,
          web(),
          of('shop/a', { port: 80, targetPort: 8080 }),
          of('shop/b', { port: 80, targetPort: '8080' }),
        ],
      },
      'two ports to two targets': {
        objects: [shop, web(), of('shop/a', { port: 80 }), of('shop/b', { port: 81 })],
      },
    },
  },
})
