import { describe, expect, it } from 'vitest'
import { config, inventory, podOf, service, workload } from '@/tests/support/graph/samples'
import type { ConfigObject, WorkloadInventory } from '@/lib/mesh/inventory'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { modeChanges, policyEdit, withEdit, type ModeTarget } from './proposal'

const v1 = workload('reviews-v1')
const v2 = workload('reviews-v2')
const lone = workload('vault')

function world(objects: ConfigObject[], workloads: WorkloadInventory[] = [v1, v2, lone]) {
  return indexInventory(
    inventory({
      namespaces: [{ cluster: 'east', name: 'shop', labels: {}, annotations: {} }],
      workloads,
      pods: workloads.map((each) => podOf(each)),
      services: [service('reviews')],
      config: objects,
    }),
  )
}

const peer = (name: string, spec: object, year = 2026) =>
  config('PeerAuthentication', name, spec, { creationTimestamp: `${year}-01-01T00:00:00Z` })
const strict = { mtls: { mode: 'STRICT' } }
const shop: ModeTarget = { namespace: 'shop' }
const of = (each: WorkloadInventory, port: number | null = null): ModeTarget => ({
  namespace: 'shop',
  workload: each,
  port,
})

describe('policyEdit', () => {
  it('makes the policy of a namespace', () => {
    expect(policyEdit(world([]), shop, 'STRICT')).toMatchObject({
      before: null,
      after: { metadata: { namespace: 'shop', name: 'default' }, spec: strict },
    })
  })

  it('makes that of the mesh in the root namespace', () => {
    expect(policyEdit(world([]), { namespace: null }, 'STRICT')).toMatchObject({
      after: { metadata: { namespace: 'istio-system' } },
    })
  })

  it('takes another name where its own is taken', () => {
    const other = peer('shop/default', { selector: { matchLabels: { app: 'x' } }, ...strict })
    expect(policyEdit(world([other]), shop, 'STRICT')).toMatchObject({
      after: { metadata: { name: 'default-mtls' } },
    })
  })

  it('edits the policy that counts, not a younger one', () => {
    const [old, young] = [peer('shop/old', {}, 2024), peer('shop/young', strict, 2025)]
    expect(policyEdit(world([young, old]), shop, 'DISABLE')).toMatchObject({ before: old })
  })

  it.each<[string, WorkloadInventory, Record<string, string>]>([
    ['the app, when no other workload bears it', lone, { app: 'vault' }],
    ['app and version, when another does', v1, { app: 'reviews', version: 'v1' }],
  ])('selects a workload by %s', (_name, each, labels) => {
    expect(policyEdit(world([]), of(each), 'STRICT')).toMatchObject({
      after: { spec: { selector: { matchLabels: labels } } },
    })
  })

  it('leaves labels of the mesh out where only all of them tell a workload', () => {
    const odd = workload('odd', { podLabels: { tier: 'a', 'sidecar.istio.io/inject': 'true' } })
    expect(policyEdit(world([], [odd]), of(odd), 'STRICT')).toMatchObject({
      after: { spec: { selector: { matchLabels: { tier: 'a' } } } },
    })
  })

  it('makes no policy without labels: it would hold for the whole namespace', () => {
    const bare = workload('bare', { podLabels: {} })
    expect(policyEdit(world([], [bare]), of(bare), 'STRICT')).toEqual({
      problem: expect.stringContaining('no labels'),
    })
  })

  it('sets a port without setting the rest', () => {
    expect(policyEdit(world([]), of(lone, 8200), 'DISABLE')).toMatchObject({
      after: {
        spec: { selector: { matchLabels: { app: 'vault' } }, portLevelMtls: { 8200: { mode: 'DISABLE' } } },
      },
    })
  })

  it('deletes a policy that has nothing left to say', () => {
    const own = peer('shop/default', strict)
    expect(policyEdit(world([own]), shop, 'UNSET')).toEqual({ before: own, after: null })
  })

  it('writes inheritance down where a younger policy would come into force', () => {
    const [old, young] = [
      peer('shop/old', strict, 2024),
      peer('shop/young', { mtls: { mode: 'DISABLE' } }, 2025),
    ]
    const index = world([old, young])
    const edit = policyEdit(index, shop, 'UNSET')
    expect(edit).toMatchObject({ before: old, after: { spec: { mtls: { mode: 'UNSET' } } } })
    const selector = { selector: { matchLabels: { app: 'vault' } } }
    const [a, b] = [
      peer('shop/a', { ...selector, ...strict }, 2024),
      peer('shop/b', { ...selector, ...strict }, 2025),
    ]
    expect(policyEdit(world([a, b]), of(lone), 'UNSET')).toMatchObject({
      before: a,
      after: { spec: selector },
    })
    expect(policyEdit(world([a]), of(lone), 'UNSET')).toEqual({ before: a, after: null })
  })

  it('has nothing to do to inherit where nothing is set', () => {
    expect(policyEdit(world([]), shop, 'UNSET')).toEqual({ before: null, after: null })
  })
})

describe('modeChanges', () => {
  it('are all that an edit moves, and nothing that has a policy of its own', () => {
    const own = peer('shop/vault', { selector: { matchLabels: { app: 'vault' } }, ...strict })
    const index = world([own])
    const edit = policyEdit(index, shop, 'STRICT')
    if ('problem' in edit) throw new Error(edit.problem)
    const moved = modeChanges(index, withEdit(index.inventory, edit))
    expect(moved.map(({ workload: { name }, before, after }) => [name, before, after])).toEqual([
      ['reviews-v1', 'PERMISSIVE', 'STRICT'],
      ['reviews-v2', 'PERMISSIVE', 'STRICT'],
    ])
  })

  it('tell that a shared policy moves others too', () => {
    const shared = peer('shop/reviews', { selector: { matchLabels: { app: 'reviews' } } })
    const index = world([shared])
    const edit = policyEdit(index, of(v1), 'STRICT')
    if ('problem' in edit) throw new Error(edit.problem)
    expect(edit.before).toBe(shared)
    expect(modeChanges(index, withEdit(index.inventory, edit)).map((each) => each.workload.name)).toEqual([
      'reviews-v1',
      'reviews-v2',
    ])
  })
})
