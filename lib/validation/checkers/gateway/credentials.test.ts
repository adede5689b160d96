import { expect, it } from 'vitest'
import { checks, gateway, object, pod } from '@/tests/support/checkers/checks'
import { readValidity } from '@/lib/validation/lookups/certificates'
import { credentials } from './credentials'

/** Self-signed for shop.example.com, made for this test; its key was thrown away. */
const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBizCCATGgAwIBAgIUItBE2ks6+ygDX4dRq7IrC6d9dO8wCgYIKoZIzj0EAwIw',
  'GzEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTAeFw0yNjExMjMwOTIzMTRaFw0z',
  'NjExMjAwOTIzMTRaMBsxGTAXBgNVBAMMEHNob3AuZXhhbXBsZS5jb20wWTATBgcq',
  'hkjOPQIBBggqhkjOPQMBBwNCAAS4UMX4RIYnrG6gJkYdBO5x3yHYWdxgFVrRgjBF',
  'cDdvS9MMpClv5QBPkwRb5NcPHK+CTnzGiN1JMQGEU9yI5Nm4o1MwUTAdBgNVHQ4E',
  'FgQUWKLfowU9u1frhrijMvM1BCvMJCcwHwYDVR0jBBgwFoAUWKLfowU9u1frhrij',
  'MvM1BCvMJCcwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBGEdNe',
  'So1V1IKTy3bBwkok4UW55CixgQokiv3agfjOxgIhAPhYHqVKljyD8cBlCoEZVRb4',
  'WLQBqEvpTgFUfwsiNGvP',
  '-----END CERTIFICATE-----',
].join('\n')
const NOT_BEFORE = Date.UTC(2026, 10, 23, 9, 23, 14)
const NOT_AFTER = Date.UTC(2036, 10, 20, 9, 23, 14)

const front = [
  gateway('shop/front', { selector: { app: 'front' }, servers: [{}, { tls: { credentialName: 'cert' } }] }),
  pod('edge/front-1', { app: 'front' }),
]
const secret = (data: Record<string, string>, name = 'edge/cert') =>
  object(
    'v1',
    'Secret',
    name,
    undefined,
    {},
    {
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
    },
  )
const good = secret({ 'tls.crt': CERTIFICATE, 'tls.key': 'key' })
const at = ['Gateway shop/front spec.servers[1].tls.credentialName']

checks(credentials, {
  IST0101: {
    fires: {
      'no secret': { objects: front, at },
      'a secret beside the Gateway, not its pods': {
        objects: [...front, secret({ 'tls.crt': CERTIFICATE, 'tls.key': 'key' }, 'shop/cert')],
        at,
      },
    },
    silent: {
      'a secret beside the pods': { objects: [...front, good] },
      'no pods, which is another finding': { objects: front.slice(0, 1) },
    },
  },
  IST0161: {
    fires: {
      'no key': { objects: [...front, secret({ 'tls.crt': CERTIFICATE })], at },
      'no certificate': { objects: [...front, secret({ other: 'x', 'tls.key': 'key' })], at },
      'what is no certificate': { objects: [...front, secret({ 'tls.crt': 'hello', 'tls.key': 'key' })], at },
      'a cut certificate': {
        objects: [
          ...front,
          secret({ 'tls.crt': CERTIFICATE.replace(/\n[^-]{64}\n/, '\n'), 'tls.key': 'key' }),
        ],
        at,
      },
      'an expired one': { objects: [...front, good], options: { now: NOT_AFTER + 1 }, at },
      'one of the future': { objects: [...front, good], options: { now: NOT_BEFORE - 1 }, at },
    },
    silent: {
      'a valid one': { objects: [...front, good], options: { now: NOT_BEFORE } },
      'the keys of opaque secrets': { objects: [...front, secret({ cert: CERTIFICATE, key: 'key' })] },
      'plain text': {
        objects: [
          ...front,
          object(
            'v1',
            'Secret',
            'edge/cert',
            undefined,
            {},
            { stringData: { 'tls.crt': CERTIFICATE, 'tls.key': 'k' } },
          ),
        ],
      },
    },
  },
})

it('reads when a certificate is valid', () => {
  expect(readValidity(CERTIFICATE)).toEqual({ notBefore: NOT_BEFORE, notAfter: NOT_AFTER })
})
