import { describe, expect, it } from 'vitest'
import { config, inventory, podOf, workload } from '@/tests/support/graph/samples'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { effectiveMtls } from './mtls'

const reviews = workload('reviews-v1')

function policy(name: string, spec: unknown, createdAt = '2026-01-01T00:00:00Z'): ConfigObject {
  return config('PeerAuthentication', name, spec, { creationTimestamp: createdAt })
}

function modeOf(policies: ConfigObject[], port?: number, isAmbient = false) {
  const pods = [podOf(reviews, { hasSidecar: !isAmbient, isAmbient })]
  const index = indexInventory(inventory({ workloads: [reviews], pods, config: policies }))
  return effectiveMtls(reviews, index, port)
}

const mode = (value: string) => ({ mtls: { mode: value } })
const selecting = (spec: object, labels = { app: 'reviews' }) => ({
  selector: { matchLabels: labels },
  ...spec,
})

describe('effectiveMtls', () => {
  it.each<[string, ConfigObject[], string, string | null]>([
    ['nothing set', [], 'PERMISSIVE', null],
    ['mesh-wide', [policy('istio-system/default', mode('STRICT'))], 'STRICT', 'istio-system/default'],
    [
      'namespace overrides mesh',
      [policy('istio-system/default', mode('STRICT')), policy('shop/default', mode('DISABLE'))],
      'DISABLE',
      'shop/default',
    ],
    [
      'workload overrides namespace',
      [policy('shop/default', mode('STRICT')), policy('shop/reviews', selecting(mode('PERMISSIVE')))],
      'PERMISSIVE',
      'shop/reviews',
    ],
    [
      'unset inherits, level by level',
      [
        policy('istio-system/default', mode('STRICT')),
        policy('shop/default', mode('UNSET')),
        policy('shop/reviews', selecting({})),
      ],
      'STRICT',
      'istio-system/default',
    ],
    ['another namespace', [policy('other/default', mode('STRICT'))], 'PERMISSIVE', null],
    [
      'a selector that does not match',
      [policy('shop/ratings', selecting(mode('STRICT'), { app: 'ratings' }))],
      'PERMISSIVE',
      null,
    ],
    [
      'an empty selector is none',
      [policy('shop/default', { selector: { matchLabels: {} }, ...mode('STRICT') })],
      'STRICT',
      'shop/default',
    ],
    [
      'a selector in the root namespace reaches nobody',
      [policy('istio-system/reviews', selecting(mode('STRICT')))],
      'PERMISSIVE',
      null,
    ],
    [
      'the oldest of a level wins',
      [
        policy('shop/a-young', mode('DISABLE'), '2026-02-01T00:00:00Z'),
        policy('shop/z-old', mode('STRICT'), '2025-01-01T00:00:00Z'),
      ],
      'STRICT',
      'shop/z-old',
    ],
    [
      'of the same age the first by name',
      [policy('shop/b', mode('DISABLE')), policy('shop/a', mode('STRICT'))],
      'STRICT',
      'shop/a',
    ],
    [
      'an object nobody can read hides no other',
      [policy('shop/broken', { mtls: 'STRICT' }), policy('shop/ok', mode('STRICT'))],
      'STRICT',
      'shop/ok',
    ],
  ])('%s', (_name, policies, want, source) => {
    const result = modeOf(policies)
    expect(result.mode).toBe(want)
    expect(result.source && `${result.source.namespace}/${result.source.name}`).toBe(source)
  })

  it('names who lost', () => {
    const { ignored } = modeOf([
      policy('shop/young', mode('DISABLE'), '2026-02-01T00:00:00Z'),
      policy('shop/old', mode('STRICT'), '2025-01-01T00:00:00Z'),
    ])
    expect(ignored).toEqual([{ namespace: 'shop', name: 'young' }])
  })

  it('says who decided', () => {
    expect(modeOf([policy('shop/default', mode('STRICT'))]).reason).toBe(
      "STRICT by the namespace's PeerAuthentication shop/default",
    )
    expect(modeOf([]).reason).toContain('No PeerAuthentication sets a mode')
  })

  it('sets ports by policies with a selector only', () => {
    const ports = { portLevelMtls: { 8080: { mode: 'DISABLE' }, 9090: { mode: 'UNSET' }, 9091: null } }
    const own = policy('shop/reviews', selecting({ ...mode('STRICT'), ...ports }))
    const wide = policy('shop/default', { ...mode('STRICT'), ...ports })
    expect(modeOf([own]).perPort).toEqual([
      { port: 8080, mode: 'DISABLE' },
      { port: 9090, mode: 'STRICT' },
      { port: 9091, mode: 'STRICT' },
    ])
    expect(modeOf([own], 8080)).toMatchObject({
      mode: 'DISABLE',
      reason: "DISABLE on port 8080 by the workload's PeerAuthentication shop/reviews",
    })
    expect(modeOf([own], 80).mode).toBe('STRICT')
    expect(modeOf([wide]).perPort).toEqual([])
    expect(modeOf([wide], 8080).mode).toBe('STRICT')
  })

  it('lets a port inherit what the namespace says when the workload leaves its mode unset', () => {
    const own = policy('shop/reviews', selecting({ portLevelMtls: { 8080: { mode: 'UNSET' } } }))
    expect(modeOf([policy('shop/default', mode('STRICT')), own], 8080).mode).toBe('STRICT')
  })

  it('says of an inherited port who really decided', () => {
    const own = policy('shop/reviews', selecting({ portLevelMtls: { 8080: { mode: 'UNSET' } } }))
    expect(modeOf([policy('shop/default', mode('STRICT')), own], 8080)).toMatchObject({
      source: { namespace: 'shop', name: 'default' },
      reason: "STRICT by the namespace's PeerAuthentication shop/default",
    })
  })

  it('names the ports that differ beside what holds for the rest', () => {
    const own = policy(
      'shop/reviews',
      selecting({ portLevelMtls: { 8080: { mode: 'PERMISSIVE' }, 9090: { mode: 'STRICT' } } }),
    )
    expect(modeOf([policy('shop/default', mode('STRICT')), own]).reason).toBe(
      "STRICT by the namespace's PeerAuthentication shop/default; port 8080 PERMISSIVE by shop/reviews",
    )
  })

  it('reads a mode of a port as ambient does', () => {
    const own = policy(
      'shop/reviews',
      selecting({ ...mode('STRICT'), portLevelMtls: { 8080: { mode: 'DISABLE' } } }),
    )
    expect(modeOf([own], 8080, true)).toMatchObject({ mode: 'PERMISSIVE', configured: 'DISABLE' })
  })

  it('treats DISABLE as PERMISSIVE in ambient', () => {
    const result = modeOf([policy('shop/default', mode('DISABLE'))], undefined, true)
    expect(result.mode).toBe('PERMISSIVE')
    expect(result.reason).toContain('ambient workloads treat DISABLE as PERMISSIVE')
    expect(modeOf([policy('shop/default', mode('STRICT'))], undefined, true).mode).toBe('STRICT')
  })
})
