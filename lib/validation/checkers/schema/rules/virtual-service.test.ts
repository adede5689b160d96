import { describe } from 'vitest'
import { virtualService } from '@/tests/support/checkers/checks'
import { says } from '@/tests/support/checkers/rules'

const to = (host: string, rest: object = {}) => ({ destination: { host }, ...rest })
const good = { route: [to('a')] }
const of = (spec: object) => virtualService('shop/a', { hosts: ['a'], ...spec })
const http = (rule: object) => of({ http: [{ ...good, ...rule }] })
const match = (one: object) => http({ match: [one] })

describe('hosts and gateways', () => {
  says([
    ['a plain one', of({ http: [good] })],
    ['no rules', of({}), 'error spec'],
    ['a delegate', virtualService('shop/a', { http: [good] })],
    [
      'a delegate with more',
      virtualService('shop/a', { http: [good], gateways: ['g'], tcp: [good] }),
      'error gateways',
      'error tcp',
    ],
    ['a name that is none', of({ hosts: ['a_b'], http: [good] }), 'error hosts[0]'],
    ['a number at the end', of({ hosts: ['a.1'], http: [good] }), 'error hosts[0]'],
    ['an address', of({ hosts: ['10.0.0.1'], http: [good] })],
    ['* in the mesh', of({ hosts: ['*'], http: [good] }), 'error hosts[0]'],
    ['* at a gateway', of({ hosts: ['*'], gateways: ['g'], http: [good] })],
    ['a host twice', of({ hosts: ['a.b', '*.b'], http: [good] }), 'error hosts[1]'],
    [
      'gateways of other forms',
      of({ gateways: ['ns/g', 'g.ns.svc.cluster.local'], http: [good] }),
      'warning gateways[1]',
    ],
    [
      'gateways that are none',
      of({ gateways: ['/g', 'ns/', 'G_g', 'a/b/c'], http: [good] }),
      'error gateways[0]',
      'error gateways[1]',
      'error gateways[2]',
      'error gateways[3]',
    ],
    ['exports', of({ exportTo: ['.', 'books'], http: [good] })],
    [
      'exports that exclude each other',
      of({ exportTo: ['.', 'shop', '*', '~', 'x y'], http: [good] }),
      'error exportTo',
      'error exportTo',
      'error exportTo[1]',
      'error exportTo[3]',
      'error exportTo[4]',
    ],
  ])
})

describe('what a rule does', () => {
  says([
    ['nothing', http({ route: [] }), 'error http[0]'],
    ['a redirect', http({ route: undefined, redirect: { uri: '/b' } })],
    [
      'a redirect and more',
      http({ redirect: { uri: '/b' }, fault: { abort: { httpStatus: 500 } }, rewrite: { uri: '/' } }),
      'error http[0].route',
      'error http[0].fault',
      'error http[0].rewrite',
    ],
    ['a redirect to nowhere', http({ route: [], redirect: {} }), 'error http[0].redirect'],
    [
      'a redirect of odd values',
      http({ route: [], redirect: { scheme: 'ftp', redirectCode: 200, port: 70000 } }),
      'error http[0].redirect.scheme',
      'error http[0].redirect.redirectCode',
      'error http[0].redirect.port',
    ],
    ['a direct response', http({ route: [], directResponse: { status: 503, body: { string: 'no' } } })],
    [
      'a direct response and a route',
      http({ directResponse: { status: 99 } }),
      'error http[0].route',
      'error http[0].directResponse.status',
    ],
    [
      'a large body',
      http({ route: [], directResponse: { status: 200, body: { string: 'x'.repeat(200_000) } } }),
      'warning http[0].directResponse.body',
    ],
    [
      'a huge body',
      http({ route: [], directResponse: { status: 200, body: { bytes: 'x'.repeat(2_000_000) } } }),
      'error http[0].directResponse.body',
    ],
    ['a delegation', http({ route: undefined, delegate: { name: 'b' } })],
    [
      'a delegation and more',
      http({ delegate: { name: 'b' }, redirect: { uri: '/' } }),
      'error http[0].route',
      'error http[0].redirect',
    ],
    [
      'a delegation of a delegate',
      virtualService('shop/a', { http: [{ ...good, delegate: { name: 'b' } }] }),
      'error http[0].delegate',
    ],
    [
      'mirror and mirrors',
      http({ mirror: { host: 'b' }, mirrors: [{ destination: { host: 'c' } }] }),
      'error http[0].mirrors',
    ],
    [
      'mirrors of odd shares',
      http({ mirrors: [{ destination: { host: 'c' }, percentage: { value: 101 } }, {}] }),
      'error http[0].mirrors[0].percentage.value',
      'error http[0].mirrors[1]',
    ],
    [
      'the old mirror share',
      http({ mirror: { host: 'b' }, mirrorPercent: 101 }),
      'error http[0].mirrorPercent',
      'warning http[0].mirrorPercent',
    ],
    [
      'a negative mirror share',
      http({ mirror: { host: 'b' }, mirrorPercentage: { value: -1 } }),
      'error http[0].mirrorPercentage.value',
    ],
    ['rewrites', http({ rewrite: {} }), 'error http[0].rewrite'],
    [
      'rewrites twice',
      http({ rewrite: { uri: '/', uriRegexRewrite: { match: '(', rewrite: 'x' } } }),
      'error http[0].rewrite',
      'error http[0].rewrite.uriRegexRewrite.match',
    ],
    [
      'half a rewrite',
      http({ rewrite: { uriRegexRewrite: { match: 'a' } } }),
      'error http[0].rewrite.uriRegexRewrite',
    ],
  ])
})

describe('destinations', () => {
  says([
    ['weights that need not be 100', http({ route: [to('a', { weight: 1 }), to('b', { weight: 2 })] })],
    ['one without weight', http({ route: [to('a')] })],
    [
      'a negative weight',
      http({ route: [to('a', { weight: -1 }), to('b', { weight: 101 })] }),
      'error http[0].route[0].weight',
    ],
    ['no weight at all', http({ route: [to('a'), to('b', { weight: 0 })] }), 'error http[0].route'],
    ['no destination', http({ route: [{}] }), 'error http[0].route[0]'],
    ['every host', http({ route: [to('*')] }), 'error http[0].route[0].destination.host'],
    ['no host', http({ route: [to('')] }), 'error http[0].route[0].destination.host'],
    [
      'odd subset and port',
      http({ route: [{ destination: { host: 'a', subset: 'v_1', port: { number: 0 } } }] }),
      'error http[0].route[0].destination.subset',
      'error http[0].route[0].destination.port.number',
    ],
  ])
})

describe('matches', () => {
  says([
    ['an empty path prefix', match({ uri: { prefix: '' } })],
    ['an empty method prefix', match({ method: { prefix: '' } }), 'error http[0].match[0].method.prefix'],
    ['expressions', match({ uri: { regex: '/a.*' }, headers: { 'x-user': { regex: '(?i)b' } } })],
    [
      'expressions RE2 cannot do',
      match({ uri: { regex: '(?=a)' }, queryParams: { q: { regex: '' } } }),
      'error http[0].match[0].uri.regex',
      'error http[0].match[0].queryParams.q.regex',
    ],
    ['* for any header', match({ withoutHeaders: { x: { regex: '*' } } })],
    [
      'header names',
      match({ headers: { 'a b': { exact: 'x' }, ':path': { exact: 'x' } } }),
      'error http[0].match[0].headers["a b"]',
    ],
    [
      'claims in the mesh',
      match({ headers: { '@request.auth.claims.x': { exact: 'y' } } }),
      'error http[0].match[0].headers["@request.auth.claims.x"]',
    ],
    [
      'claims at a gateway',
      of({
        gateways: ['g'],
        http: [{ ...good, match: [{ headers: { '@request.auth.claims.x': { exact: 'y' } } }] }],
      }),
    ],
    [
      'ports, labels, namespaces',
      match({ port: 70000, sourceLabels: { 'a b': 'c d' }, sourceNamespace: 'x y' }),
      'error http[0].match[0].port',
      'error http[0].match[0].sourceLabels["a b"]',
      'error http[0].match[0].sourceLabels["a b"]',
      'error http[0].match[0].sourceNamespace',
    ],
  ])
})

describe('faults, retries, timeouts, headers, origins', () => {
  says([
    ['a fault of nothing', http({ fault: {} }), 'error http[0].fault'],
    [
      'a good fault',
      http({
        fault: {
          abort: { percentage: { value: 0.001 }, httpStatus: 503 },
          delay: { percentage: { value: 100 }, fixedDelay: '1.5s' },
        },
      }),
    ],
    [
      'shares out of range',
      http({
        fault: {
          abort: { percentage: { value: 101 }, httpStatus: 500 },
          delay: { percentage: { value: 0.00001 }, fixedDelay: '1s' },
        },
      }),
      'error http[0].fault.abort.percentage.value',
      'error http[0].fault.delay.percentage.value',
    ],
    ['an abort without status', http({ fault: { abort: {} } }), 'warning http[0].fault.abort'],
    ['odd statuses', http({ fault: { abort: { httpStatus: 700 } } }), 'error http[0].fault.abort.httpStatus'],
    ['gRPC statuses', http({ fault: { abort: { grpcStatus: 'UNAVAILABLE' } } })],
    [
      'unknown gRPC statuses',
      http({ fault: { abort: { grpcStatus: '14' } } }),
      'error http[0].fault.abort.grpcStatus',
    ],
    [
      'what proxies cannot do',
      http({ fault: { abort: { http2Error: 'X' }, delay: { exponentialDelay: '1s' } } }),
      'error http[0].fault.abort.http2Error',
      'error http[0].fault.delay.exponentialDelay',
    ],
    ['retries', http({ retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx,connect-failure,503' } })],
    [
      'retries switched off and set',
      http({ retries: { attempts: 0, retryOn: '5xx' } }),
      'error http[0].retries',
    ],
    [
      'odd retries',
      http({ retries: { attempts: -1, perTryTimeout: '0s', retryOn: 'never', backoff: 'x' } }),
      'error http[0].retries.attempts',
      'error http[0].retries.perTryTimeout',
      'error http[0].retries.retryOn',
      'error http[0].retries.backoff',
    ],
    ['durations', http({ timeout: '1h30m' })],
    ['durations that are none', http({ timeout: '10' }), 'error http[0].timeout'],
    ['too short', http({ timeout: '0.1ms' }), 'error http[0].timeout'],
    ['too fine', http({ timeout: '1.0001ms' }), 'error http[0].timeout'],
    ['headers', http({ headers: { request: { set: { host: 'b', x: '%HOSTNAME% 100%%' }, remove: ['y'] } } })],
    [
      'headers of the protocol',
      http({ headers: { request: { add: { ':path': 'x' } }, response: { remove: ['Host', ''] } } }),
      'error http[0].headers.request.add[":path"]',
      'error http[0].headers.response.remove[0]',
      'error http[0].headers.response.remove[1]',
    ],
    [
      'odd values',
      http({ headers: { request: { set: { x: '100%' } } } }),
      'error http[0].headers.request.set.x',
    ],
    [
      'the host twice',
      http({ rewrite: { authority: 'b' }, headers: { request: { set: { ':authority': 'c' } } } }),
      'error http[0]',
    ],
    [
      'origins',
      http({
        corsPolicy: {
          allowOrigins: [{ exact: 'https://a' }],
          allowMethods: ['GET', '*'],
          allowHeaders: ['x', '*'],
          maxAge: '24h',
        },
      }),
    ],
    [
      'odd origins',
      http({
        corsPolicy: {
          allowOrigins: [{}, { regex: '(' }],
          allowMethods: ['get'],
          exposeHeaders: ['a b'],
          maxAge: '1.5s',
        },
      }),
      'error http[0].corsPolicy.allowOrigins[0]',
      'error http[0].corsPolicy.allowOrigins[1].regex',
      'error http[0].corsPolicy.allowMethods[0]',
      'error http[0].corsPolicy.exposeHeaders[0]',
      'error http[0].corsPolicy.maxAge',
    ],
  ])
})

describe('tls and tcp', () => {
  const tls = (rule: object) => of({ hosts: ['*.b'], tls: [{ route: [to('a')], ...rule }] })
  says([
    ['a name of the hosts', tls({ match: [{ sniHosts: ['a.b'] }] })],
    ['no match', tls({}), 'error tls[0]'],
    ['no names', tls({ match: [{ port: 443 }] }), 'error tls[0].match[0]'],
    ['a name of others', tls({ match: [{ sniHosts: ['a.c'] }] }), 'error tls[0].match[0].sniHosts[0]'],
    ['an address', tls({ match: [{ sniHosts: ['10.0.0.1'] }] }), 'warning tls[0].match[0].sniHosts[0]'],
    ['no route', tls({ match: [{ sniHosts: ['a.b'] }], route: [] }), 'error tls[0]'],
    ['tcp', of({ tcp: [{ match: [{ destinationSubnets: ['10.0.0.0/8'], port: 1 }], route: [to('a')] }] })],
    [
      'odd tcp',
      of({ tcp: [{ match: [{ destinationSubnets: ['x'], port: -1 }] }] }),
      'error tcp[0].match[0].destinationSubnets[0]',
      'error tcp[0].match[0].port',
      'error tcp[0]',
    ],
  ])
})
