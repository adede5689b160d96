import {
  authorizationPolicy,
  checks,
  object,
  pod,
  requestAuthentication,
  telemetry,
} from '@/tests/support/checkers/checks'
import { gatewaySelectors } from './selectors'

const front = pod('shop/front', { 'gateway.networking.k8s.io/gateway-name': 'front', app: 'a' })
const spec = { selector: { matchLabels: { app: 'a' } } }

checks(gatewaySelectors, {
  IST0166: {
    fires: {
      'policies of every kind': {
        objects: [
          front,
          authorizationPolicy('shop/x', spec),
          requestAuthentication('shop/x', spec),
          telemetry('shop/x', spec),
          object('extensions.istio.io/v1alpha1', 'WasmPlugin', 'shop/x', spec),
        ],
        at: ['AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'].map(
          (kind) => `${kind} shop/x spec.selector`,
        ),
      },
    },
    silent: {
      'a reference': {
        objects: [front, authorizationPolicy('shop/x', { ...spec, targetRefs: [{ name: 'front' }] })],
      },
      'ordinary pods': { objects: [pod('shop/a', { app: 'a' }), authorizationPolicy('shop/x', spec)] },
      'gateways of another namespace': { objects: [front, authorizationPolicy('books/x', spec)] },
    },
  },
})
