import { describe, expect, it } from 'vitest'
import { present } from '@/tests/support/present'
import { newDestinationRule, newHttpRoute, newVirtualService, withSubset } from './create'
import { readForm, writeForm } from './form'
import { balancingForm } from './policy/balancing'
import { policyAt, POLICY_PRESETS, RULE_PRESETS, testersRule, withPolicy } from './presets'
import { copyOfRule, insertRule, moveRule, removeRule, rulesOf } from './rules'
import { destinationWords, policyWords, ruleWords } from './words'

const reviews = { namespace: 'bookinfo', name: 'reviews' }
const route = { route: [{ destination: { host: 'reviews' } }] }
const preset = (id: string) =>
  present([...RULE_PRESETS.fault, ...RULE_PRESETS.timeout, ...POLICY_PRESETS].find((each) => each.id === id))

describe('presets', () => {
  it.each([
    [
      'abort-503',
      { fault: { abort: { httpStatus: 503, percentage: { value: 10 } } } },
      'aborts 10 % of requests with 503',
    ],
    [
      'delay-2s',
      { fault: { delay: { fixedDelay: '2s', percentage: { value: 10 } } } },
      'delays 10 % of requests by 2s',
    ],
    ['timeout-3s', { timeout: '3s' }, 'timeout 3s'],
    ['retry-5xx', { retries: { attempts: 2, retryOn: '5xx' } }, '2 retries on 5xx'],
  ])('%s', (id, added, words) => {
    const next = preset(id).apply(route)
    expect(next).toEqual({ ...route, ...added })
    expect(ruleWords(next, 'VirtualService')).toEqual([words])
  })

  it.each([
    ['eject-5xx', 'ejects for 30s after 5 consecutive 5xx'],
    ['max-connections', 'at most 100 connections'],
  ])('%s', (id, words) => {
    expect(policyWords(preset(id).apply({ unknown: 1 }))).toContain(words)
    expect(preset(id).apply({ unknown: 1 })).toMatchObject({ unknown: 1 })
  })

  it('put testers before everybody else', () => {
    const rule = { name: 'all', ...route, timeout: '1s' }
    expect(
      testersRule(rule, 'VirtualService', { name: 'x-tester', value: 'yes' }, preset('abort-503').apply),
    ).toEqual({
      ...route,
      timeout: '1s',
      match: [{ headers: { 'x-tester': { exact: 'yes' } } }],
      fault: { abort: { httpStatus: 503, percentage: { value: 10 } } },
    })
  })
})

describe('rules', () => {
  const of = (...names: string[]) => ({
    ...newVirtualService(reviews),
    spec: { hosts: ['reviews'], http: names.map((name) => ({ name })), tcp: [] },
  })
  const names = (object: ReturnType<typeof of>) => rulesOf(object).map((rule) => rule.name)

  it('are inserted, moved and removed, and the rest of the object stays', () => {
    expect(names(insertRule(of('a', 'b'), 1, { name: 'x' }) as ReturnType<typeof of>)).toEqual([
      'a',
      'x',
      'b',
    ])
    expect(names(moveRule(of('a', 'b', 'c'), 2, 0) as ReturnType<typeof of>)).toEqual(['c', 'a', 'b'])
    expect(names(moveRule(of('a', 'b'), 1, 2) as ReturnType<typeof of>)).toEqual(['a', 'b'])
    expect(removeRule(of('a', 'b'), 0)).toEqual(of('b'))
  })

  it('are copied without their name', () => {
    expect(copyOfRule({ name: 'a', match: [{ uri: {} }] })).toEqual({ match: [{ uri: {} }] })
  })
})

describe('policies', () => {
  it('are of the whole service or of a subset; an empty one goes', () => {
    const rule = withSubset(newDestinationRule(reviews), 'v1', { version: 'v1' })
    const scope = { of: 'subset', index: 0 } as const
    const next = withPolicy(rule, scope, { loadBalancer: { simple: 'RANDOM' } })
    expect(policyAt(next, scope)).toEqual({ loadBalancer: { simple: 'RANDOM' } })
    expect(policyAt(next, { of: 'all' })).toEqual({})
    expect(withPolicy(next, scope, {})).toEqual(rule)
  })

  it.each([
    ['header', { kind: 'header', name: 'x-user', path: '', ttl: '' }, { httpHeaderName: 'x-user' }],
    ['cookie', { kind: 'cookie', name: 'c', path: '', ttl: '' }, { httpCookie: { name: 'c', ttl: '0s' } }],
    ['sourceIp', { kind: 'sourceIp', name: '', path: '', ttl: '' }, { useSourceIp: true }],
  ] as const)('balance by %s and keep the ring', (_, balancer, hash) => {
    const policy = {
      loadBalancer: { consistentHash: { httpQueryParameterName: 'q', ringHash: { minimumRingSize: 9 } } },
    }
    const next = writeForm(balancingForm, policy, { ...readForm(balancingForm, policy), balancer })
    expect(next).toEqual({ loadBalancer: { consistentHash: { ...hash, ringHash: { minimumRingSize: 9 } } } })
  })
})

describe('words', () => {
  it.each([
    [{ route: [{ destination: { host: 'reviews', subset: 'v1' } }] }, 'VirtualService', 'reviews v1'],
    [
      {
        route: [
          { destination: { host: 'reviews.bookinfo.svc.cluster.local', subset: 'v1' }, weight: 90 },
          { destination: { host: 'example.com', port: { number: 443 } }, weight: 10 },
        ],
      },
      'VirtualService',
      'reviews v1 90 %, example.com port 443 10 %',
    ],
    [{ backendRefs: [{ name: 'a' }, { name: 'b', weight: 3 }] }, 'HTTPRoute', 'a 25 %, b 75 %'],
  ] as const)('say where a rule sends (%#)', (rule, kind, words) => {
    expect(destinationWords(rule, kind)).toBe(words)
  })

  it('name every feature of a route', () => {
    const rule = {
      filters: [
        { type: 'RequestMirror', requestMirror: { backendRef: { name: 'b' } } },
        { type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 302 } },
      ],
      timeouts: { request: '2s', backendRequest: '1s' },
    }
    expect(ruleWords(rule, 'HTTPRoute')).toEqual([
      'redirects (302) to https',
      'timeout 2s',
      'timeout per try 1s',
      'mirrors 100 % to b',
    ])
  })

  it('new objects change nothing yet', () => {
    expect(ruleWords(present(rulesOf(newVirtualService(reviews))[0]), 'VirtualService')).toEqual([])
    expect(ruleWords(present(rulesOf(newHttpRoute(reviews, 9080))[0]), 'HTTPRoute')).toEqual([])
  })
})
