import { checks, serviceEntry } from '@/tests/support/checkers/checks'
import { protocols } from './protocols'

const entry = (name: string, protocol: string, rest: object = {}) =>
  serviceEntry(name, { hosts: ['api.example.com'], ports: [{ number: 443, protocol }], ...rest })
const both = ['ServiceEntry books/b spec.ports[0].protocol', 'ServiceEntry shop/a spec.ports[0].protocol']

checks(protocols, {
  IST0177: {
    fires: {
      'two protocols': { objects: [entry('shop/a', 'TLS'), entry('books/b', 'TCP')], at: both },
      'one for all, one for a namespace': {
        objects: [entry('shop/a', 'TLS'), entry('books/b', 'TCP', { exportTo: ['.'] })],
        at: both,
      },
      'two for one namespace': {
        objects: [
          entry('shop/a', 'TLS', { exportTo: ['.', 'books'] }),
          entry('books/b', 'TCP', { exportTo: ['.'] }),
        ],
        at: both,
      },
    },
    silent: {
      'one protocol in any case': { objects: [entry('shop/a', 'TLS'), entry('books/b', 'tls')] },
      'exports that do not meet': {
        objects: [entry('shop/a', 'TLS', { exportTo: ['.'] }), entry('books/b', 'TCP', { exportTo: ['.'] })],
      },
      'other ports and hosts': {
        objects: [
          entry('shop/a', 'TLS'),
          entry('books/b', 'TCP', { hosts: ['b.example.com'] }),
          entry('books/c', 'TCP', { ports: [{ number: 444, protocol: 'TCP' }] }),
        ],
      },
    },
  },
})
