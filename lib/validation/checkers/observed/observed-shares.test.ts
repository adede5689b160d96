import { checks, virtualService } from '@/tests/support/checkers/checks'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import { observedShares } from './observed-shares'

const weighted = (v1: number, v2: number) =>
  virtualService('shop/cart', {
    http: [
      {
        route: [
          { destination: { host: 'cart', subset: 'v1' }, weight: v1 },
          { destination: { host: 'cart', subset: 'v2' }, weight: v2 },
        ],
      },
    ],
  })
const seen = (requests: number, observedShare: number) => ({
  observed: {
    ...NOTHING_OBSERVED,
    splits: [
      {
        kind: 'VirtualService',
        namespace: 'shop',
        name: 'cart',
        path: ['spec', 'http', 0, 'route'],
        requests,
        backends: [
          { name: 'v1', configuredShare: 0.9, observedShare: 1 - observedShare },
          { name: 'v2', configuredShare: 0.1, observedShare },
        ],
      },
    ],
  },
})

checks(observedShares, {
  HED0005: {
    fires: {
      'half of the requests where a tenth is meant': {
        objects: [weighted(90, 10)],
        options: seen(2_000, 0.5),
        at: ['VirtualService shop/cart spec.http[0].route'],
      },
    },
    silent: {
      'a share that is near': { objects: [weighted(90, 10)], options: seen(2_000, 0.14) },
      'too few requests to tell': { objects: [weighted(90, 10)], options: seen(150, 0.5) },
      'weights that were edited since': { objects: [weighted(50, 50)], options: seen(2_000, 0.5) },
      'nothing measured': { objects: [weighted(90, 10)] },
    },
  },
})
