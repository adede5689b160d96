import { checks, gateway } from '@/tests/support/checkers/checks'
import { duplicateCertificate } from './duplicate-certificate'

const of = (name: string, tls: object, selector: object = { app: 'front' }) =>
  gateway(name, { selector, servers: [{ tls }] })
const secret = { credentialName: 'cert' }
const both = ['Gateway shop/a spec.servers[0].tls', 'Gateway shop/b spec.servers[0].tls']

checks(duplicateCertificate, {
  IST0138: {
    fires: {
      'one secret': { objects: [of('shop/a', secret), of('shop/b', secret)], at: both },
      'one pair of files': {
        objects: [
          of('shop/a', { serverCertificate: '/c', privateKey: '/k' }),
          of('shop/b', { serverCertificate: '/c', privateKey: '/k' }),
        ],
        at: both,
      },
      'the wider selector only': {
        objects: [of('shop/a', secret), of('shop/b', secret, { app: 'front', tier: 'edge' })],
        at: ['Gateway shop/a spec.servers[0].tls'],
      },
    },
    silent: {
      'two servers of one Gateway': {
        objects: [gateway('shop/a', { servers: [{ tls: secret }, { tls: secret }] })],
      },
      'other pods': { objects: [of('shop/a', secret), of('shop/b', secret, { app: 'back' })] },
      'no certificate at all': {
        objects: [of('shop/a', { mode: 'PASSTHROUGH' }), of('shop/b', { mode: 'PASSTHROUGH' })],
      },
    },
  },
})
