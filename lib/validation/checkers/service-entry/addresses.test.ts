import { checks, object, serviceEntry } from '@/tests/support/checkers/checks'
import { addresses } from './addresses'

const entry = (port: object, rest: object = {}) =>
  serviceEntry('shop/db', { hosts: ['db'], ports: [{ number: 1 }, port].slice(1), ...rest })
const at = ['ServiceEntry shop/db spec.ports[0]']
const meshOf = (metadata: object) => ({ defaultConfig: { proxyMetadata: metadata } })

checks(addresses, {
  IST0134: {
    fires: {
      'TCP in any case, and no protocol': { objects: [entry({ protocol: 'tcp' })], at },
      'no protocol': { objects: [entry({ number: 1 })], at },
      'allocation without DNS capture': {
        objects: [entry({ protocol: 'TCP' })],
        mesh: meshOf({ ISTIO_META_DNS_AUTO_ALLOCATE: 'true' }),
        at,
      },
    },
    silent: {
      addresses: { objects: [entry({ protocol: 'TCP' }, { addresses: ['10.0.0.1'] })] },
      HTTP: { objects: [entry({ protocol: 'HTTP' })] },
      'addresses that proxies allocate': {
        objects: [entry({ protocol: 'TCP' })],
        mesh: meshOf({ ISTIO_META_DNS_CAPTURE: 'true', ISTIO_META_DNS_AUTO_ALLOCATE: 'true' }),
      },
      'an address that istiod allocated': {
        objects: [
          object(
            'networking.istio.io/v1',
            'ServiceEntry',
            'shop/db',
            { ports: [{ protocol: 'TCP' }] },
            {},
            {
              status: { addresses: [{ value: '240.240.0.1' }] },
            },
          ),
        ],
      },
    },
  },
})
