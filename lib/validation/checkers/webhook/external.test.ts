import { checks, object } from '@/tests/support/checkers/checks'
import { externalControlPlane } from './external'

const config = (kind: 'Mutating' | 'Validating', name: string, clientConfig: object) =>
  object(
    'admissionregistration.k8s.io/v1',
    `${kind}WebhookConfiguration`,
    name,
    undefined,
    {},
    {
      webhooks: [{ name: 'x.istio.io', clientConfig }],
    },
  )
const injector = 'istio-sidecar-injector-external'

checks(externalControlPlane, {
  IST0163: {
    fires: {
      'neither URL nor service': {
        objects: [config('Mutating', injector, {}), config('Validating', 'istio-validator-external', {})],
        at: [
          'MutatingWebhookConfiguration istio-sidecar-injector-external webhooks[0].clientConfig',
          'ValidatingWebhookConfiguration istio-validator-external webhooks[0].clientConfig',
        ],
      },
      'a URL that cannot be read': {
        objects: [config('Validating', 'istiod-default-validator', { url: 'https://' })],
        at: ['ValidatingWebhookConfiguration istiod-default-validator webhooks[0].clientConfig.url'],
      },
    },
    silent: {
      'a host name, and a service': {
        objects: [
          config('Mutating', injector, { url: 'https://istiod.example.com:15017/inject' }),
          config('Mutating', 'istio-sidecar-injector', { service: { name: 'istiod' } }),
        ],
      },
      'webhooks of others': { objects: [config('Mutating', 'other', {})] },
    },
  },
  IST0164: {
    fires: {
      addresses: {
        objects: [
          config('Mutating', injector, { url: 'https://10.0.0.1:15017/inject' }),
          config('Validating', 'istio-validator', { url: 'https://[2001:db8::1]:15017/' }),
        ],
        at: [
          'MutatingWebhookConfiguration istio-sidecar-injector-external webhooks[0].clientConfig.url',
          'ValidatingWebhookConfiguration istio-validator webhooks[0].clientConfig.url',
        ],
      },
    },
    silent: {
      'a host name': { objects: [config('Mutating', injector, { url: 'https://istiod.example.com' })] },
    },
  },
})
