import { checks, k8sGateway, namespace, object } from '@/tests/support/checkers/checks'
import { k8sGateways } from './gateways'

const listener = (hostname: string, port = 80) => ({
  name: `${hostname}-${port}`,
  hostname,
  port,
  protocol: 'HTTP',
})
const gateway = (name: string, listeners: object[], rest: object = {}) =>
  k8sGateway(name, { gatewayClassName: 'istio', listeners, ...rest })
const at = (path: string, ...names: string[]) => names.map((name) => `Gateway ${name} ${path}`)
const address = { addresses: [{ value: '192.0.2.1' }] }

checks(k8sGateways, {
  KIA1501: {
    fires: {
      'one listener on two gateways': {
        objects: [gateway('shop/a', [listener('x.com')]), gateway('books/b', [listener('x.com')])],
        at: at('spec.listeners[0]', 'books/b', 'shop/a'),
      },
    },
    silent: {
      'two hosts, two ports': {
        objects: [
          gateway('shop/a', [listener('x.com')]),
          gateway('shop/b', [listener('y.com'), listener('x.com', 81)]),
        ],
      },
      waypoints: {
        objects: ['shop/a', 'shop/b'].map((name) =>
          gateway(name, [listener('')], { gatewayClassName: 'istio-waypoint' }),
        ),
      },
    },
  },
  KIA1502: {
    fires: {
      'one address twice': {
        objects: [gateway('shop/a', [], address), gateway('shop/b', [], address)],
        at: at('spec.addresses[0]', 'shop/a', 'shop/b'),
      },
    },
    silent: {
      'two addresses': {
        objects: [
          gateway('shop/a', [], address),
          gateway('shop/b', [], { addresses: [{ value: '192.0.2.2' }] }),
        ],
      },
    },
  },
  KIA1503: {
    fires: {
      'one listener twice': {
        objects: [gateway('shop/a', [listener('x.com'), listener('x.com')])],
        at: at('spec.listeners[1]', 'shop/a'),
      },
    },
    silent: { 'two listeners': { objects: [gateway('shop/a', [listener('x.com'), listener('y.com')])] } },
  },
  KIA1504: {
    fires: {
      'a class nobody has': {
        objects: [gateway('shop/a', [], { gatewayClassName: 'isto' })],
        at: at('spec.gatewayClassName', 'shop/a'),
      },
    },
    silent: {
      'a class that is there, or built in': {
        objects: [
          object('gateway.networking.k8s.io/v1', 'GatewayClass', 'nginx'),
          gateway('shop/a', [], { gatewayClassName: 'nginx' }),
          gateway('shop/b', []),
        ],
      },
    },
  },
  KIA1601: {
    fires: {
      'a namespace that is not there': {
        objects: [
          object('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'shop/g', {
            from: [{ namespace: 'x' }],
          }),
        ],
        at: ['ReferenceGrant shop/g spec.from[0].namespace'],
      },
    },
    silent: {
      'a namespace': {
        objects: [
          namespace('x'),
          object('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'shop/g', {
            from: [{ namespace: 'x' }],
          }),
        ],
      },
    },
  },
})
