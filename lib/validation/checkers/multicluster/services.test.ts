import type { ConfigObject } from '@/lib/mesh/inventory'
import { checks, service } from '@/tests/support/checkers/checks'
import { consistentServices } from './services'

const of = (cluster: string, spec: object) => service('shop/web', spec, { uid: cluster })
const options = { clusterOf: (object: ConfigObject) => object.metadata.uid ?? '' }
const ports = [{ name: 'http', port: 80 }]
const at = ['Service shop/web spec']

checks(consistentServices, {
  IST0170: {
    fires: {
      'headless in one': {
        objects: [of('east', { ports, clusterIP: 'None' }), of('west', { ports })],
        options,
        at,
      },
      'another type': {
        objects: [of('east', { ports }), of('west', { ports, type: 'NodePort' })],
        options,
        at,
      },
      'other ports': {
        objects: [of('east', { ports }), of('west', { ports: [{ name: 'http', port: 81 }] })],
        options,
        at,
      },
    },
    silent: {
      'the same, in other words': {
        objects: [
          of('east', { ports: [{ name: 'b', port: 2 }, ...ports], clusterIP: '10.0.0.1' }),
          of('west', {
            ports: [...ports, { name: 'b', port: 2, targetPort: 2, protocol: 'TCP' }],
            type: 'ClusterIP',
          }),
        ],
        options,
      },
      'one cluster': { objects: [of('east', { ports })], options },
      'clusters that are not known': { objects: [of('east', { ports }), of('west', { ports: [] })] },
    },
  },
})
