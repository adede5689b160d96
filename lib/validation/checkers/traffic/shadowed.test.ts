import { checks, object, virtualService } from '@/tests/support/checkers/checks'
import { shadowedRules } from './shadowed'

const http = (...matches: object[]) =>
  virtualService('shop/cart', { http: matches.map((match) => ({ match: [match] })) })
const route = (kind: string, ...rules: object[]) =>
  object('gateway.networking.k8s.io/v1', kind, 'shop/cart', { rules })
const path = (type: string, value: string) => ({ matches: [{ path: { type, value } }] })

checks(shadowedRules, {
  HED0012: {
    fires: {
      'an exact path below an earlier prefix': {
        objects: [http({ uri: { prefix: '/cart' } }, { uri: { exact: '/cart/items' } })],
        at: ['VirtualService shop/cart spec.http[1].match[0]'],
      },
      'a regular expression after all paths, with more conditions': {
        objects: [
          http(
            { uri: { prefix: '/' }, headers: { test: { exact: 'yes' } } },
            { uri: { regex: '/a.*' }, headers: { test: { exact: 'yes' } }, method: { exact: 'GET' } },
          ),
        ],
        at: ['VirtualService shop/cart spec.http[1].match[0]'],
      },
      'rules of an HTTPRoute that match the same': {
        objects: [route('HTTPRoute', path('Exact', '/a'), {}, path('PathPrefix', '/'), path('Exact', '/a'))],
        at: ['HTTPRoute shop/cart spec.rules[2]', 'HTTPRoute shop/cart spec.rules[3]'],
      },
      'rules of a GRPCRoute that match the same': {
        objects: [route('GRPCRoute', {}, {})],
        at: ['GRPCRoute shop/cart spec.rules[1]'],
      },
    },
    silent: {
      'the exact path first': {
        objects: [http({ uri: { exact: '/cart/items' } }, { uri: { prefix: '/cart' } })],
      },
      'an earlier prefix for testers only': {
        objects: [
          http(
            { uri: { prefix: '/cart' }, headers: { test: { exact: 'y' } } },
            { uri: { exact: '/cart/a' } },
          ),
        ],
      },
      'a regular expression below a longer prefix': {
        objects: [http({ uri: { prefix: '/cart' } }, { uri: { regex: '/a.*' } })],
      },
      'an HTTPRoute whose rules differ': {
        objects: [route('HTTPRoute', path('Exact', '/a'), path('PathPrefix', '/a'))],
      },
    },
  },
})
