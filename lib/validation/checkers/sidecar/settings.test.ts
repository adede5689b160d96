import { checks, httpService, sidecar } from '@/tests/support/checkers/checks'
import { sidecarSettings } from './settings'

const egress = (...hosts: string[]) => sidecar('shop/a', { egress: [{ hosts }] })

checks(sidecarSettings, {
  KIA1004: {
    fires: {
      'a host nobody has': {
        objects: [egress('./*', 'books/list.books.svc.cluster.local', './nothing.example.com')],
        at: [1, 2].map((at) => `Sidecar shop/a spec.egress[0].hosts[${at}]`),
      },
    },
    silent: {
      'a service, and wildcards': {
        objects: [
          httpService('books/list', 80),
          egress('books/list.books.svc.cluster.local', '*/*', '~/*', 'x/*.example.com'),
        ],
      },
    },
  },
  KIA1006: {
    fires: {
      'a selector in the root namespace': {
        objects: [sidecar('istio-system/a', { workloadSelector: { labels: { app: 'a' } } })],
        at: ['Sidecar istio-system/a spec.workloadSelector'],
      },
    },
    silent: {
      'a selector elsewhere, and none': {
        objects: [
          sidecar('shop/a', { workloadSelector: { labels: { app: 'a' } } }),
          sidecar('istio-system/a', {}),
        ],
      },
    },
  },
  KIA1007: {
    fires: {
      'no mode': {
        objects: [sidecar('shop/a', { outboundTrafficPolicy: {} })],
        at: ['Sidecar shop/a spec.outboundTrafficPolicy'],
      },
    },
    silent: {
      'a mode, or no policy': {
        objects: [sidecar('shop/a', { outboundTrafficPolicy: { mode: 'ALLOW_ANY' } }), sidecar('shop/b', {})],
      },
    },
  },
})
