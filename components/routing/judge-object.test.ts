import { describe, expect, it } from 'vitest'
import { config } from '@/tests/support/graph/samples'
import { judgeObject, newErrors } from './judge-object'

const facts = {
  host: 'cart.shop.svc.cluster.local',
  subsets: ['v1'],
  p99Ms: 400,
  requestsPerSecond: 10,
  readyPods: 3,
}
const rule = (fields: object, weights: readonly unknown[] = [undefined]) =>
  config('VirtualService', 'shop/cart', {
    hosts: ['cart'],
    http: [
      {
        route: weights.map((weight) => ({
          destination: { host: 'cart', subset: 'v1' },
          ...(weight === undefined ? {} : { weight }),
        })),
        ...fields,
      },
    ],
  })
const errors = (object: ReturnType<typeof rule>) =>
  judgeObject(object, facts)
    .filter(({ severity }) => severity === 'error')
    .map(({ path }) => path)

describe('judgeObject', () => {
  it.each([
    ['nothing', rule({ timeout: '5s' }), []],
    ['a duration that does not parse', rule({ timeout: 'soon' }), ['spec.http[0].timeout']],
    ['a negative weight', rule({}, [110, -10]), ['spec.http[0].route[1].weight']],
    ['a fractional weight', rule({}, [99.5, 1]), ['spec.http[0].route[0].weight']],
    ['a weight that is a text', rule({}, ['90', 10]), ['spec.http[0].route[0].weight']],
    [
      'a subset that nobody defines',
      rule({ route: [{ destination: { host: 'cart', subset: 'v9' } }] }),
      ['spec.http[0].route[0].destination.subset'],
    ],
    [
      'a share beyond all',
      rule({ fault: { delay: { fixedDelay: '1s', percentage: { value: 120 } } } }),
      ['spec.http[0].fault.delay.percentage.value'],
    ],
    [
      'a backend’s weight',
      config('HTTPRoute', 'shop/cart', {
        rules: [{ backendRefs: [{ name: 'cart', port: 80, weight: -1 }] }],
      }),
      ['spec.rules[0].backendRefs[0].weight'],
    ],
  ])('finds %s', (_what, object, paths) => {
    expect(errors(object)).toEqual(paths)
  })

  it('warns of what live figures contradict', () => {
    const [warning] = judgeObject(rule({ timeout: '100ms' }), facts)
    expect(warning).toMatchObject({ severity: 'warning', path: 'spec.http[0].timeout' })
    expect(warning?.message).toContain('P99 is 400 ms')
  })

  it('adds what the server’s checkers find, once', () => {
    const object = { kind: 'VirtualService', namespace: 'shop', name: 'cart' }
    const finding = (path: string, message: string) => ({ path, message, severity: 'error' as const, object })
    const judged = judgeObject(rule({ timeout: 'soon' }), facts, [
      finding('spec.http[0].timeout', 'the same in other words'),
      finding('spec.gateways[0]', 'There is no gateway web.'),
    ])
    expect(judged.map(({ path }) => path)).toEqual(['spec.http[0].timeout', 'spec.gateways[0]'])
  })

  it('does not hold old errors against an edit', () => {
    const before = judgeObject(rule({ timeout: 'soon' }), facts)
    const after = judgeObject(rule({ timeout: 'soon', retries: { attempts: -1 } }), facts)
    expect(newErrors(before, after).map(({ path }) => path)).toEqual(['spec.http[0].retries.attempts'])
    expect(newErrors(before, before)).toEqual([])
  })
})
