import {
  checks,
  destinationRule,
  namespace,
  serviceEntry,
  virtualService,
} from '@/tests/support/checkers/checks'
import { exportTargets } from './targets'

checks(exportTargets, {
  KIA0005: {
    fires: {
      'a namespace that is not there': {
        objects: [
          namespace('shop'),
          virtualService('shop/a', { exportTo: ['.', 'nowhere'] }),
          destinationRule('shop/a', { exportTo: ['nowhere'] }),
          serviceEntry('shop/a', { exportTo: ['nowhere'] }),
        ],
        at: ['DestinationRule', 'ServiceEntry', 'VirtualService'].map(
          (kind) => `${kind} shop/a spec.exportTo[${kind === 'VirtualService' ? 1 : 0}]`,
        ),
      },
    },
    silent: {
      'namespaces and words': {
        objects: [namespace('shop'), virtualService('shop/a', { exportTo: ['shop', '.', '*'] })],
      },
      'ambient mode': {
        objects: [
          namespace('shop', { 'istio.io/dataplane-mode': 'ambient' }),
          virtualService('shop/a', { exportTo: ['nowhere'] }),
        ],
      },
    },
  },
})
