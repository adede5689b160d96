import { describe, expect, it } from 'vitest'
import { routeMatch, virtualServiceMatch } from './match-words'

describe('what a rule takes, in words', () => {
  it.each<[string, Record<string, unknown>[] | undefined, string]>([
    ['nothing asked', undefined, 'every request'],
    ['an empty list', [], 'every request'],
    ['an empty alternative takes all', [{ uri: { exact: '/a' } }, {}], 'every request'],
    ['a name narrows nothing', [{ name: 'x' }], 'every request'],
    ['one condition', [{ uri: { prefix: '/api' } }], 'path starts with /api'],
    [
      'conditions hold together',
      [{ method: { exact: 'GET' }, headers: { 'end-user': { exact: 'jason' }, debug: {} } }],
      'method is GET and header end-user is jason and header debug is there',
    ],
    [
      'alternatives',
      [{ uri: { exact: '/a' } }, { uri: { regex: '/b.*' } }],
      'path is /a, or path matches /b.*',
    ],
    ['headers that must not be', [{ withoutHeaders: { bot: { exact: 'yes' } } }], 'not header bot is yes'],
    [
      'where it comes from',
      [{ sourceLabels: { app: 'a' }, gateways: ['mesh'] }],
      'from app=a and through mesh',
    ],
    ['what we do not know is shown as it is', [{ newField: { a: 1 } }], 'newField {"a":1}'],
  ])('of a virtual service: %s', (_name, matches, want) => {
    expect(virtualServiceMatch(matches, 'http')).toBe(want)
  })

  it('speaks of connections where there are no requests', () => {
    expect(virtualServiceMatch(undefined, 'tcp')).toBe('every connection')
    expect(virtualServiceMatch([{ destinationSubnets: ['10.0.0.0/8'], port: 5432 }], 'tcp')).toBe(
      'address in 10.0.0.0/8 and port 5432',
    )
  })

  it.each<[string, Record<string, unknown>[] | undefined, string]>([
    ['nothing asked', undefined, 'every request'],
    ['what the API server writes', [{ path: { type: 'PathPrefix', value: '/' } }], 'every request'],
    ['a path', [{ path: { type: 'Exact', value: '/a' }, method: 'GET' }], 'path is /a and method is GET'],
    [
      'a header',
      [
        {
          headers: [
            { name: 'x', value: 'y' },
            { name: 'z', type: 'RegularExpression', value: 'q.*' },
          ],
        },
      ],
      'header x is y and header z matches q.*',
    ],
    ['a method of gRPC', [{ method: { service: 'shop.Cart', method: 'Get' } }], 'method is shop.Cart/Get'],
  ])('of a route: %s', (_name, matches, want) => {
    expect(routeMatch(matches)).toBe(want)
  })
})
