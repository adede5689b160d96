import { checks, pod, telemetry } from '@/tests/support/checkers/checks'
import { telemetrySelectors } from './selectors'

const forApp = (name: string, labels: object = { app: 'a' }) =>
  telemetry(name, { selector: { matchLabels: labels } })

checks(telemetrySelectors, {
  IST0101: {
    fires: {
      'labels no pod of the namespace has': {
        objects: [forApp('shop/x'), pod('books/a', { app: 'a' })],
        at: ['Telemetry shop/x spec.selector.matchLabels'],
      },
    },
    silent: { 'labels of a pod': { objects: [forApp('shop/x'), pod('shop/a', { app: 'a' })] } },
  },
  IST0159: {
    fires: {
      'one pod and two selectors': {
        objects: [forApp('shop/x'), forApp('shop/y'), pod('shop/a', { app: 'a' })],
        at: ['Telemetry shop/x spec.selector', 'Telemetry shop/y spec.selector'],
      },
    },
    silent: {
      'two pods and two selectors': {
        objects: [
          forApp('shop/x'),
          forApp('shop/y', { app: 'b' }),
          pod('shop/a', { app: 'a' }),
          pod('shop/b', { app: 'b' }),
        ],
      },
    },
  },
  IST0160: {
    fires: {
      'two for one namespace': {
        objects: [telemetry('shop/x', {}), telemetry('shop/y', {})],
        at: ['Telemetry shop/x metadata.name', 'Telemetry shop/y metadata.name'],
      },
    },
    silent: {
      'one for each namespace': { objects: [telemetry('shop/x', {}), telemetry('books/y', {})] },
      'one attached to a gateway': {
        objects: [
          telemetry('shop/x', {}),
          telemetry('shop/y', { targetRefs: [{ kind: 'Gateway', name: 'g' }] }),
        ],
      },
    },
  },
})
