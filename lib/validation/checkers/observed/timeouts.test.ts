import { checks, object, virtualService } from '@/tests/support/checkers/checks'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import { observedTimeouts } from './timeouts'

const http = (rule: object) =>
  virtualService('shop/cart', { http: [{ route: [{ destination: { host: 'cart' } }], ...rule }] })
const route = (timeouts: object) =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop/cart', {
    rules: [{ timeouts, backendRefs: [{ name: 'cart', port: 80 }] }],
  })
const seen = (p99Ms: number, requests = 2_000) => ({
  observed: {
    ...NOTHING_OBSERVED,
    latencies: [{ namespace: 'shop', service: 'cart', p99Ms, requests }],
  },
})

checks(observedTimeouts, {
  HED0009: {
    fires: {
      'a timeout and a try below P99': {
        objects: [http({ timeout: '500ms', retries: { attempts: 1, perTryTimeout: '0.2s' } })],
        options: seen(800),
        at: [
          'VirtualService shop/cart spec.http[0].timeout',
          'VirtualService shop/cart spec.http[0].retries.perTryTimeout',
        ],
      },
      'a timeout of an HTTPRoute': {
        objects: [route({ request: '500ms' })],
        options: seen(800),
        at: ['HTTPRoute shop/cart spec.rules[0].timeouts.request'],
      },
    },
    silent: {
      'a timeout above P99': { objects: [http({ timeout: '1s' })], options: seen(800) },
      'too few requests to tell': { objects: [http({ timeout: '500ms' })], options: seen(800, 100) },
      'no timeout': { objects: [http({})], options: seen(800) },
      'nothing measured': { objects: [http({ timeout: '500ms' })] },
    },
  },
})
