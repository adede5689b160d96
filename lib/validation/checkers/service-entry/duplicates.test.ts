import { checks, serviceEntry } from '@/tests/support/checkers/checks'
import { entryDuplicates } from './duplicates'

const entry = (name: string, number: number, protocol = 'TLS') =>
  serviceEntry(name, { hosts: ['api.example.com'], ports: [{ number, protocol }] })

checks(entryDuplicates, {
  KIA1211: {
    fires: {
      'one port twice': {
        objects: [entry('shop/a', 443), entry('books/b', 443)],
        at: ['ServiceEntry books/b spec.ports[0]', 'ServiceEntry shop/a spec.ports[0]'],
      },
    },
    silent: {
      'two ports, or two protocols': {
        objects: [entry('shop/a', 443), entry('shop/b', 80), entry('shop/c', 443, 'TCP')],
      },
    },
  },
})
