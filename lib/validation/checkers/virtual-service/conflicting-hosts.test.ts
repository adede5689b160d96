import { expect, it } from 'vitest'
import { analyze } from '@/lib/validation/analyze'
import { createWorld, readMeshSettings } from '@/lib/validation/world'
import { checks, virtualService } from '@/tests/support/checkers/checks'
import { conflictingHosts } from './conflicting-hosts'

const of = (name: string, host: string, rest: object = {}) => virtualService(name, { hosts: [host], ...rest })
const both = ['VirtualService books/b spec.hosts[0]', 'VirtualService shop/a spec.hosts[0]']

checks(conflictingHosts, {
  IST0109: {
    fires: {
      'one host in two namespaces, short and full': {
        objects: [of('shop/a', 'reviews'), of('books/b', 'reviews.shop.svc.cluster.local')],
        at: both,
      },
      'one on a gateway and the mesh': {
        objects: [of('shop/a', 'a.b', { gateways: ['front', 'mesh'] }), of('books/b', 'a.b')],
        at: both,
      },
      'two exported to one namespace': {
        objects: [
          of('shop/a', 'a.b', { exportTo: ['.'] }),
          of('books/b', 'a.b', { exportTo: ['shop', 'x'] }),
        ],
        at: both,
      },
    },
    silent: {
      'gateways only': { objects: [of('shop/a', 'a.b', { gateways: ['front'] }), of('books/b', 'a.b')] },
      'short names of two namespaces': { objects: [of('shop/a', 'reviews'), of('books/b', 'reviews')] },
      'exports that do not meet': {
        objects: [of('shop/a', 'a.b', { exportTo: ['.'] }), of('books/b', 'a.b', { exportTo: ['.'] })],
      },
    },
  },
})

it('tells one host by two names in one object once, as something that does no harm', () => {
  const twice = virtualService('shop/a', { hosts: ['reviews', 'reviews.shop.svc.cluster.local'] })
  const world = createWorld([twice], readMeshSettings(null))
  expect(analyze(world, [conflictingHosts])).toMatchObject([
    {
      code: 'IST0109',
      severity: 'info',
      path: 'spec.hosts[1]',
      message:
        'The host reviews.shop.svc.cluster.local names a service that reviews before it names too, and is passed over. Remove one of them.',
    },
  ])
})
