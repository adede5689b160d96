import { checks, gateway, pod } from '@/tests/support/checkers/checks'
import { conflicts } from './conflicts'

const of = (
  name: string,
  hosts: string[],
  { port = 80, selector = { app: 'front' } as object, bind = '' } = {},
) => gateway(name, { selector, servers: [{ port: { number: port }, hosts, ...(bind ? { bind } : {}) }] })
const both = ['Gateway edge/b spec.servers[0].hosts', 'Gateway shop/a spec.servers[0].hosts']
const narrow = { selector: { app: 'front', tier: 'edge' } }

checks(conflicts, {
  IST0145: {
    fires: {
      'one host on one port of the same pods': {
        objects: [of('shop/a', ['a.b']), of('edge/b', ['x', 'a.b'])],
        at: both,
      },
      'a narrower selector with a pod of both': {
        objects: [
          of('shop/a', ['a.b']),
          of('edge/b', ['a.b'], narrow),
          pod('edge/p', { app: 'front', tier: 'edge' }),
        ],
        at: both,
      },
    },
    silent: {
      'another port': { objects: [of('shop/a', ['a.b']), of('edge/b', ['a.b'], { port: 81 })] },
      'another address': { objects: [of('shop/a', ['a.b']), of('edge/b', ['a.b'], { bind: '10.0.0.1' })] },
      'other hosts': { objects: [of('shop/a', ['a.b']), of('edge/b', ['c.b'])] },
      'a narrower selector without a pod of both': {
        objects: [of('shop/a', ['a.b']), of('edge/b', ['a.b'], narrow), pod('edge/p', { app: 'front' })],
      },
    },
  },
})
