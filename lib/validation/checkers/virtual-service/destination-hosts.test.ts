import { checks, httpService, service, serviceEntry, virtualService } from '@/tests/support/checkers/checks'
import { destinationHosts } from './destination-hosts'

const to = (host: string, port?: number) => ({
  destination: { host, ...(port === undefined ? {} : { port: { number: port } }) },
})
const http = (...route: unknown[]) => ({ hosts: ['reviews'], http: [{ route }] })
const at = (place: string) => [`VirtualService shop/reviews spec.${place}`]
const exported = (exportTo: string) =>
  service(
    'books/ratings',
    { ports: [{ port: 80 }] },
    { annotations: { 'networking.istio.io/exportTo': exportTo } },
  )

checks(destinationHosts, {
  IST0101: {
    fires: {
      'a host nobody has': {
        objects: [virtualService('shop/reviews', http(to('reviews')))],
        at: at('http[0].route[0].destination.host'),
      },
      'a short name of another namespace': {
        objects: [httpService('books/ratings', 80), virtualService('shop/reviews', http(to('ratings')))],
        at: at('http[0].route[0].destination.host'),
      },
      'tcp, tls, mirror and mirrors alike': {
        objects: [
          virtualService('shop/reviews', {
            hosts: ['reviews'],
            tcp: [{ route: [to('a')] }],
            tls: [{ route: [to('b')] }],
            http: [{ mirror: { host: 'c' }, mirrors: [to('d')] }],
          }),
        ],
        at: [
          ...at('tcp[0].route[0].destination.host'),
          ...at('tls[0].route[0].destination.host'),
          ...at('http[0].mirror.host'),
          ...at('http[0].mirrors[0].destination.host'),
        ],
      },
      'a port the service does not have': {
        objects: [httpService('shop/reviews', 80), virtualService('shop/reviews', http(to('reviews', 81)))],
        at: at('http[0].route[0].destination.port.number'),
      },
      'a service exported to others only': {
        objects: [
          exported('elsewhere'),
          virtualService('shop/reviews', http(to('ratings.books.svc.cluster.local'))),
        ],
        at: at('http[0].route[0].destination.host'),
      },
      'a virtual service exported to where the service is not': {
        objects: [
          exported('shop'),
          virtualService('shop/reviews', {
            ...http(to('ratings.books.svc.cluster.local')),
            exportTo: ['cellar'],
          }),
        ],
        at: at('http[0].route[0].destination.host'),
      },
      'a ServiceEntry kept to its namespace': {
        objects: [
          serviceEntry('books/api', { hosts: ['api.example.com'], exportTo: ['.'] }),
          virtualService('shop/reviews', http(to('api.example.com'))),
        ],
        at: at('http[0].route[0].destination.host'),
      },
    },
    silent: {
      'a service of the namespace, short and full': {
        objects: [
          httpService('shop/reviews', 80),
          virtualService('shop/reviews', http(to('reviews'), to('reviews.shop.svc.cluster.local', 80))),
        ],
      },
      'a ServiceEntry of the mesh, and one with a wildcard': {
        objects: [
          serviceEntry('books/api', { hosts: ['api.example.com', '*.example.org'] }),
          virtualService(
            'shop/reviews',
            http(to('api.example.com'), to('eu.example.org'), to('*.example.org')),
          ),
        ],
      },
      'a service exported to this namespace': {
        objects: [
          exported('cellar,shop'),
          virtualService('shop/reviews', http(to('ratings.books.svc.cluster.local'))),
        ],
      },
      'values of a wrong type, which the schema reports': {
        objects: [
          virtualService('shop/reviews', { http: [{ route: [{ destination: 'reviews' }, 7] }, 'x'] }),
        ],
      },
    },
  },
  IST0112: {
    fires: {
      'several ports and none chosen': {
        objects: [httpService('shop/reviews', 80, 81), virtualService('shop/reviews', http(to('reviews')))],
        at: at('http[0].route[0].destination.host'),
      },
    },
    silent: {
      'several ports and one chosen': {
        objects: [
          httpService('shop/reviews', 80, 81),
          virtualService('shop/reviews', http(to('reviews', 81))),
        ],
      },
      'one port': {
        objects: [httpService('shop/reviews', 80), virtualService('shop/reviews', http(to('reviews')))],
      },
    },
  },
})
