import {
  checks,
  destinationRule,
  namespace,
  service,
  virtualService,
  type CodeTable,
} from '@/tests/support/checkers/checks'
import { ambientRouting } from './routing'

const AMBIENT = { 'istio.io/dataplane-mode': 'ambient' }
const bare = namespace('shop', AMBIENT)
const served = namespace('shop', { ...AMBIENT, 'istio.io/use-waypoint': 'waypoint' })
const cart = service('shop/cart', { ports: [{ port: 80 }] })
const out = service('shop/cart', { ports: [{ port: 80 }] }, { labels: { 'istio.io/use-waypoint': 'none' } })
const far = [
  namespace('books', { 'istio.io/use-waypoint': 'w' }),
  service('books/list', { ports: [{ port: 80 }] }),
]
const make = {
  DestinationRule: (host: string) =>
    destinationRule('shop/r', { host, trafficPolicy: { outlierDetection: {} } }),
  VirtualService: (host: string) => virtualService('shop/r', { hosts: [host], http: [{}] }),
}
type Kind = keyof typeof make
const at = (kind: Kind) => [`${kind} shop/r`]

const noWaypoint = (kind: Kind): CodeTable => ({
  fires: { 'no waypoint': { objects: [bare, cart, make[kind]('cart')], at: at(kind) } },
  silent: {
    'a waypoint': { objects: [served, cart, make[kind]('cart')] },
    'what needs none': {
      objects: [
        bare,
        cart,
        destinationRule('shop/r', { host: 'cart', trafficPolicy: { tls: {} } }),
        virtualService('shop/r', { hosts: ['cart'], tcp: [{}] }),
      ],
    },
  },
})
const notEnrolled = (kind: Kind): CodeTable => ({
  fires: { 'a service that uses none': { objects: [served, out, make[kind]('cart')], at: at(kind) } },
  silent: { 'a service that uses one': { objects: [served, cart, make[kind]('cart')] } },
})
const elsewhere = (kind: Kind): CodeTable => ({
  fires: {
    'a service of another namespace': {
      objects: [served, ...far, make[kind]('list.books.svc.cluster.local')],
      at: at(kind),
    },
  },
  silent: { 'a service of its own': { objects: [served, cart, make[kind]('cart')] } },
})

checks(ambientRouting, {
  KIA0210: noWaypoint('DestinationRule'),
  KIA0211: notEnrolled('DestinationRule'),
  KIA0212: elsewhere('DestinationRule'),
  KIA1109: noWaypoint('VirtualService'),
  KIA1113: notEnrolled('VirtualService'),
  KIA1114: elsewhere('VirtualService'),
})
