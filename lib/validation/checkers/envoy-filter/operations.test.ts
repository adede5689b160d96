import { checks, envoyFilter } from '@/tests/support/checkers/checks'
import { operations } from './operations'

const patch = (operation: string, applyTo = 'HTTP_FILTER', { name = 'lua', match = {} as object } = {}) => ({
  applyTo,
  match,
  patch: { operation, value: { name } },
})
const filter = (name: string, patches: object[], rest: object = {}) =>
  envoyFilter(name, { configPatches: patches, ...rest })
const at = ['EnvoyFilter shop/a spec.configPatches[0].patch.operation']
const versioned = { match: { proxy: { proxyVersion: '^1\\.29.*' } } }

checks(operations, {
  IST0151: {
    fires: {
      'operations beside other filters': {
        objects: ['INSERT_BEFORE', 'INSERT_AFTER', 'REMOVE', 'REPLACE'].map((operation, i) =>
          filter(`shop/${i}`, [patch(operation)]),
        ),
        at: [0, 1, 2, 3].map((i) => `EnvoyFilter shop/${i} spec.configPatches[0].patch.operation`),
      },
    },
    silent: {
      'a priority': { objects: [filter('shop/a', [patch('INSERT_BEFORE')], { priority: 10 })] },
      'operations that need no other': {
        objects: [filter('shop/a', [patch('INSERT_FIRST'), patch('ADD'), patch('MERGE', 'VIRTUAL_HOST')])],
      },
      'an entry without patch': { objects: [filter('shop/a', [{ applyTo: 'HTTP_FILTER' }])] },
    },
  },
  IST0152: {
    fires: { 'REPLACE of a cluster': { objects: [filter('shop/a', [patch('REPLACE', 'CLUSTER')])], at } },
    silent: {
      'REPLACE of filters': {
        objects: [filter('shop/a', [patch('REPLACE'), patch('REPLACE', 'NETWORK_FILTER')], { priority: 1 })],
      },
    },
  },
  IST0153: {
    fires: {
      'ADD of a route': { objects: [filter('shop/a', [patch('ADD', 'HTTP_ROUTE')])], at },
      'ADD of a route configuration': {
        objects: [filter('shop/a', [patch('ADD', 'ROUTE_CONFIGURATION')])],
        at,
      },
    },
    silent: { 'ADD of a cluster': { objects: [filter('shop/a', [patch('ADD', 'CLUSTER')])] } },
  },
  IST0154: {
    fires: { 'REMOVE of a route': { objects: [filter('shop/a', [patch('REMOVE', 'HTTP_ROUTE')])], at } },
    silent: { 'REMOVE of a cluster': { objects: [filter('shop/a', [patch('REMOVE', 'CLUSTER')])] } },
  },
  IST0155: {
    fires: {
      'a filter that another patches for some versions': {
        objects: [
          filter('shop/b', [patch('INSERT_AFTER')]),
          filter('shop/a', [patch('ADD', 'HTTP_FILTER', versioned)]),
        ],
        at: ['EnvoyFilter shop/b spec.configPatches[0].patch.operation'],
      },
      'a filter known by its match': {
        objects: [
          filter('shop/a', [
            patch('ADD', 'HTTP_FILTER', { name: 'x', ...versioned }),
            {
              applyTo: 'NETWORK_FILTER',
              match: { listener: { filterChain: { filter: { name: 'x' } } } },
              patch: { operation: 'REPLACE', value: {} },
            },
          ]),
        ],
        at: ['EnvoyFilter shop/a spec.configPatches[1].patch.operation'],
      },
    },
    silent: {
      'the first patch of the filter': {
        objects: [filter('shop/a', [patch('INSERT_AFTER', 'HTTP_FILTER', versioned)])],
      },
      'another filter': {
        objects: [
          filter('shop/a', [patch('ADD', 'HTTP_FILTER', { name: 'other', ...versioned })]),
          filter('shop/b', [patch('INSERT_AFTER')]),
        ],
      },
    },
  },
})
