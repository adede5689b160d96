import { authorizationPolicy, checks, namespace, pod } from '@/tests/support/checkers/checks'
import { authorizationTargets } from './workloads'

const proxied = (name: string, labels = {}) =>
  pod(name, labels, { containers: [{ name: 'istio-proxy', image: 'proxyv2' }] })
const selecting = (name: string) => authorizationPolicy(name, { selector: { matchLabels: { app: 'a' } } })
const from = (source: object) => authorizationPolicy('shop/x', { rules: [{ from: [{ source }] }] })

checks(authorizationTargets, {
  IST0101: {
    fires: {
      'namespaces that do not exist': {
        objects: [namespace('shop'), from({ namespaces: ['shop', 'shpo'], notNamespaces: ['b*'] })],
        at: [
          'AuthorizationPolicy shop/x spec.rules[0].from[0].source.namespaces[1]',
          'AuthorizationPolicy shop/x spec.rules[0].from[0].source.notNamespaces[0]',
        ],
      },
    },
    silent: {
      'names and patterns of namespaces': {
        objects: [namespace('shop-eu'), from({ namespaces: ['shop-eu', 'SHOP-eu', 'shop-*', '*-eu', '*'] })],
      },
    },
  },
  IST0127: {
    fires: {
      'labels no pod has': {
        objects: [selecting('shop/x'), proxied('shop/b', { app: 'b' })],
        at: ['AuthorizationPolicy shop/x spec.selector'],
      },
      'pods outside the mesh': {
        objects: [selecting('shop/x'), pod('shop/a', { app: 'a' })],
        at: ['AuthorizationPolicy shop/x spec.selector'],
      },
      'an empty namespace': {
        objects: [authorizationPolicy('shop/x', {}), proxied('books/a')],
        at: ['AuthorizationPolicy shop/x metadata.name'],
      },
      'labels no pod of the mesh has': {
        objects: [selecting('istio-system/x'), proxied('shop/b', { app: 'b' })],
        at: ['AuthorizationPolicy istio-system/x spec.selector'],
      },
    },
    silent: {
      'a pod with a sidecar, one to be injected and one in ambient mode': {
        objects: [
          selecting('a/x'),
          proxied('a/a', { app: 'a' }),
          selecting('b/x'),
          namespace('b', { 'istio-injection': 'enabled' }),
          pod('b/a', { app: 'a' }),
          selecting('c/x'),
          pod('c/a', { app: 'a' }, {}, { annotations: { 'ambient.istio.io/redirection': 'enabled' } }),
        ],
      },
      'the mesh, with labels of any namespace and without': {
        objects: [
          selecting('istio-system/x'),
          authorizationPolicy('istio-system/y', {}),
          proxied('shop/a', { app: 'a' }),
        ],
      },
      'a policy attached to a gateway': {
        objects: [authorizationPolicy('shop/x', { targetRefs: [{ kind: 'Gateway', name: 'g' }] })],
      },
    },
  },
})
