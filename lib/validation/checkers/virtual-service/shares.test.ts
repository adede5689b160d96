import { checks, virtualService } from '@/tests/support/checkers/checks'
import { shares } from './shares'

const to = (host: string, weight?: number, subset?: string) => ({
  destination: { host, ...(subset === undefined ? {} : { subset }) },
  ...(weight === undefined ? {} : { weight }),
})
const route = (...list: object[]) => virtualService('shop/a', { http: [{ route: list }] })

checks(shares, {
  KIA1104: {
    fires: {
      'a share of nothing else': {
        objects: [route(to('a', 90))],
        at: ['VirtualService shop/a spec.http[0].route[0].weight'],
      },
    },
    silent: {
      'all, none said, and two': {
        objects: [
          route(to('a', 100)),
          virtualService('shop/b', { tcp: [{ route: [to('a')] }] }),
          virtualService('shop/c', { tls: [{ route: [to('a', 90), to('b', 10)] }] }),
        ],
      },
    },
  },
  KIA1105: {
    fires: {
      'one subset twice': {
        objects: [route(to('a', 50, 'v1'), to('a.shop.svc.cluster.local', 50, 'v1'))],
        at: ['VirtualService shop/a spec.http[0].route[1].destination'],
      },
    },
    silent: { 'two subsets': { objects: [route(to('a', 50, 'v1'), to('a', 50, 'v2'))] } },
  },
})
