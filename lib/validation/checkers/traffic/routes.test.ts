import { checks, destinationRule, object, virtualService } from '@/tests/support/checkers/checks'
import { trafficRoutes } from './routes'

const weighted = (...weights: number[]) =>
  virtualService('shop/a', {
    hosts: ['a'],
    http: [{ route: weights.map((weight) => ({ destination: { host: 'a' }, weight })) }],
  })
const http = (rule: object) => virtualService('shop/a', { hosts: ['a'], http: [rule] })
const route = (kind: string, name: string) =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'shop/r', { parentRefs: [{ kind, name }] })
const backends = (kind: string, backendRefs: object[]) =>
  object('gateway.networking.k8s.io/v1', kind, 'shop/r', { rules: [{ backendRefs }] })
const outlier = (outlierDetection: object) =>
  destinationRule('shop/a', { host: 'a', trafficPolicy: { outlierDetection } })

checks(trafficRoutes, {
  HED0004: {
    fires: {
      'weights that make 50': {
        objects: [weighted(45, 5)],
        at: ['VirtualService shop/a spec.http[0].route'],
      },
      'routes whose weights are all 0': {
        objects: [
          backends('HTTPRoute', [{ name: 'a', port: 80, weight: 0 }]),
          backends('GRPCRoute', [
            { name: 'a', port: 80, weight: 0 },
            { name: 'b', port: 80, weight: 0 },
          ]),
        ],
        at: ['GRPCRoute shop/r spec.rules[0].backendRefs', 'HTTPRoute shop/r spec.rules[0].backendRefs'],
      },
    },
    silent: {
      'a route with a weight, with none written, without backends': {
        objects: [
          backends('HTTPRoute', [
            { name: 'a', port: 80, weight: 0 },
            { name: 'b', port: 80, weight: 1 },
          ]),
          backends('GRPCRoute', [{ name: 'a', port: 80 }]),
          route('Service', 'a'),
        ],
      },
      'weights that make 100, one, none': { objects: [weighted(90, 10)] },
      'one destination': { objects: [weighted(5)] },
      none: { objects: [weighted(0, 0)] },
    },
  },
  HED0006: {
    fires: {
      'an HTTPRoute of the service': {
        objects: [http({}), route('Service', 'a')],
        at: ['VirtualService shop/a spec.hosts[0]'],
      },
    },
    silent: {
      'an HTTPRoute of a gateway, of another service': { objects: [http({}), route('Gateway', 'a')] },
      'a virtual service of gateways': {
        objects: [virtualService('shop/a', { hosts: ['a'], gateways: ['web'] }), route('Service', 'a')],
      },
    },
  },
  HED0007: {
    fires: {
      'three tries of 2 s in 5 s': {
        objects: [http({ timeout: '5s', retries: { attempts: 2, perTryTimeout: '2s' } })],
        at: ['VirtualService shop/a spec.http[0].retries'],
      },
    },
    silent: {
      'tries that fit': {
        objects: [http({ timeout: '1m', retries: { attempts: 2, perTryTimeout: '500ms' } })],
      },
      'no timeout': { objects: [http({ retries: { attempts: 2, perTryTimeout: '2s' } })] },
    },
  },
  HED0008: {
    fires: {
      'never and always': {
        objects: [outlier({ consecutive5xxErrors: 0, consecutiveGatewayErrors: 0, maxEjectionPercent: 100 })],
        at: ['', '.maxEjectionPercent'].map(
          (rest) => `DestinationRule shop/a spec.trafficPolicy.outlierDetection${rest}`,
        ),
      },
      'of a subset, and of a port': {
        objects: [
          destinationRule('shop/a', {
            host: 'a',
            trafficPolicy: {
              portLevelSettings: [{ port: { number: 80 }, outlierDetection: { maxEjectionPercent: 100 } }],
            },
            subsets: [{ name: 'v1', trafficPolicy: { outlierDetection: { maxEjectionPercent: 100 } } }],
          }),
        ],
        at: [
          'DestinationRule shop/a spec.trafficPolicy.portLevelSettings[0].outlierDetection.maxEjectionPercent',
          'DestinationRule shop/a spec.subsets[0].trafficPolicy.outlierDetection.maxEjectionPercent',
        ],
      },
    },
    silent: {
      'the usual': { objects: [outlier({ consecutive5xxErrors: 5, maxEjectionPercent: 50 })] },
      'a floor': { objects: [outlier({ maxEjectionPercent: 100, minHealthPercent: 20 })] },
    },
  },
})
