import { describe } from 'vitest'
import {
  authorizationPolicy,
  peerAuthentication,
  requestAuthentication,
} from '@/tests/support/checkers/checks'
import { says } from '@/tests/support/checkers/rules'

const selector = { matchLabels: { app: 'a' } }
const jwt = (rule: object) => requestAuthentication('shop/a', { jwtRules: [{ issuer: 'i', ...rule }] })
const policy = (spec: object, annotations?: Record<string, string>) =>
  authorizationPolicy('shop/a', spec, { annotations: annotations ?? {} })
const rule = (one: object, action = 'ALLOW') => policy({ action, rules: [one] })
const from = (source: object) => rule({ from: [{ source }] })
const to = (operation: object) => rule({ to: [{ operation }] })
const when = (condition: object) => rule({ when: [condition] })

describe('peer authentication', () => {
  says([
    [
      'modes of ports',
      peerAuthentication('shop/a', { selector, portLevelMtls: { 8080: { mode: 'DISABLE' } } }),
    ],
    [
      'modes of ports without selector',
      peerAuthentication('shop/a', { portLevelMtls: { 8080: { mode: 'DISABLE' } } }),
      'error portLevelMtls',
    ],
    [
      'an empty selector',
      peerAuthentication('shop/a', { selector: {}, portLevelMtls: { 80: {} } }),
      'error portLevelMtls',
      'warning selector',
    ],
    ['no ports', peerAuthentication('shop/a', { selector, portLevelMtls: {} }), 'error portLevelMtls'],
    [
      'odd ports',
      peerAuthentication('shop/a', { selector, portLevelMtls: { 0: {}, http: {} } }),
      'error portLevelMtls.0',
      'error portLevelMtls.http',
    ],
    [
      'wildcards',
      peerAuthentication('shop/a', { selector: { matchLabels: { app: 'a*' } } }),
      'error selector.matchLabels.app',
    ],
    [
      'a trial',
      peerAuthentication('shop/a', {}, { annotations: { 'istio.io/dry-run': 'true' } }),
      'error metadata.annotations["istio.io/dry-run"]',
    ],
  ])
})

describe('request authentication', () => {
  says([
    [
      'a good rule',
      jwt({
        jwksUri: 'https://a/keys',
        fromHeaders: [{ name: 'x' }],
        outputClaimToHeaders: [{ claim: 'sub', header: 'x-sub' }],
      }),
    ],
    ['neither issuer nor keys', jwt({ issuer: '' }), 'error jwtRules[0]'],
    [
      'odd values',
      jwt({
        audiences: [''],
        jwksUri: 'ftp://a',
        jwks: '{',
        fromHeaders: [{}],
        fromParams: [''],
        fromCookies: [''],
        timeout: 'x',
      }),
      'error jwtRules[0].audiences[0]',
      'error jwtRules[0].jwksUri',
      'error jwtRules[0].jwks',
      'error jwtRules[0].fromHeaders[0]',
      'error jwtRules[0].fromParams[0]',
      'error jwtRules[0].fromCookies[0]',
      'error jwtRules[0].timeout',
    ],
    ['keys', jwt({ jwks: '{"keys": []}' })],
    [
      'copied claims',
      jwt({ outputClaimToHeaders: [{ claim: 'sub' }, { claim: 'a', header: 'x y' }] }),
      'error jwtRules[0].outputClaimToHeaders[0]',
      'error jwtRules[0].outputClaimToHeaders[1].header',
    ],
    [
      'two ways to choose',
      requestAuthentication('shop/a', {
        selector,
        targetRefs: [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'g' }],
      }),
      'error spec',
    ],
    [
      'targets',
      requestAuthentication('shop/a', { targetRef: { kind: 'Pod', name: '', namespace: 'x' } }),
      'error targetRef',
      'error targetRef.kind',
      'error targetRef.namespace',
    ],
    [
      'a service',
      requestAuthentication('shop/a', { targetRefs: [{ kind: 'Service', group: '', name: 's' }] }),
    ],
  ])
})

describe('authorization', () => {
  says([
    ['allow nothing', policy({})],
    ['deny nothing', policy({ action: 'DENY' }), 'error spec'],
    ['deny everything', rule({}, 'DENY')],
    ['ask', policy({ action: 'CUSTOM', provider: { name: 'p' }, rules: [{}] })],
    ['ask nobody', policy({ action: 'CUSTOM', rules: [{}] }), 'error spec'],
    ['ask about nothing', policy({ action: 'CUSTOM', provider: { name: 'p' } }), 'error spec'],
    [
      'ask about callers',
      policy({
        action: 'CUSTOM',
        provider: { name: 'p' },
        rules: [
          { from: [{ source: { namespaces: ['a'] } }], when: [{ key: 'source.principal', values: ['x'] }] },
        ],
      }),
      'error rules[0].from[0].source.namespaces',
      'error rules[0].when[0].key',
    ],
    ['a provider without asking', policy({ provider: { name: 'p' }, rules: [{}] }), 'error provider'],
    ['empty entries', rule({ from: [{}], to: [{}] }), 'error rules[0].from[0]', 'error rules[0].to[0]'],
    ['an empty source', from({}), 'error rules[0].from[0].source'],
    ['an empty operation', to({}), 'error rules[0].to[0].operation'],
    ['sources', from({ principals: ['*/ns/a/sa/*'], ipBlocks: ['10.0.0.0/8'] })],
    [
      'odd sources',
      from({ principals: [''], ipBlocks: ['10.0.0'], remoteIpBlocks: ['x'] }),
      'error rules[0].from[0].source.principals[0]',
      'error rules[0].from[0].source.ipBlocks[0]',
      'error rules[0].from[0].source.remoteIpBlocks[0]',
    ],
    ['accounts', from({ serviceAccounts: ['a', 'ns/a'] })],
    [
      'odd accounts',
      from({ serviceAccounts: ['a/b/c', 'ns/*'], namespaces: ['x'] }),
      'error rules[0].from[0].source',
      'error rules[0].from[0].source.serviceAccounts[0]',
      'error rules[0].from[0].source.serviceAccounts[1]',
    ],
    ['operations', to({ ports: ['80'], paths: ['/a/{*}/b/{**}', '/x*'] })],
    [
      'odd operations',
      to({ ports: ['http', '70000'], methods: [''], paths: ['/{**}/{*}', '/{a}', '/{*}/a*'] }),
      'error rules[0].to[0].operation.ports[0]',
      'error rules[0].to[0].operation.ports[1]',
      'error rules[0].to[0].operation.methods[0]',
      'error rules[0].to[0].operation.paths[0]',
      'error rules[0].to[0].operation.paths[1]',
      'error rules[0].to[0].operation.paths[2]',
    ],
    ['conditions', when({ key: 'request.headers[x-user]', values: ['a'] })],
    ['conditions of nothing', when({ key: '', values: ['a'] }), 'error rules[0].when[0]'],
    ['conditions without values', when({ key: 'source.ip' }), 'error rules[0].when[0]'],
    [
      'odd conditions',
      rule({
        when: [
          { key: 'source.ip', values: ['x'] },
          { key: 'destination.port', notValues: ['x'] },
          { key: 'request.headers', values: ['a'] },
          { key: 'destination.namespace', values: ['a'] },
        ],
      }),
      'error rules[0].when[0].values[0]',
      'error rules[0].when[1].notValues[0]',
      'error rules[0].when[2].key',
      'error rules[0].when[3].key',
    ],
    ['denying by path', rule({ to: [{ operation: { paths: ['/a'] } }] }, 'DENY'), 'warning rules[0]'],
    ['denying by path and port', rule({ to: [{ operation: { paths: ['/a'], ports: ['80'] } }] }, 'DENY')],
    [
      'denying by claim',
      rule({ from: [{ source: { requestPrincipals: ['*'] } }] }, 'DENY'),
      'warning rules[0]',
    ],
    ['a trial', policy({ rules: [{}] }, { 'istio.io/dry-run': 'true' })],
    [
      'an odd trial',
      policy({ rules: [{}] }, { 'istio.io/dry-run': 'perhaps' }),
      'error metadata.annotations["istio.io/dry-run"]',
    ],
    [
      'a trial of asking',
      policy({ action: 'AUDIT', rules: [{}] }, { 'istio.io/dry-run': 'true' }),
      'error metadata.annotations["istio.io/dry-run"]',
    ],
  ])
})
