import { checks, peerAuthentication, pod, requestAuthentication } from '@/tests/support/checkers/checks'
import { peerSelection } from './peer-selection'

const of = (labels: object) => ({ selector: { matchLabels: labels } })
const web = pod('shop/web-1', { app: 'web', tier: 'front' })

checks(peerSelection, {
  KIA0002: {
    fires: {
      'two for a namespace': {
        objects: [peerAuthentication('shop/a', {}), peerAuthentication('shop/b', { mtls: {} })],
        at: ['PeerAuthentication shop/a', 'PeerAuthentication shop/b'],
      },
    },
    silent: {
      'one for each namespace, one for pods': {
        objects: [
          peerAuthentication('shop/a', {}),
          peerAuthentication('books/b', {}),
          web,
          peerAuthentication('shop/c', of({ app: 'web' })),
        ],
      },
    },
  },
  KIA0003: {
    fires: {
      'two for one pod': {
        objects: [
          web,
          peerAuthentication('shop/a', of({ app: 'web' })),
          peerAuthentication('shop/b', of({ tier: 'front' })),
        ],
        at: ['PeerAuthentication shop/a spec.selector', 'PeerAuthentication shop/b spec.selector'],
      },
    },
    silent: {
      'different pods': {
        objects: [
          web,
          pod('shop/db-1', { app: 'db' }),
          peerAuthentication('shop/a', of({ app: 'web' })),
          peerAuthentication('shop/b', of({ app: 'db' })),
        ],
      },
    },
  },
  KIA0004: {
    fires: {
      'labels nobody has': {
        objects: [
          web,
          peerAuthentication('shop/a', of({ app: 'x' })),
          requestAuthentication('books/b', of({ app: 'web' })),
        ],
        at: ['PeerAuthentication shop/a spec.selector', 'RequestAuthentication books/b spec.selector'],
      },
    },
    silent: {
      'labels of a pod, in the root namespace of any': {
        objects: [
          web,
          peerAuthentication('shop/a', of({ app: 'web' })),
          requestAuthentication('istio-system/b', of({ app: 'web' })),
        ],
      },
    },
  },
})
