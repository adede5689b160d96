import { describe, expect, it } from 'vitest'
import { formatPath } from '@/lib/validation/finding'
import { policyAdvice, ruleAdvice } from './advice'
import { problemsAt, problemsOf } from './problems'

const virtualService = (...http: object[]) => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'a', namespace: 'shop' },
  spec: { hosts: ['a'], http },
})
const httpRoute = (rule: object) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'a', namespace: 'shop' },
  spec: { rules: [rule] },
})
const route = [{ destination: { host: 'a' } }]
const places = (problems: ReturnType<typeof problemsOf>) => problems.map(({ path }) => formatPath(path))

describe('problems of an object being edited', () => {
  it.each([
    ['a plain rule', { route }, []],
    ['a timeout that is none', { route, timeout: '3 seconds' }, ['spec.http[0].timeout']],
    [
      'a share beyond all',
      { route, fault: { abort: { httpStatus: 503, percentage: { value: 101 } } } },
      ['spec.http[0].fault.abort.percentage.value'],
    ],
    [
      'a header name',
      { route, match: [{ headers: { 'x y': { exact: '1' } } }] },
      ['spec.http[0].match[0].headers["x y"]'],
    ],
    [
      'a pattern that RE2 refuses',
      { route, match: [{ uri: { regex: '(?=a)' } }] },
      ['spec.http[0].match[0].uri.regex'],
    ],
  ])('%s', (_, rule, expected) => {
    expect(places(problemsOf(virtualService(rule)))).toEqual(expected)
  })

  it.each([
    ['a service and a method', { service: 'shop.Stock', method: 'Get' }, []],
    ['neither', { type: 'Exact' }, ['spec.rules[0].matches[0].method']],
    ['a service that is none', { service: 'shop/Stock' }, ['spec.rules[0].matches[0].method.service']],
    ['a method that is none', { method: 'Get it' }, ['spec.rules[0].matches[0].method.method']],
    [
      'a pattern that RE2 refuses',
      { type: 'RegularExpression', method: '(?=a)' },
      ['spec.rules[0].matches[0].method.method'],
    ],
  ])('of a gRPC call: %s', (_, method, expected) => {
    const object = { ...httpRoute({ matches: [{ method }] }), kind: 'GRPCRoute' }
    expect(places(problemsOf(object))).toEqual(expected)
  })

  it('name the rule that no request reaches', () => {
    expect(
      places(problemsOf(virtualService({ route }, { route, match: [{ uri: { prefix: '/b' } }] }))),
    ).toEqual(['spec.http[1]'])
  })

  it.each([
    ['a plain rule', { backendRefs: [{ name: 'a', port: 80 }] }, []],
    ['a path without slash', { matches: [{ path: { value: 'a' } }] }, ['spec.rules[0].matches[0].path']],
    ['a duration with a fraction', { timeouts: { request: '1.5s' } }, ['spec.rules[0].timeouts.request']],
    [
      'a try longer than all',
      { timeouts: { request: '1s', backendRequest: '2s' } },
      ['spec.rules[0].timeouts.backendRequest'],
    ],
    ['a backend without port', { backendRefs: [{ name: 'a' }] }, ['spec.rules[0].backendRefs[0].port']],
    [
      'a redirect beside a rewrite',
      { filters: [{ type: 'RequestRedirect' }, { type: 'URLRewrite' }] },
      ['spec.rules[0].filters'],
    ],
  ])('of a route: %s', (_, rule, expected) => {
    expect(places(problemsOf(httpRoute(rule)))).toEqual(expected)
  })

  it('belong to a field and what is within it', () => {
    const problems = problemsOf(
      virtualService({ route, timeout: 'x', retries: { attempts: 1, perTryTimeout: 'y' } }),
    )
    expect(places(problemsAt(problems, ['spec', 'http', 0, 'retries']))).toEqual([
      'spec.http[0].retries.perTryTimeout',
    ])
    expect(problemsAt(problems, ['spec', 'http', 0, 'time'])).toEqual([])
  })
})

describe('advice', () => {
  const live = { p99Ms: 4000, requestsPerSecond: 10 }

  it.each([
    ['a timeout above what is observed', { timeout: '5s' }, []],
    ['a timeout below it', { timeout: '3s' }, ['timeout']],
    ['a timeout switched off', { timeout: '0s' }, []],
    ['tries that do not fit', { timeout: '5s', retries: { attempts: 2, perTryTimeout: '4s' } }, ['timeout']],
    [
      'a fault beside a timeout',
      { timeout: '5s', fault: { abort: { percentage: { value: 1 } } } },
      ['fault'],
    ],
    ['a fault for all', { fault: { abort: { percentage: { value: 100 } } } }, ['fault.abort.percentage']],
    ['a fault for none', { fault: { abort: { httpStatus: 503 } } }, ['fault.abort.percentage']],
  ])('%s', (_, rule, expected) => {
    expect(places(ruleAdvice(rule, live))).toEqual(expected)
  })

  it('says nothing about latency that was not measured', () => {
    expect(ruleAdvice({ timeout: '1ms' }, { p99Ms: null, requestsPerSecond: null })).toEqual([])
  })

  it.each([
    [{ maxEjectionPercent: 100 }, 3, ['outlierDetection.maxEjectionPercent']],
    [{ maxEjectionPercent: 10 }, 3, ['outlierDetection.maxEjectionPercent']],
    [{ maxEjectionPercent: 50 }, 3, []],
    [{ maxEjectionPercent: 10 }, null, []],
  ])('about ejection %o of %s endpoints', (outlierDetection, endpoints, expected) => {
    expect(places(policyAdvice({ outlierDetection }, endpoints))).toEqual(expected)
  })
})
