import {
  authorizationPolicy,
  checks,
  httpService,
  namespace,
  virtualService,
} from '@/tests/support/checkers/checks'
import { operationHosts } from './operation-hosts'

const policy = (...hosts: string[]) =>
  authorizationPolicy('shop/a', { rules: [{ to: [{ operation: { hosts } }] }] })
const known = [
  namespace('shop'),
  namespace('books'),
  httpService('shop/cart', 80),
  httpService('books/list', 80),
]

checks(operationHosts, {
  KIA0104: {
    fires: {
      'services that are not there': {
        objects: [...known, policy('basket', 'basket.shop.svc.cluster.local', 'cart.books', 'cart')],
        at: [0, 1, 2].map((at) => `AuthorizationPolicy shop/a spec.rules[0].to[0].operation.hosts[${at}]`),
      },
    },
    silent: {
      'services, in every form': {
        objects: [
          ...known,
          policy('cart:80', 'list.books', 'list.books.svc', 'list.books.svc.cluster.local'),
        ],
      },
      'wildcards, outside hosts and hosts of routes': {
        objects: [policy('*.x', 'api.example.com', 'front'), virtualService('shop/a', { hosts: ['front'] })],
      },
    },
  },
})
