import { checks, destinationRule, virtualService } from '@/tests/support/checkers/checks'
import { subsets } from './subsets'

const route = (host: string, subset: string) => ({ http: [{ route: [{ destination: { host, subset } }] }] })
const rule = (name: string, host: string) => destinationRule(name, { host, subsets: [{ name: 'v1' }] })

checks(subsets, {
  IST0101: {
    fires: {
      'a subset no rule has': {
        objects: [rule('shop/reviews', 'reviews'), virtualService('shop/reviews', route('reviews', 'v2'))],
        at: ['VirtualService shop/reviews spec.http[0].route[0].destination.subset'],
      },
      'a rule of the same short name in another namespace': {
        objects: [rule('books/reviews', 'reviews'), virtualService('shop/reviews', route('reviews', 'v1'))],
        at: ['VirtualService shop/reviews spec.http[0].route[0].destination.subset'],
      },
      'a wildcard for other hosts': {
        objects: [
          rule('shop/books', '*.books.svc.cluster.local'),
          virtualService('shop/reviews', route('reviews', 'v1')),
        ],
        at: ['VirtualService shop/reviews spec.http[0].route[0].destination.subset'],
      },
      'a mirror': {
        objects: [virtualService('shop/reviews', { http: [{ mirror: { host: 'reviews', subset: 'v1' } }] })],
        at: ['VirtualService shop/reviews spec.http[0].mirror.subset'],
      },
    },
    silent: {
      'a rule of the namespace': {
        objects: [rule('shop/reviews', 'reviews'), virtualService('shop/reviews', route('reviews', 'v1'))],
      },
      'a rule of another namespace by the full name': {
        objects: [
          rule('books/reviews', 'reviews.shop.svc.cluster.local'),
          virtualService('shop/reviews', route('reviews', 'v1')),
        ],
      },
      'an outside host': {
        objects: [
          rule('shop/api', 'api.example.com'),
          virtualService('shop/api', route('api.example.com', 'v1')),
        ],
      },
      'rules with wildcards': {
        objects: [
          rule('shop/all', '*.shop.svc.cluster.local'),
          rule('shop/api', '*.example.com'),
          virtualService('shop/reviews', route('reviews', 'v1')),
          virtualService('shop/api', route('api.example.com', 'v1')),
        ],
      },
      'no subset': {
        objects: [virtualService('shop/reviews', { http: [{ route: [{ destination: { host: 'a' } }] }] })],
      },
    },
  },
})
