import { checks, virtualService } from '@/tests/support/checkers/checks'
import { gatewayHosts } from './gateway-hosts'

const on = (name: string, ...gateways: string[]) =>
  virtualService(name, { hosts: ['a.example.com'], gateways })

checks(gatewayHosts, {
  KIA1106: {
    fires: {
      'one host on one gateway': {
        objects: [on('shop/a', 'web'), on('books/b', 'shop/web')],
        at: ['VirtualService books/b spec.hosts[0]', 'VirtualService shop/a spec.hosts[0]'],
      },
    },
    silent: {
      'two gateways, and the mesh': {
        objects: [on('shop/a', 'web'), on('books/b', 'web'), on('shop/c', 'mesh'), on('shop/d')],
      },
    },
  },
  KIA1108: {
    fires: {
      'named like a host': {
        objects: [on('shop/a', 'web.shop.svc.cluster.local', 'mesh')],
        at: ['VirtualService shop/a spec.gateways[0]'],
      },
    },
    silent: { 'by name': { objects: [on('shop/a', 'shop/web', 'web')] } },
  },
})
