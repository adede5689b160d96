import { checks, gateway, k8sGateway, pod } from '@/tests/support/checkers/checks'
import { NOTHING_OBSERVED } from '@/tests/support/checkers/observed'
import { expiringCertificate } from './expiring-certificate'

const DAY_MS = 24 * 3_600_000
const NOW = Date.UTC(2026, 0, 1)
const objects = [
  gateway('shop/front', { selector: { app: 'front' }, servers: [{ tls: { credentialName: 'cert' } }] }),
  pod('edge/front-1', { app: 'front' }),
]
const at = ['Gateway shop/front spec.servers[0].tls.credentialName']
const ends = (inDays: number, lifeDays = 365, now: number | null = NOW) => ({
  now,
  observed: {
    ...NOTHING_OBSERVED,
    certificates: [
      {
        namespace: 'edge',
        secret: 'cert',
        state: 'usable' as const,
        notBefore: NOW + (inDays - lifeDays) * DAY_MS,
        notAfter: NOW + inDays * DAY_MS,
      },
    ],
  },
})

checks(expiringCertificate, {
  HED0011: {
    fires: {
      'ten days left of a year': { objects, options: ends(10), at },
      'hours left': { objects, options: ends(0.2), at },
      'a listener of the Gateway API': {
        objects: [
          k8sGateway('edge/web', {
            listeners: [{ name: 'https', tls: { certificateRefs: [{ name: 'cert' }] } }],
          }),
        ],
        options: ends(10),
        at: ['Gateway edge/web spec.listeners[0].tls.certificateRefs[0]'],
      },
    },
    silent: {
      'a month left': { objects, options: ends(30) },
      'three days left of a week, which a robot renews': { objects, options: ends(3, 7) },
      'an expired one, which is another code': { objects, options: ends(-1) },
      'no clock': { objects, options: ends(10, 365, null) },
      'Secrets that are not read': { objects, options: { now: NOW, observed: NOTHING_OBSERVED } },
    },
  },
})
