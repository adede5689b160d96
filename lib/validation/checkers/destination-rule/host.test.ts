import { checks, destinationRule, object, pod, service, serviceEntry } from '@/tests/support/checkers/checks'
import { host } from './host'

const reviews = service('shop/reviews', { ports: [{ port: 80 }], selector: { app: 'reviews' } })
const rule = (labels: object, name = 'reviews') =>
  destinationRule('shop/reviews', { host: name, subsets: [{ name: 'v1', labels }] })
const at = ['DestinationRule shop/reviews spec.subsets[0].labels']
const node = object('v1', 'Node', 'n1', undefined, { labels: { 'topology.kubernetes.io/zone': 'a' } })
const placed = pod('shop/r-1', { app: 'reviews' }, { nodeName: 'n1' })

checks(host, {
  IST0173: {
    fires: {
      'labels no pod has': {
        objects: [reviews, pod('shop/r-1', { app: 'reviews', version: 'v2' }), rule({ version: 'v1' })],
        at,
      },
      'labels of another app’s pods': {
        objects: [reviews, pod('shop/x-1', { app: 'x', version: 'v1' }), rule({ version: 'v1' })],
        at,
      },
      'labels of pods elsewhere': {
        objects: [reviews, pod('books/r-1', { app: 'reviews', version: 'v1' }), rule({ version: 'v1' })],
        at,
      },
      'a zone without pods': {
        objects: [reviews, node, placed, rule({ 'topology.kubernetes.io/zone': 'b' })],
        at,
      },
    },
    silent: {
      'labels of a pod': {
        objects: [reviews, pod('shop/r-1', { app: 'reviews', version: 'v1' }), rule({ version: 'v1' })],
      },
      'the place of a pod’s node': {
        objects: [
          reviews,
          node,
          placed,
          rule({ 'topology.kubernetes.io/zone': 'a', 'kubernetes.io/hostname': 'n1' }),
        ],
      },
      'endpoints that are no pods': {
        objects: [
          serviceEntry('shop/api', { hosts: ['api.example.com'], endpoints: [{ address: '192.0.2.1' }] }),
          rule({ version: 'v1' }, 'api.example.com'),
        ],
      },
      'a zone where nodes are not known': {
        objects: [reviews, placed, rule({ 'topology.kubernetes.io/zone': 'b' })],
      },
      'labels of a machine outside the cluster': {
        objects: [
          reviews,
          object('networking.istio.io/v1', 'WorkloadEntry', 'shop/vm', {
            address: '192.0.2.1',
            labels: { app: 'reviews', version: 'v1' },
          }),
          rule({ version: 'v1' }),
        ],
      },
      'no subsets': { objects: [reviews, destinationRule('shop/reviews', { host: 'reviews' })] },
    },
  },
  IST0174: {
    fires: {
      'a host nobody has': { objects: [rule({}, 'ratings')], at: ['DestinationRule shop/reviews spec.host'] },
      'a wildcard that covers nobody': {
        objects: [reviews, rule({}, '*.books.svc.cluster.local')],
        at: ['DestinationRule shop/reviews spec.host'],
      },
    },
    silent: {
      'a service': { objects: [reviews, rule({})] },
      'a ServiceEntry': {
        objects: [serviceEntry('books/api', { hosts: ['*.example.com'] }), rule({}, 'a.example.com')],
      },
      'everything of the mesh': { objects: [reviews, rule({}, '*.local')] },
      'everything of a namespace': { objects: [reviews, rule({}, '*.shop.svc.cluster.local')] },
      'everything there is': { objects: [reviews, rule({}, '*')] },
      'everything under the hosts of ServiceEntries': {
        objects: [
          serviceEntry('books/api', { hosts: ['eu.example.com', '*.us.example.org'] }),
          rule({}, '*.example.com'),
          rule({}, '*.example.org'),
        ],
      },
    },
  },
})
