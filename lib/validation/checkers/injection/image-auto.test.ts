import { checks, deployment, namespace, object, pod } from '@/tests/support/checkers/checks'
import { imageAuto } from './image-auto'

const spec = (image: string) => ({ containers: [{ name: 'app' }, { name: 'istio-proxy', image }] })
const front = (labels: object = {}) =>
  deployment('shop/front', { template: { metadata: { labels }, spec: spec('auto') } })
const webhook = (selectors: object, name = 'inject.istio.io') =>
  object(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    'injector',
    undefined,
    {},
    {
      webhooks: [{ name, ...selectors }],
    },
  )
const inNamespace = {
  namespaceSelector: { matchExpressions: [{ key: 'istio-injection', operator: 'In', values: ['enabled'] }] },
}
const at = ['Deployment shop/front spec.template.spec.containers[1].image']

checks(imageAuto, {
  IST0146: {
    fires: {
      'no webhook': { objects: [front()], at },
      'a webhook for other namespaces': { objects: [front(), namespace('shop'), webhook(inNamespace)], at },
      'a webhook that is not Istio’s': { objects: [front(), webhook({}, 'inject.example.com')], at },
    },
    silent: {
      'a webhook for the namespace': {
        objects: [front(), namespace('shop', { 'istio-injection': 'enabled' }), webhook(inNamespace)],
      },
      'a webhook for the pods': {
        objects: [front({ inject: 'yes' }), webhook({ objectSelector: { matchLabels: { inject: 'yes' } } })],
      },
      'an image of its own': { objects: [deployment('shop/front', { template: { spec: spec('proxyv2') } })] },
    },
  },
  IST0147: {
    fires: {
      'a pod with auto': {
        objects: [pod('shop/a', {}, spec('auto'))],
        at: ['Pod shop/a spec.containers[1].image'],
      },
    },
    silent: { 'a pod with an image': { objects: [pod('shop/a', {}, spec('proxyv2'))] } },
  },
})
