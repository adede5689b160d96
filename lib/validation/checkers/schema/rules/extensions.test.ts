import { describe } from 'vitest'
import { envoyFilter, object, telemetry } from '@/tests/support/checkers/checks'
import { says } from '@/tests/support/checkers/rules'

const plugin = (spec: object) =>
  object('extensions.istio.io/v1alpha1', 'WasmPlugin', 'shop/a', { url: 'oci://a/b:1', ...spec })
const patch = (one: object) =>
  envoyFilter('shop/a', {
    configPatches: [{ applyTo: 'HTTP_FILTER', patch: { operation: 'ADD', value: {} }, ...one }],
  })
const filter = (one: object, applyTo = 'HTTP_FILTER') =>
  patch({ applyTo, match: { listener: { filterChain: { filter: one } } } })
const HTTP = 'envoy.filters.network.http_connection_manager'

describe('telemetry', () => {
  says([
    [
      'metrics',
      telemetry('shop/a', {
        metrics: [
          {
            providers: [{ name: 'p' }],
            overrides: [{ tagOverrides: { a: { value: 'x' }, b: { operation: 'REMOVE' } } }],
          },
        ],
      }),
    ],
    [
      'odd metrics',
      telemetry('shop/a', {
        metrics: [
          {
            providers: [{}],
            overrides: [
              {
                tagOverrides: { a: {}, b: { operation: 'REMOVE', value: 'x' } },
                match: { customMetric: '' },
              },
            ],
          },
        ],
      }),
      'error metrics[0].providers[0]',
      'error metrics[0].overrides[0].tagOverrides.a',
      'error metrics[0].overrides[0].tagOverrides.b.value',
      'error metrics[0].overrides[0].match.customMetric',
    ],
    [
      'tracing',
      telemetry('shop/a', {
        tracing: [{ randomSamplingPercentage: 1, customTags: { a: { literal: { value: 'x' } } } }],
      }),
    ],
    [
      'odd tracing',
      telemetry('shop/a', {
        tracing: [
          {
            randomSamplingPercentage: 101,
            providers: [{ name: 'a' }, { name: 'b' }],
            customTags: { a: { literal: {} }, b: { header: {} }, c: { environment: {} } },
          },
          {},
        ],
      }),
      'warning tracing',
      'warning tracing[0].providers',
      'error tracing[0].randomSamplingPercentage',
      'error tracing[0].customTags.a.literal',
      'error tracing[0].customTags.b.header',
      'error tracing[0].customTags.c.environment',
    ],
    [
      'logging',
      telemetry('shop/a', { accessLogging: [{ providers: [{}] }] }),
      'error accessLogging[0].providers[0]',
    ],
  ])
})

describe('plugins and proxies', () => {
  says([
    ['a plugin', plugin({ sha256: 'a'.repeat(64), match: [{ ports: [{ number: 80 }] }] })],
    ['no URL', plugin({ url: '' }), 'error spec'],
    [
      'an odd plugin',
      plugin({
        url: 'ftp://a',
        sha256: 'A',
        vmConfig: { env: [{ name: 'a' }, { name: 'a' }, { name: 'b', valueFrom: 'HOST', value: 'x' }, {}] },
        match: [{ ports: [{ number: 0 }] }],
      }),
      'error url',
      'error sha256',
      'error vmConfig.env[1].name',
      'error vmConfig.env[2].value',
      'error vmConfig.env[3]',
      'error match[0].ports[0].number',
    ],
    [
      'long names',
      plugin({ imagePullSecret: 'a'.repeat(254), pluginName: 'a'.repeat(257) }),
      'error imagePullSecret',
      'error pluginName',
    ],
    [
      'settings of proxies',
      object('networking.istio.io/v1beta1', 'ProxyConfig', 'shop/a', { concurrency: -1, selector: {} }),
      'error concurrency',
      'warning selector',
    ],
  ])
})

describe('filters', () => {
  const always = 'warning spec'
  says([
    ['a good patch', patch({}), always],
    ['no target', patch({ applyTo: undefined }), always, 'error configPatches[0]'],
    ['no patch', patch({ patch: undefined }), always, 'error configPatches[0]'],
    ['no operation', patch({ patch: {} }), always, 'error configPatches[0].patch'],
    ['no value', patch({ patch: { operation: 'ADD' } }), always, 'error configPatches[0].patch'],
    ['a removal', patch({ patch: { operation: 'REMOVE' } }), always],
    [
      'an odd version',
      patch({ match: { proxy: { proxyVersion: '(' } } }),
      always,
      'error configPatches[0].match.proxy.proxyVersion',
    ],
    ['another match', patch({ match: { cluster: {} } }), always, 'error configPatches[0].match.cluster'],
    [
      'a route by its listener',
      patch({ applyTo: 'HTTP_ROUTE', match: { listener: {} } }),
      always,
      'error configPatches[0].match.listener',
    ],
    ['a filter within', filter({ name: HTTP, subFilter: { name: 'envoy.filters.http.router' } }), always],
    ['a filter without name', filter({}), always, 'error configPatches[0].match.listener.filterChain.filter'],
    [
      'old names',
      filter({ name: 'envoy.http_connection_manager', subFilter: { name: 'envoy.router' } }),
      always,
      'warning configPatches[0].match.listener.filterChain.filter.name',
      'warning configPatches[0].match.listener.filterChain.filter.subFilter.name',
    ],
    [
      'a filter of a listener',
      filter({ name: HTTP }, 'LISTENER'),
      always,
      'warning configPatches[0].match.listener.filterChain.filter',
    ],
    [
      'a filter within another',
      filter({ name: 'x', subFilter: { name: 'y' } }),
      always,
      'error configPatches[0].match.listener.filterChain.filter.name',
    ],
    [
      'a filter within, of a network filter',
      filter({ name: HTTP, subFilter: { name: 'y' } }, 'NETWORK_FILTER'),
      always,
      'error configPatches[0].match.listener.filterChain.filter.subFilter',
    ],
    [
      'an unnamed filter within',
      filter({ name: HTTP, subFilter: {} }),
      always,
      'error configPatches[0].match.listener.filterChain.filter.subFilter',
    ],
  ])
})
