import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import { gatewayForm, k8sGatewayForm } from './entry/gateway'
import { hostsForm, routeHostsForm } from './entry/hosts'
import { setAt, type Fields } from './fields'
import { readForm, writeForm, type Bindings } from './form'
import { balancingForm } from './policy/balancing'
import { breakerForm } from './policy/breaker'
import { subsetsForm } from './policy/subsets'
import { destinationsForm, routeDestinationsForm } from './rule/destinations'
import { faultForm } from './rule/fault'
import { matchForm, routeMatchForm, grpcMatchForm } from './rule/match'
import { mirrorForm, routeMirrorForm } from './rule/mirror'
import { rewriteForm, routeRewriteForm } from './rule/rewrite'
import { routeTimeoutForm, timeoutForm } from './rule/timeout'

const FORMS: Readonly<Record<string, Bindings>> = {
  faultForm,
  timeoutForm,
  routeTimeoutForm,
  mirrorForm,
  routeMirrorForm,
  matchForm,
  routeMatchForm,
  grpcMatchForm,
  rewriteForm,
  routeRewriteForm,
  destinationsForm,
  routeDestinationsForm,
  breakerForm,
  balancingForm,
  hostsForm,
  routeHostsForm,
  gatewayForm,
  k8sGatewayForm,
  subsetsForm,
}

const text = fc.constantFrom('', 'a', 'v1', '3s', '5xx', 'Exact', 'PathPrefix', 'RequestMirror', 'URLRewrite')
const number = fc.constantFrom(0, 1, 10, 503, 0.5)
const leaf = fc.oneof(text, number, fc.boolean())
/** any JSON under the names the forms know, and names they do not */
const { rule: anything } = fc.letrec<{ rule: unknown; record: unknown }>((tie) => ({
  record: fc.dictionary(
    fc.constantFrom(
      ...[
        'unknown',
        'match',
        'matches',
        'uri',
        'path',
        'headers',
        'queryParams',
        'exact',
        'regex',
        'type',
        'value',
      ],
      ...[
        'fault',
        'abort',
        'delay',
        'percentage',
        'percent',
        'httpStatus',
        'fixedDelay',
        'timeout',
        'retries',
      ],
      ...[
        'mirror',
        'mirrors',
        'mirrorPercent',
        'destination',
        'host',
        'port',
        'number',
        'filters',
        'route',
        'tls',
      ],
      ...[
        'requestMirror',
        'urlRewrite',
        'backendRef',
        'name',
        'connectionPool',
        'outlierDetection',
        'http',
        'tcp',
      ],
      ...['loadBalancer', 'consistentHash', 'httpCookie', 'simple', 'spec', 'hosts', 'servers', 'listeners'],
    ),
    fc.oneof({ maxDepth: 5 }, leaf, tie('record'), fc.array(tie('record'), { maxLength: 3 })),
    { maxKeys: 6 },
  ),
  rule: tie('record'),
}))

describe('every form', () => {
  it.each(Object.entries(FORMS))('%s writes back what it read and changes nothing', (_, form) => {
    fc.assert(
      fc.property(anything, (root) => {
        // the very object: nothing was touched, not even the order of keys
        expect(writeForm(form, root, readForm(form, root))).toBe(root)
      }),
      { numRuns: 150 },
    )
  })
})

describe('what a form does not show', () => {
  it('stays when a field beside it is edited, in the order it had', () => {
    const rule = {
      name: 'r',
      retries: { attempts: 3, retryIgnorePreviousHosts: true },
      timeout: '1s',
      extra: [1],
    }
    const form = readForm(timeoutForm, rule)
    const next = writeForm(timeoutForm, rule, {
      timeout: '5s',
      retries: form.retries && { ...form.retries, attempts: 1 },
    })
    expect(JSON.stringify(next)).toBe(
      '{"name":"r","retries":{"attempts":1,"retryIgnorePreviousHosts":true},"timeout":"5s","extra":[1]}',
    )
  })

  it('survives any edit of a timeout', () => {
    fc.assert(
      fc.property(anything, fc.constantFrom('1s', '250ms', ''), (root, timeout) => {
        const before = root as Fields
        const next = writeForm(timeoutForm, before, { ...readForm(timeoutForm, before), timeout })
        // what is no text, or an empty one, reads as no timeout, and is left alone by "none"
        const isKept = timeout === '' && (typeof before.timeout !== 'string' || before.timeout === '')
        expect(next).toEqual(
          isKept ? before : setAt(before, ['timeout'], timeout === '' ? undefined : timeout),
        )
      }),
    )
  })

  it('goes with a part that is taken out, and leaves no empty record', () => {
    const rule = { route: [], fault: { abort: { httpStatus: 503, unknown: 1 } } }
    expect(writeForm(faultForm, rule, { abort: null, delay: null })).toEqual({ route: [] })
  })
})

describe('items of a list', () => {
  it('keep what the form does not show when they move', () => {
    const gateway = {
      spec: {
        servers: [
          { port: { number: 80, name: 'a', protocol: 'HTTP' }, hosts: ['a'], defaultEndpoint: 'x' },
          { port: { number: 81, name: 'b', protocol: 'HTTP' }, hosts: ['b'], bind: '0.0.0.0' },
        ],
      },
    }
    const { servers, selector } = readForm(gatewayForm, gateway)
    const next = writeForm(gatewayForm, gateway, { selector, servers: servers.toReversed() })
    expect(next).toEqual({ spec: { servers: gateway.spec.servers.toReversed() } })
  })
})
