import { describe, expect, it } from 'vitest'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { config, inventory, podOf, workload } from '@/tests/support/graph/samples'
import { askingWords, identityLosses } from './identity'

const vault = workload('vault')
const change = { workload: vault, port: null, isEnforced: true } as const
const disabled = { ...change, before: 'PERMISSIVE', after: 'DISABLE' } as const

const from = (...sources: object[]) => ({ from: sources.map((source) => ({ source })) })
const by = { principals: ['cluster.local/ns/shop/sa/till'] }
const when = (key: string, values: object) => ({ when: [{ key, ...values }] })

function losses(specs: object[], changes = [disabled], annotations: Record<string, string> = {}) {
  const index = indexInventory(
    inventory({
      workloads: [vault],
      pods: [podOf(vault)],
      config: specs.map((spec, place) =>
        config('AuthorizationPolicy', `shop/p${place}`, spec, { annotations }),
      ),
    }),
  )
  return identityLosses(index, changes).map(({ policies, isClosed }) => [
    policies.map(({ name }) => name).join(),
    isClosed,
  ])
}

describe('identityLosses', () => {
  it.each<[string, object[], unknown[]]>([
    ['callers by principal', [{ rules: [from(by)] }], [['p0', true]]],
    ['callers by namespace', [{ rules: [from({ namespaces: ['shop'] })] }], [['p0', true]]],
    [
      'a condition on the principal',
      [{ rules: [when('source.principal', { values: ['*'] })] }],
      [['p0', true]],
    ],
    ['two policies that allow', [{ rules: [from(by)] }, { rules: [from(by)] }], [['p0,p1', true]]],
    ['a rule beside it that takes anybody', [{ rules: [from(by), {}] }], [['p0', false]]],
    [
      'a source beside it that takes an address',
      [{ rules: [from(by, { ipBlocks: ['10.0.0.0/8'] })] }],
      [['p0', false]],
    ],
    ['a policy beside it that takes anybody', [{ rules: [from(by)] }, { rules: [{}] }], [['p0', false]]],
    [
      'refusing who is not',
      [{ action: 'DENY', rules: [from({ notNamespaces: ['shop'] })] }],
      [['p0', false]],
    ],
    ['only a log', [{ action: 'AUDIT', rules: [from(by)] }], []],
    ['addresses and paths', [{ rules: [{ ...from({ ipBlocks: ['10.0.0.0/8'] }), to: [{}] }] }], []],
    ['nothing let in by anybody', [{}], []],
    ['other workloads', [{ selector: { matchLabels: { app: 'other' } }, rules: [from(by)] }], []],
    ['a waypoint', [{ targetRefs: [{ kind: 'Service', name: 'vault' }], rules: [from(by)] }], []],
  ])('sees %s', (_, specs, expected) => {
    expect(losses(specs)).toEqual(expected)
  })

  it('is silent where no identity goes, and of dry runs', () => {
    const specs = [{ rules: [from(by)] }]
    const all = (before: string, after: string, isEnforced = true) =>
      losses(specs, [{ ...change, before, after, isEnforced } as unknown as typeof disabled])
    expect(all('PERMISSIVE', 'STRICT')).toEqual([])
    expect(all('DISABLE', 'DISABLE')).toEqual([])
    expect(all('STRICT', 'DISABLE', false)).toEqual([])
    expect(losses(specs, [disabled], { 'istio.io/dry-run': 'true' })).toEqual([])
  })

  it('names one policy or several', () => {
    const named = (...names: string[]) => askingWords(names.map((name) => ({ namespace: 'shop', name })))
    expect(named('a')).toBe('AuthorizationPolicy shop/a asks')
    expect(named('c', 'b', 'a')).toBe('AuthorizationPolicies shop/a, shop/b and shop/c ask')
  })
})
