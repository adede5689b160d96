import { checks, namespace, pod, sidecar } from '@/tests/support/checkers/checks'
import { sidecars } from './selectors'

const forApp = (name: string, labels: object = { app: 'a' }) =>
  sidecar(name, { workloadSelector: { labels } })
const forAll = (name: string) => sidecar(name, { egress: [{ hosts: ['./*'] }] })
const ambientPod = pod(
  'shop/a-1',
  { app: 'a' },
  {},
  { annotations: { 'ambient.istio.io/redirection': 'enabled' } },
)
const ambient = namespace('shop', { 'istio.io/dataplane-mode': 'ambient' })

checks(sidecars, {
  IST0101: {
    fires: {
      'labels no pod has': {
        objects: [forApp('shop/x')],
        at: ['Sidecar shop/x spec.workloadSelector.labels'],
      },
      'pods of another namespace': {
        objects: [forApp('shop/x'), pod('books/a', { app: 'a' })],
        at: ['Sidecar shop/x spec.workloadSelector.labels'],
      },
    },
    silent: {
      'labels of a pod': { objects: [forApp('shop/x'), pod('shop/a', { app: 'a', version: 'v1' })] },
      'no selector': { objects: [forAll('shop/x')] },
    },
  },
  IST0110: {
    fires: {
      'one pod and two selectors': {
        objects: [
          forApp('shop/x'),
          forApp('shop/y', { tier: 'web' }),
          pod('shop/a', { app: 'a', tier: 'web' }),
        ],
        at: ['Sidecar shop/x spec.workloadSelector', 'Sidecar shop/y spec.workloadSelector'],
      },
    },
    silent: {
      'selectors without a common pod': {
        objects: [
          forApp('shop/x'),
          forApp('shop/y', { app: 'b' }),
          pod('shop/a', { app: 'a' }),
          pod('shop/b', { app: 'b' }),
        ],
      },
      'an ambient pod, which reads neither': { objects: [forApp('shop/x'), forApp('shop/y'), ambientPod] },
    },
  },
  IST0111: {
    fires: {
      'two for one namespace': {
        objects: [forAll('shop/x'), forAll('shop/y')],
        at: ['Sidecar shop/x metadata.name', 'Sidecar shop/y metadata.name'],
      },
    },
    silent: {
      'one for each namespace': { objects: [forAll('shop/x'), forAll('books/y')] },
      'one for all and one for some': {
        objects: [forAll('shop/x'), forApp('shop/y'), pod('shop/a', { app: 'a' })],
      },
    },
  },
  IST0167: {
    fires: {
      'an ambient pod': {
        objects: [forApp('shop/x'), ambientPod],
        at: ['Sidecar shop/x spec.workloadSelector'],
      },
      'an ambient namespace': { objects: [ambient, forAll('shop/x')], at: ['Sidecar shop/x'] },
    },
    silent: {
      'pods with sidecars': { objects: [forApp('shop/x'), pod('shop/a', { app: 'a' })] },
      'a namespace with both labels, which injects': {
        objects: [
          namespace('shop', { 'istio.io/dataplane-mode': 'ambient', 'istio-injection': 'enabled' }),
          forAll('shop/x'),
        ],
      },
    },
  },
})
