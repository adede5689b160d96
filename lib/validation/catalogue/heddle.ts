/** Help for Heddle’s own codes. */
import type { Catalogue } from './help'

export const HEDDLE_CHECKS: Catalogue = {
  HED0002: {
    title: 'Mutual TLS to a pod without a proxy',
    kinds: ['DestinationRule'],
    meaning:
      'The rule makes callers use ISTIO_MUTUAL, and a pod of the host has no sidecar and is not in ambient mode.',
    harm: 'Calls that reach the pod fail in the TLS handshake.',
    fix: 'Bring the pod into the mesh, or remove the TLS setting: automatic mutual TLS chooses by endpoint.',
    before: 'trafficPolicy: { tls: { mode: ISTIO_MUTUAL } }',
    after: 'trafficPolicy: {}',
  },
  HED0003: {
    title: 'A weight for pods that are not ready',
    kinds: ['VirtualService'],
    meaning: 'A subset is to get traffic, has pods, and none of them is ready.',
    harm: 'Its share of requests fails with 503.',
    fix: 'Move the weight away until the pods are ready.',
    before: '- { destination: { host: a, subset: v2 }, weight: 10 } # no pod ready',
    after: '- { destination: { host: a, subset: v2 }, weight: 0 }',
  },
  HED0004: {
    title: 'Weights that do not make 100',
    kinds: ['VirtualService'],
    meaning: 'The weights of a route are relative, and their sum is not 100.',
    harm: 'The shares are others than the numbers say.',
    fix: 'Write weights that make 100.',
    before: '- { destination: { host: a }, weight: 45 }\n- { destination: { host: b }, weight: 5 }',
    after: '- { destination: { host: a }, weight: 90 }\n- { destination: { host: b }, weight: 10 }',
  },
  HED0006: {
    title: 'A virtual service and an HTTPRoute for one host',
    kinds: ['VirtualService'],
    meaning: 'Both route the requests for a service inside the mesh.',
    harm: 'Only one is in force: a canary or a fault in the other never happens.',
    fix: 'Keep one.',
    before:
      'kind: VirtualService\nspec: { hosts: [cart] }\n---\nkind: HTTPRoute\nspec: { parentRefs: [{ kind: Service, name: cart }] }',
    after: 'kind: HTTPRoute\nspec: { parentRefs: [{ kind: Service, name: cart }] }',
  },
  HED0007: {
    title: 'Retries that do not fit into the timeout',
    kinds: ['VirtualService'],
    meaning: 'All tries of perTryTimeout together take longer than the timeout of the route.',
    harm: 'The timeout cuts the last tries off: load without use.',
    fix: 'Shorten perTryTimeout, make fewer attempts, or lengthen the timeout.',
    before: 'timeout: 5s\nretries: { attempts: 3, perTryTimeout: 2s }',
    after: 'timeout: 10s\nretries: { attempts: 3, perTryTimeout: 2s }',
  },
  HED0008: {
    title: 'Outlier ejection that never acts, or may eject all',
    kinds: ['DestinationRule'],
    meaning: 'Every kind of error is switched off, or all endpoints may be ejected with nothing to stop it.',
    harm: 'Bad endpoints stay; or a fault of all of them empties the pool.',
    fix: 'Set consecutive5xxErrors, and keep maxEjectionPercent below 100 or set minHealthPercent.',
    before: 'outlierDetection: { maxEjectionPercent: 100 }',
    after: 'outlierDetection: { maxEjectionPercent: 50 }',
  },
}
