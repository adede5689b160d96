import { checks, virtualService } from '@/tests/support/checkers/checks'
import { ingressSubsets } from './ingress-subsets'

const route = (host: string, subset?: string) => [{ route: [{ destination: { host, subset } }] }]
const inside = virtualService('shop/inside', { hosts: ['reviews'], http: route('reviews', 'v1') })
const front = (subset?: string) =>
  virtualService('shop/front', { hosts: ['a.b'], gateways: ['front'], http: route('reviews', subset) })

checks(ingressSubsets, {
  IST0140: {
    fires: {
      'a gateway route to a host that is split inside': {
        objects: [inside, front()],
        at: ['VirtualService shop/front spec.http[0].route[0].destination.host'],
      },
      'the same by its full name from another namespace': {
        objects: [
          inside,
          virtualService('books/front', {
            hosts: ['a.b'],
            gateways: ['front'],
            http: route('reviews.shop.svc.cluster.local'),
          }),
        ],
        at: ['VirtualService books/front spec.http[0].route[0].destination.host'],
      },
    },
    silent: {
      'one name of two namespaces': {
        objects: [
          inside,
          virtualService('books/front', { hosts: ['a.b'], gateways: ['front'], http: route('reviews') }),
        ],
      },
      'one virtual service for gateway and mesh': {
        objects: [
          virtualService('shop/both', {
            hosts: ['reviews'],
            gateways: ['front', 'mesh'],
            http: [...route('reviews', 'v2'), ...route('reviews')],
          }),
        ],
      },
      'a split for gateways only': {
        objects: [
          virtualService('shop/other', {
            hosts: ['reviews'],
            gateways: ['front'],
            http: route('reviews', 'v1'),
          }),
          front(),
        ],
      },
      'a route for the mesh only': {
        objects: [
          inside,
          virtualService('shop/mesh', { hosts: ['b'], gateways: ['mesh'], http: route('reviews') }),
        ],
      },
      'a gateway route with a subset': { objects: [inside, front('v1')] },
      'a host nobody splits': { objects: [front()] },
      'no gateway': {
        objects: [inside, virtualService('shop/b', { hosts: ['b'], http: route('reviews') })],
      },
    },
  },
})
