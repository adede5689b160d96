import { describe, expect, it } from 'vitest'
import type { LiveFinding } from '@/lib/api/schemas/config/analyze'
import { saidOf } from './said-of'

const finding: LiveFinding = {
  id: 'east/shop/apps/Deployment/cart-v1#IST0103',
  code: 'IST0103',
  severity: 'warning',
  object: { kind: 'Deployment', namespace: 'shop', name: 'cart-v1' },
  path: null,
  message: 'The pods have no proxy.',
  line: null,
  cluster: 'east',
  ref: {
    cluster: 'east',
    group: 'apps',
    version: 'v1',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'cart-v1',
  },
  concerns: [],
}
const notice = (code: string) => [{ code, message: '' }]
const rowOf = (name: string) => ({ cluster: 'east', namespace: 'shop', kind: 'workload', name })
const app = {
  cluster: 'east',
  namespace: 'shop',
  kind: 'app',
  name: 'cart',
  members: ['east/shop/workload/cart-v1', 'east/shop/workload/cart-v2'],
}

describe('what is said of rows', () => {
  it('are the findings of each, of an application those of its workloads', () => {
    const said = saidOf({ items: [finding], notices: [] }, undefined)
    expect(said.findings(rowOf('cart-v1'))).toEqual({ error: 0, warning: 1, info: 0 })
    expect(said.findings(rowOf('cart-v2'))).toEqual({ error: 0, warning: 0, info: 0 })
    expect(said.findings(app)).toEqual({ error: 0, warning: 1, info: 0 })
    expect(said.alerts('east/shop/workload/cart-v1')).toBeNull()
  })

  it.each(['kinds-forbidden', 'findings-cut'])('is not that there are none, with %s', (code) => {
    const said = saidOf({ items: [finding], notices: notice(code) }, undefined)
    expect(said.findings(rowOf('cart-v1'))?.warning).toBe(1)
    expect(said.findings(rowOf('cart-v2'))).toBeNull()
    expect(said.findings({ ...app, members: [] })).toBeNull()
  })

  it('is nothing without objects', () => {
    const said = saidOf({ items: [], notices: notice('kubernetes-not-read') }, undefined)
    expect(said.findings(rowOf('cart-v1'))).toBeNull()
  })

  it.each([
    ['there are', 'read', [], { firing: 0, pending: 0 }],
    ['there were, of those listed', 'read', notice('alerts-cut'), null],
    ['may be', 'failing', [], null],
  ] as const)('is that no alerts %s', (_what, rulesState, notices, none) => {
    const said = saidOf(undefined, { items: [], notices: [...notices], rulesState })
    expect(said.alerts('east/shop/workload/cart-v1')).toEqual(none)
    expect(said.alertsIn('east', 'shop')).toEqual(none)
  })
})
