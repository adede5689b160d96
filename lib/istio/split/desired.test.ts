import { describe, expect, it } from 'vitest'
import { config, inventory, service, workload } from '@/tests/support/graph/samples'
import { indexInventory } from '@/lib/mesh/inventory-index'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { findSplits } from '../splits'
import { desiredOf } from './desired'

const route = (name: string) =>
  config('VirtualService', `shop/${name}`, {
    hosts: ['podinfo'],
    http: [
      {
        route: [
          { destination: { host: 'podinfo-primary' }, weight: 90 },
          { destination: { host: 'podinfo-canary' }, weight: 10 },
          { destination: { host: 'other' }, weight: 0 },
        ],
      },
    ],
  })
const canary = (status: object) => ({
  ...config('Canary', 'shop/podinfo', { targetRef: { kind: 'Deployment', name: 'podinfo' } }),
  apiVersion: 'flagger.app/v1beta1',
  status,
})

function desired(...objects: ConfigObject[]) {
  const index = indexInventory(
    inventory({
      workloads: [workload('podinfo-primary'), workload('podinfo')],
      services: [service('podinfo-primary'), service('podinfo-canary'), service('other')],
      config: objects,
    }),
  )
  const [split] = findSplits(index)
  return split ? desiredOf(index, split) : undefined
}

describe('desiredOf', () => {
  it('reads what Flagger wants, beside what is configured', () => {
    expect(desired(route('podinfo'), canary({ canaryWeight: 25, phase: 'Progressing' }))).toEqual({
      tool: 'Flagger',
      by: 'shop/podinfo',
      phase: 'Progressing',
      shares: [0.75, 0.25, null],
    })
  })

  it('is null without a Canary, or before it says anything', () => {
    expect(desired(route('podinfo'))).toBeNull()
    expect(desired(route('elsewhere'), canary({ canaryWeight: 25 }))).toBeNull()
    expect(desired(route('podinfo'), canary({}))).toBeNull()
  })
})
