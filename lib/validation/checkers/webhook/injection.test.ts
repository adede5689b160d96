import { checks, object, service } from '@/tests/support/checkers/checks'
import { injectionWebhooks } from './injection'

const istiod = service('istio-system/istiod', {})
const config = (name: string, webhook: object, labels: Record<string, string> = {}) =>
  object(
    'admissionregistration.k8s.io/v1',
    'MutatingWebhookConfiguration',
    name,
    undefined,
    { labels },
    {
      webhooks: [
        {
          name: 'inject.istio.io',
          clientConfig: { service: { namespace: 'istio-system', name: 'istiod' } },
          ...webhook,
        },
      ],
    },
  )
const enabled = { namespaceSelector: { matchLabels: { 'istio-injection': 'enabled' } } }
const revision = (name: string) => ({
  namespaceSelector: {
    matchExpressions: [
      { key: 'istio.io/rev', operator: 'In', values: [name] },
      { key: 'istio-injection', operator: 'DoesNotExist' },
    ],
  },
})

checks(injectionWebhooks, {
  IST0139: {
    fires: {
      'two that take the same pods': {
        objects: [istiod, config('a', enabled), config('b', enabled)],
        at: ['MutatingWebhookConfiguration a webhooks[0]', 'MutatingWebhookConfiguration b webhooks[0]'],
      },
      'two of one revision': {
        objects: [istiod, config('a', revision('canary')), config('b', revision('canary'))],
        at: ['MutatingWebhookConfiguration a webhooks[0]', 'MutatingWebhookConfiguration b webhooks[0]'],
      },
      'a service that does not exist': {
        objects: [config('a', enabled)],
        at: ['MutatingWebhookConfiguration a webhooks[0].clientConfig.service'],
      },
    },
    silent: {
      'selectors that exclude each other': {
        objects: [
          istiod,
          config('a', enabled),
          config('b', revision('canary')),
          config('c', revision('stable')),
        ],
      },
      'a URL instead of a service': {
        objects: [config('a', { ...enabled, clientConfig: { url: 'https://a.b' } })],
      },
      'webhooks that are not Istio’s': {
        objects: [config('a', { name: 'x.example.com' }), config('b', { name: 'x.example.com' })],
      },
    },
  },
})
