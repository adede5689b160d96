import { checks, object } from '@/tests/support/checkers/checks'
import { delegates } from './delegates'

const virtualService = (name: string, spec: object) =>
  object('networking.istio.io/v1', 'VirtualService', name, spec)
const root = (delegate: object) => virtualService('shop/root', { hosts: ['cart'], http: [{}, { delegate }] })
const inner = (name: string, spec: object = {}) =>
  virtualService(name, { http: [{ route: [{ destination: { host: 'cart' } }] }], ...spec })
const at = ['VirtualService shop/root spec.http[1].delegate']

checks(delegates, {
  IST0101: {
    fires: {
      'no such virtual service': { objects: [root({ name: 'nope' }), inner('books/nope')], at },
      'one of another namespace that is kept there': {
        objects: [root({ name: 'in', namespace: 'books' }), inner('books/in', { exportTo: ['.', 'infra'] })],
        at,
      },
      'one with hosts': { objects: [root({ name: 'in' }), inner('shop/in', { hosts: ['cart'] })], at },
    },
    silent: {
      'a delegate beside it': { objects: [root({ name: 'in' }), inner('shop/in', { exportTo: ['.'] })] },
      'a delegate elsewhere that is exported here': {
        objects: [root({ name: 'in', namespace: 'books' }), inner('books/in', { exportTo: ['shop'] })],
      },
      'a delegate that delegates again, which is refused as such': {
        objects: [virtualService('shop/in', { http: [{ delegate: { name: 'nope' } }] })],
      },
    },
  },
})
