import { describe, expect, it } from 'vitest'
import { config, inventory } from '@/tests/support/graph/samples'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { clientTls } from './client'

const HOST = 'reviews.shop.svc.cluster.local'
const tls = (mode: string) => ({ tls: { mode } })
const rule = (name: string, spec: object, createdAt = '2026-01-01T00:00:00Z') =>
  config('DestinationRule', name, { host: HOST, ...spec }, { creationTimestamp: createdAt })

function sentBy(
  rules: ConfigObject[],
  more: { from?: string; port?: number; meshConfig?: Record<string, unknown> } = {},
) {
  const index = indexInventory(inventory({ config: rules, meshConfig: more.meshConfig ?? null }))
  const called = {
    host: HOST,
    namespace: 'shop',
    port: more.port ?? null,
    labels: { app: 'reviews', version: 'v1' },
  }
  const { sends, source } = clientTls(
    index,
    { namespace: more.from ?? 'front', labels: { app: 'web' } },
    called,
  )
  return [sends, source && `${source.namespace}/${source.name}`]
}

describe('clientTls', () => {
  it.each<[string, ConfigObject[], Parameters<typeof sentBy>[1], (string | null)[]]>([
    ['nothing said, auto mTLS', [], {}, ['auto', null]],
    ['auto mTLS switched off', [], { meshConfig: { enableAutoMtls: false } }, ['plaintext', null]],
    ['DISABLE', [rule('shop/r', { trafficPolicy: tls('DISABLE') })], {}, ['plaintext', 'shop/r']],
    [
      'ISTIO_MUTUAL, also without auto mTLS',
      [rule('shop/r', { trafficPolicy: tls('ISTIO_MUTUAL') })],
      { meshConfig: { enableAutoMtls: false } },
      ['mutual', 'shop/r'],
    ],
    ['SIMPLE', [rule('shop/r', { trafficPolicy: tls('SIMPLE') })], {}, ['otherTls', 'shop/r']],
    [
      'TLS settings without a mode mean DISABLE',
      [rule('shop/r', { trafficPolicy: { tls: {} } })],
      {},
      ['plaintext', 'shop/r'],
    ],
    [
      'a policy without TLS says nothing',
      [rule('shop/r', { trafficPolicy: { connectionPool: {} } })],
      {},
      ['auto', null],
    ],
    [
      'a port overrides',
      [
        rule('shop/r', {
          trafficPolicy: {
            ...tls('ISTIO_MUTUAL'),
            portLevelSettings: [{ port: { number: 80 }, ...tls('DISABLE') }],
          },
        }),
      ],
      { port: 80 },
      ['plaintext', 'shop/r'],
    ],
    [
      'settings of a port inherit nothing',
      [
        rule('shop/r', {
          trafficPolicy: {
            ...tls('DISABLE'),
            portLevelSettings: [{ port: { number: 80 }, outlierDetection: {} }],
          },
        }),
      ],
      { port: 80 },
      ['auto', null],
    ],
    [
      'a subset overrides for the pods in it',
      [
        rule('shop/r', {
          trafficPolicy: tls('ISTIO_MUTUAL'),
          subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: tls('DISABLE') }],
        }),
      ],
      {},
      ['plaintext', 'shop/r'],
    ],
    [
      'not for others',
      [
        rule('shop/r', {
          trafficPolicy: tls('ISTIO_MUTUAL'),
          subsets: [{ name: 'v2', labels: { version: 'v2' }, trafficPolicy: tls('DISABLE') }],
        }),
      ],
      {},
      ['mutual', 'shop/r'],
    ],
    [
      "the caller's namespace before the service's before the root",
      [
        rule('istio-system/r', { trafficPolicy: tls('SIMPLE') }),
        rule('shop/r', { trafficPolicy: tls('DISABLE') }),
        rule('front/r', { trafficPolicy: tls('ISTIO_MUTUAL') }),
      ],
      {},
      ['mutual', 'front/r'],
    ],
    [
      'one of a third namespace reaches nobody',
      [rule('other/r', { trafficPolicy: tls('DISABLE') })],
      {},
      ['auto', null],
    ],
    [
      'not exported',
      [rule('shop/r', { exportTo: ['.'], trafficPolicy: tls('DISABLE') })],
      {},
      ['auto', null],
    ],
    [
      'the narrowest host of a namespace',
      [
        {
          ...rule('shop/wide', {}),
          spec: { host: '*.shop.svc.cluster.local', trafficPolicy: tls('DISABLE') },
        },
        rule('shop/r', { trafficPolicy: tls('ISTIO_MUTUAL') }),
      ],
      {},
      ['mutual', 'shop/r'],
    ],
    [
      'the oldest of one host',
      [
        rule('shop/b', { trafficPolicy: tls('DISABLE') }, '2025-01-01T00:00:00Z'),
        rule('shop/a', { trafficPolicy: tls('ISTIO_MUTUAL') }),
      ],
      {},
      ['plaintext', 'shop/b'],
    ],
    [
      'a rule for other callers',
      [
        rule('front/r', {
          workloadSelector: { matchLabels: { app: 'cron' } },
          trafficPolicy: tls('DISABLE'),
        }),
      ],
      {},
      ['auto', null],
    ],
    [
      'a rule for this caller before those for all',
      [
        rule('front/a', { trafficPolicy: tls('ISTIO_MUTUAL') }),
        rule('front/r', { workloadSelector: { matchLabels: { app: 'web' } }, trafficPolicy: tls('DISABLE') }),
      ],
      {},
      ['plaintext', 'front/r'],
    ],
  ])('%s', (_name, rules, more, want) => {
    expect(sentBy(rules, more)).toEqual(want)
  })
})
