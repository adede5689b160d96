import { checks, namespace, pod } from '@/tests/support/checkers/checks'
import { missingProxy } from './missing-proxy'

const app = { containers: [{ name: 'app', image: 'app:1' }] }
const proxy = { name: 'istio-proxy', image: 'proxyv2:1' }
const shop = namespace('shop', { 'istio-injection': 'enabled' })
const at = ['Pod shop/a spec.containers']

checks(missingProxy, {
  IST0103: {
    fires: {
      'a pod without proxy': { objects: [shop, pod('shop/a', {}, app)], at },
      'a namespace that injects by revision': {
        objects: [namespace('shop', { 'istio.io/rev': 'canary' }), pod('shop/a', {}, app)],
        at,
      },
    },
    silent: {
      'a proxy, plain and native': {
        objects: [
          shop,
          pod('shop/a', {}, { containers: [...app.containers, proxy] }),
          pod('shop/b', {}, { ...app, initContainers: [proxy] }),
        ],
      },
      'a pod that refuses, by label over annotation': {
        objects: [
          shop,
          pod('shop/a', { 'sidecar.istio.io/inject': 'false' }, app, {
            annotations: { 'sidecar.istio.io/inject': 'true' },
          }),
          pod('shop/b', {}, app, { annotations: { 'sidecar.istio.io/inject': 'False' } }),
        ],
      },
      'the host’s network': { objects: [shop, pod('shop/a', {}, { ...app, hostNetwork: true })] },
      'namespaces that do not inject': {
        objects: [
          namespace('a'),
          namespace('b', { 'istio-injection': 'disabled' }),
          namespace('c', { 'istio.io/dataplane-mode': 'ambient', 'istio.io/rev': 'x' }),
          ...['a', 'b', 'c', 'd'].map((name) => pod(`${name}/a`, {}, app)),
        ],
      },
    },
  },
})
