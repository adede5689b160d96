import { checks, object } from '@/tests/support/checkers/checks'
import { workloadGroups } from './groups'

const group = (name: string, app: string, serviceAccount = 'vm') =>
  object('networking.istio.io/v1', 'WorkloadGroup', name, {
    metadata: { labels: { app } },
    template: { serviceAccount },
  })
const account = object('v1', 'ServiceAccount', 'shop/vm')

checks(workloadGroups, {
  KIA1701: {
    fires: {
      'no account': {
        objects: [account, group('shop/a', 'a', 'none')],
        at: ['WorkloadGroup shop/a spec.template.serviceAccount'],
      },
    },
    silent: { 'an account, or accounts not known': { objects: [account, group('shop/a', 'a')] } },
  },
  KIA1702: {
    fires: {
      'the same labels': {
        objects: [group('shop/a', 'a'), group('shop/b', 'a')],
        at: ['WorkloadGroup shop/a spec.metadata.labels', 'WorkloadGroup shop/b spec.metadata.labels'],
      },
    },
    silent: {
      'labels of their own': { objects: [group('shop/a', 'a'), group('shop/b', 'b'), group('books/c', 'a')] },
    },
  },
})
