import { checks, gateway, pod, service } from '@/tests/support/checkers/checks'
import { workload } from './workload'

const front = (...ports: number[]) =>
  gateway('shop/front', {
    selector: { app: 'front' },
    servers: ports.map((number) => ({ port: { number } })),
  })
const proxy = pod('edge/front-1', { app: 'front', tier: 'edge' })
const open = (port: object, name = 'edge/front') =>
  service(name, { selector: { app: 'front' }, ports: [port] })

checks(workload, {
  IST0101: {
    fires: {
      'no pod has the labels': {
        objects: [front(80), pod('edge/other', { app: 'other' })],
        at: ['Gateway shop/front spec.selector'],
      },
    },
    silent: { 'a pod of any namespace': { objects: [front(), proxy] } },
  },
  IST0162: {
    fires: {
      'a port no service opens': {
        objects: [front(80, 81), proxy, open({ port: 80 })],
        at: ['Gateway shop/front spec.servers[1].port.number'],
      },
      'the service’s port where the target is another and ports are not translated': {
        objects: [
          front(80),
          proxy,
          service(
            'edge/front',
            { selector: { app: 'front' }, ports: [{ port: 80, targetPort: 8080 }] },
            { labels: { 'experimental.istio.io/disable-gateway-port-translation': 'true' } },
          ),
        ],
        at: ['Gateway shop/front spec.servers[0].port.number'],
      },
      'a service of another namespace': {
        objects: [front(80), proxy, open({ port: 80 }, 'shop/front')],
        at: ['Gateway shop/front spec.servers[0].port.number'],
      },
      UDP: {
        objects: [front(80), proxy, open({ port: 80, protocol: 'UDP' })],
        at: ['Gateway shop/front spec.servers[0].port.number'],
      },
    },
    silent: {
      'target ports, as number and as text': {
        objects: [
          front(8080, 8443),
          proxy,
          open({ port: 80, targetPort: 8080 }),
          open({ port: 443, targetPort: '8443' }),
        ],
      },
      'the service’s port where the target is another, which istiod translates': {
        objects: [front(80), proxy, open({ port: 80, targetPort: 8080 })],
      },
      'a named target port, taken for the service’s': {
        objects: [front(80), proxy, open({ port: 80, targetPort: 'http' })],
      },
      'no pods, which is another finding': { objects: [front(80)] },
    },
  },
})
