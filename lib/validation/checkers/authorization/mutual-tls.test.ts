import {
  authorizationPolicy,
  checks,
  destinationRule,
  peerAuthentication,
  pod,
} from '@/tests/support/checkers/checks'
import { identities } from './mutual-tls'

const policy = authorizationPolicy('shop/a', { rules: [{ from: [{ source: { namespaces: ['books'] } }] }] })
const disabled = (name: string, rest = {}) => peerAuthentication(name, { mtls: { mode: 'DISABLE' }, ...rest })
const at = ['AuthorizationPolicy shop/a spec.rules[0].from[0].source.namespaces']
const off = { enableAutoMtls: false }

checks(identities, {
  KIA0105: {
    fires: {
      'mutual TLS disabled in the namespace, or the mesh': { objects: [policy, disabled('shop/a')], at },
      'mutual TLS disabled in the mesh': { objects: [policy, disabled('istio-system/a')], at },
      'mutual TLS disabled for its pods': {
        objects: [
          policy,
          pod('shop/w', { app: 'w' }),
          disabled('shop/a', { selector: { matchLabels: { app: 'w' } } }),
        ],
        at,
      },
      'nobody asks for it': { objects: [policy], mesh: off, at },
      'a condition': {
        objects: [
          authorizationPolicy('shop/a', { rules: [{ when: [{ key: 'source.principal', values: ['a'] }] }] }),
          disabled('shop/a'),
        ],
        at: ['AuthorizationPolicy shop/a spec.rules[0].when[0].key'],
      },
    },
    silent: {
      'automatic mutual TLS': { objects: [policy] },
      'callers are told': {
        objects: [
          policy,
          destinationRule('shop/t', { host: '*.local', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }),
        ],
        mesh: off,
      },
      'no identity in the rules': {
        objects: [authorizationPolicy('shop/a', { rules: [{ to: [{}] }] }), disabled('shop/a')],
      },
    },
  },
})
