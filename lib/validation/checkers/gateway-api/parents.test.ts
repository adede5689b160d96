import { checks, httpService, k8sGateway, namespace, object } from '@/tests/support/checkers/checks'
import { routeReferences } from './parents'

const route = (spec: object, kind = 'HTTPRoute') =>
  object('gateway.networking.k8s.io/v1', kind, 'shop/r', spec)
const gateway = (name: string, allowedRoutes?: object) =>
  k8sGateway(name, { listeners: [{ name: 'http', allowedRoutes }] })
const to = (backend: object) => route({ rules: [{ backendRefs: [backend] }] })
const grant = (from: string) =>
  object('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'books/g', {
    from: [{ kind: 'HTTPRoute', namespace: from }],
    to: [{ kind: 'Service' }],
  })
const parent = ['HTTPRoute shop/r spec.parentRefs[0].name']
const backend = ['HTTPRoute shop/r spec.rules[0].backendRefs[0].name']
const web = k8sGateway('shop/web', {
  listeners: [
    { name: 'http', port: 80, protocol: 'HTTP' },
    { name: 'https', port: 443, protocol: 'HTTPS', hostname: '*.example.com' },
    { name: 'raw', port: 9000, protocol: 'TCP' },
  ],
})
const far = { name: 'list', namespace: 'books' }

checks(routeReferences, {
  KIA1401: {
    fires: {
      'no gateway': { objects: [route({ parentRefs: [{ name: 'web' }] })], at: parent },
      'a gateway that takes its own only': {
        objects: [gateway('infra/web'), route({ parentRefs: [{ name: 'web', namespace: 'infra' }] })],
        at: parent,
      },
      'a gateway of other labels': {
        objects: [
          namespace('shop'),
          gateway('infra/web', {
            namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } },
          }),
          route({ parentRefs: [{ name: 'web', namespace: 'infra' }] }),
        ],
        at: parent,
      },
      'a listener that is not there': {
        objects: [web, route({ parentRefs: [{ name: 'web', sectionName: 'htp' }] })],
        at: ['HTTPRoute shop/r spec.parentRefs[0].sectionName'],
      },
      'a port nobody listens on, and one of another listener': {
        objects: [
          web,
          route({
            parentRefs: [
              { name: 'web', port: 81 },
              { name: 'web', sectionName: 'http', port: 443 },
            ],
          }),
        ],
        at: ['HTTPRoute shop/r spec.parentRefs[0].port', 'HTTPRoute shop/r spec.parentRefs[1].port'],
      },
      'hostnames that no listener has': {
        objects: [
          web,
          route({
            parentRefs: [{ name: 'web', sectionName: 'https' }],
            hostnames: ['example.com', 'shop.test'],
          }),
        ],
        at: ['HTTPRoute shop/r spec.hostnames'],
      },
      'listeners for other kinds': {
        objects: [web, route({ parentRefs: [{ name: 'web', sectionName: 'raw' }] }, 'GRPCRoute')],
        at: ['GRPCRoute shop/r spec.parentRefs[0].name'],
      },
    },
    silent: {
      'listeners that take it by name, port and host': {
        objects: [
          web,
          route({
            parentRefs: [
              { name: 'web', sectionName: 'https', port: 443 },
              { name: 'web', port: 80 },
            ],
            hostnames: ['other.test', 'a.b.example.com'],
          }),
          route({ parentRefs: [{ name: 'web', sectionName: 'https' }], hostnames: ['*.com'] }, 'GRPCRoute'),
        ],
      },
      'a gateway for the namespace by the label that every one has': {
        objects: [
          gateway('infra/web', {
            namespaces: {
              from: 'Selector',
              selector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
            },
          }),
          route({ parentRefs: [{ name: 'web', namespace: 'infra' }] }),
        ],
      },
      'its own gateway': { objects: [gateway('shop/web'), route({ parentRefs: [{ name: 'web' }] })] },
      'a gateway for all, or for its labels': {
        objects: [
          namespace('shop', { team: 'a' }),
          gateway('infra/web', { namespaces: { from: 'All' } }),
          gateway('infra/two', {
            namespaces: { from: 'Selector', selector: { matchLabels: { team: 'a' } } },
          }),
          route({ parentRefs: ['web', 'two'].map((name) => ({ name, namespace: 'infra' })) }, 'GRPCRoute'),
        ],
      },
    },
  },
  KIA1402: {
    fires: {
      'no service': { objects: [to({ name: 'cart', port: 80 })], at: backend },
      'a parent service that is not there': {
        objects: [route({ parentRefs: [{ kind: 'Service', group: '', name: 'cart' }] })],
        at: parent,
      },
      'a service of another namespace without a grant': {
        objects: [httpService('books/list', 80), grant('other'), to(far)],
        at: backend,
      },
      'a port the service does not have': {
        objects: [httpService('shop/cart', 80), to({ name: 'cart', port: 81 })],
        at: ['HTTPRoute shop/r spec.rules[0].backendRefs[0].port'],
      },
      'a parent service without the port': {
        objects: [
          httpService('shop/cart', 80),
          route({ parentRefs: [{ kind: 'Service', group: '', name: 'cart', port: 81 }] }),
        ],
        at: ['HTTPRoute shop/r spec.parentRefs[0].port'],
      },
    },
    silent: {
      'a service by its port': {
        objects: [
          httpService('shop/cart', 80),
          to({ name: 'cart', port: 80 }),
          route({ parentRefs: [{ kind: 'Service', group: '', name: 'cart', port: 80 }] }, 'GRPCRoute'),
        ],
      },
      'a service': { objects: [httpService('shop/cart', 80), to({ name: 'cart' })] },
      'a grant': { objects: [httpService('books/list', 80), grant('shop'), to(far)] },
      'another kind': { objects: [to({ kind: 'InferencePool', name: 'x' })] },
    },
  },
})
