import { checks, virtualService } from '@/tests/support/checkers/checks'
import { unreachable } from './unreachable'

const prefix = (text: string, rest: object = {}) => ({ uri: { prefix: text }, ...rest })
const rules = (...matches: object[][]) =>
  virtualService('shop/web', {
    hosts: ['a'],
    http: matches.map((match) => (match.length > 0 ? { match } : {})),
  })
const at = (...places: string[]) => places.map((place) => `VirtualService shop/web spec.${place}`)

checks(unreachable, {
  IST0130: {
    fires: {
      'two rules without matches': { objects: [rules([], [])], at: at('http[1]') },
      'a match after a rule without': { objects: [rules([], [prefix('/a')])], at: at('http[1]') },
      'all matches used before, whatever their names and order of keys': {
        objects: [rules([{ name: 'x', ...prefix('/a'), port: 80 }], [{ port: 80, ...prefix('/a') }])],
        at: at('http[1]'),
      },
      'tcp and tls': {
        objects: [
          virtualService('shop/web', {
            tcp: [{}, {}],
            tls: [{ match: [{ sniHosts: ['a'] }] }, { match: [{ sniHosts: ['a'] }] }],
          }),
        ],
        at: at('tcp[1]', 'tls[1]'),
      },
    },
    silent: {
      'the last rule without matches': { objects: [rules([prefix('/a')], [])] },
      'one of two matches used before': { objects: [rules([prefix('/a')], [prefix('/a'), prefix('/b')])] },
    },
  },
  IST0131: {
    fires: {
      'a match used before': {
        objects: [rules([prefix('/a')], [prefix('/b'), prefix('/a')])],
        at: at('http[1].match[1]'),
      },
      'a longer prefix after a shorter one': {
        objects: [rules([prefix('/a')], [prefix('/ab')])],
        at: at('http[1].match[0]'),
      },
      'a longer prefix within one rule': {
        objects: [rules([prefix('/a'), prefix('/ab')])],
        at: at('http[0].match[1]'),
      },
      'for the same callers and hosts': {
        objects: [
          rules(
            [prefix('/a', { sourceLabels: { app: 'x' }, authority: { exact: 'x' } })],
            [prefix('/ab', { sourceLabels: { app: 'x', tier: 'y' }, authority: { exact: 'x' } })],
          ),
        ],
        at: at('http[1].match[0]'),
      },
      'no method beside GET': {
        objects: [rules([prefix('/a')], [prefix('/ab', { method: { exact: 'GET' } })])],
        at: at('http[1].match[0]'),
      },
    },
    silent: {
      'a shorter prefix after a longer one': { objects: [rules([prefix('/ab')], [prefix('/a')])] },
      'other callers, gateways, methods, hosts or letters before it': {
        objects: [
          rules([prefix('/a', { sourceLabels: { app: 'x' } })], [prefix('/ab')]),
          rules([prefix('/a', { sourceNamespace: 'x' })], [prefix('/ab')]),
          rules([prefix('/a', { gateways: ['mesh'] })], [prefix('/ab', { gateways: ['shop/front'] })]),
          rules([prefix('/a', { method: { exact: 'GET' } })], [prefix('/ab')]),
          rules([prefix('/a', { authority: { exact: 'x' } })], [prefix('/ab')]),
          rules(
            [prefix('/a', { headers: { x: { exact: '1' } } })],
            [prefix('/ab', { headers: { x: { regex: '.*' } } })],
          ),
          rules([prefix('/a')], [prefix('/ab', { ignoreUriCase: true })]),
        ],
      },
      'another method, port or header': {
        objects: [
          rules([prefix('/a')], [prefix('/ab', { method: { exact: 'PUT' } })]),
          virtualService('shop/two', {
            http: [{ match: [prefix('/a')] }, { match: [prefix('/ab', { port: 81 })] }],
          }),
          virtualService('shop/three', {
            http: [{ match: [prefix('/a', { headers: { x: { exact: '1' } } })] }, { match: [prefix('/ab')] }],
          }),
        ],
      },
    },
  },
})
