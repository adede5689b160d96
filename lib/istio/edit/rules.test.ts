import { describe, expect, it } from 'vitest'
import { rulesNaming } from './rules'

describe('rulesNaming', () => {
  const rules = [
    { match: [{ uri: { prefix: '/Orders' } }], route: [{ destination: { host: 'shop', subset: 'v1' } }] },
    { name: 'orders-old', route: [{ destination: { host: 'shop', subset: 'v2' } }] },
    { match: [{ headers: { 'x-tenant': { exact: '支付' } } }], route: [] },
    { match: [{ uri: { regex: '^/a"\\d+$' } }], headers: { request: { set: { 'x-debug': '1' } } } },
  ]

  it.each([
    ['all for no word', ' ', [0, 1, 2, 3]],
    ['paths and names, of any case', 'ORDERS', [0, 1]],
    ['each word, wherever it stands', 'orders v2', [1]],
    ['headers and what they are', 'x-tenant 支付', [2]],
    ['none for what is nowhere', 'orders v3', []],
    ['none by the fields of a rule', 'route', []],
    ['parameters and headers that are set', 'x-debug', [3]],
    ['what is written, as it is written', '^/a"\\d+', [3]],
  ] as const)('finds %s', (_what, text, places) => {
    expect(rulesNaming(rules, text)).toEqual(places)
  })
})
