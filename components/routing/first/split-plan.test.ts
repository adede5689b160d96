import { describe, expect, it } from 'vitest'
import type { SplitTargets } from '@/lib/api/schemas/config/splits'
import { config } from '@/tests/support/graph/samples'
import {
  parsePlan,
  plannedItems,
  plannedObjects,
  planProblems,
  routeInTheWay,
  startPlan,
  versionsIn,
  weightDraft,
  withVersion,
  withWeightDraft,
  type Present,
} from './split-plan'

const version = (name: string, more: Partial<SplitTargets['versions'][number]> = {}) => ({
  name,
  labels: { version: name },
  workloads: [`cart-${name}`],
  pods: { ready: 1, total: 1 },
  createdAt: null,
  subset: null,
  service: null,
  ...more,
})
const targets: SplitTargets = {
  cluster: 'east',
  namespace: 'shop',
  service: 'cart',
  host: 'cart.shop.svc.cluster.local',
  ports: [{ port: 80, name: 'http', protocol: 'TCP' }],
  versions: [version('v1', { service: 'cart-v1' }), version('v2', { service: 'cart-v2' }), version('v3')],
  subsets: [],
  destinationRule: null,
  route: null,
  splits: [],
  api: 'istio',
}
const none: Present = { destinationRule: null, route: null }
const summary = (planned: ReturnType<typeof plannedObjects>) =>
  'problem' in planned
    ? planned.problem
    : plannedItems('east', planned).map(({ op, ref }) => `${op} ${ref.kind} ${ref.name}`)

describe('the plan of a first split', () => {
  it('begins with all traffic where it is', () => {
    const plan = startPlan(targets)
    expect(plan.typed).toEqual({ v1: '100', v2: '0', v3: '0' })
    expect(planProblems(plan, targets)).toEqual([])
    expect(summary(plannedObjects(plan, targets, none))).toEqual([
      'create DestinationRule cart',
      'create VirtualService cart',
    ])
  })

  it('adds the subsets that are missing to the rule there is', () => {
    const destinationRule = config('DestinationRule', 'shop/cart', {
      host: 'cart',
      odd: 1,
      subsets: [{ name: 'stable', labels: { version: 'v1' } }],
    })
    const known = { ...targets, versions: [version('v1', { subset: 'stable' }), version('v2.1')] }
    const planned = plannedObjects(startPlan(known), known, { ...none, destinationRule })
    expect(summary(planned)).toEqual(['patch DestinationRule cart', 'create VirtualService cart'])
    const [rule, route] = 'problem' in planned ? [] : planned
    expect(rule?.after.spec).toMatchObject({ odd: 1, subsets: [{ name: 'stable' }, { name: 'v2-1' }] })
    expect(JSON.stringify(route?.after.spec)).toContain('"subset":"stable"')
  })

  it('splits the rule that sends everything to the service, where there is one', () => {
    const object = config('VirtualService', 'shop/cart', {
      hosts: ['cart'],
      http: [{ timeout: '5s', route: [{ destination: { host: 'cart' } }] }],
    })
    const present = { ...none, route: { object, path: 'spec.http[0].route' } }
    expect(summary(plannedObjects(startPlan(targets), targets, present))).toEqual([
      'create DestinationRule cart',
      'patch VirtualService cart',
    ])
  })

  it('by the Gateway API takes only versions that have a service of their own', () => {
    const plan = { ...startPlan(targets), api: 'gateway' as const }
    expect(versionsIn(plan, targets).map(({ name }) => name)).toEqual(['v1', 'v2'])
    expect(summary(plannedObjects(plan, targets, none))).toEqual(['create HTTPRoute cart'])
  })

  it('puts no second route beside one that speaks for the service', () => {
    const route = (kind: string, isOwn = true) => ({
      ref: { cluster: 'east', group: 'g', version: 'v1', kind, namespace: 'shop', name: 'cart' },
      why: '',
      isOwn,
    })
    const [own, entry] = [route('VirtualService'), route('Gateway', false)]
    const { cluster: _cluster, ...ref } = own.ref
    const lone = { ...targets, route: { ref, path: 'spec.http[0].route' } }
    expect(routeInTheWay('istio', targets, [entry])).toBeNull()
    expect(routeInTheWay('istio', targets, [entry, own])).toBe(own)
    expect(routeInTheWay('istio', lone, [own])).toBeNull()
    expect(routeInTheWay('gateway', lone, [own])).toBe(own)
  })

  it('gives the share of a version that leaves back to the first', () => {
    const plan = { ...startPlan(targets), typed: { v1: '60', v2: '30', v3: '10' } }
    const without = withVersion(plan, targets, 'v2', false)
    expect([without.chosen, without.typed.v1, without.typed.v3]).toEqual([['v1', 'v3'], '90', '10'])
    expect(withVersion(without, targets, 'v2', true).typed).toMatchObject({ v1: '90', v2: '0', v3: '10' })
  })

  it('is edited in the rows of the editor of splits', () => {
    const plan = startPlan(targets)
    const draft = weightDraft(plan, targets)
    expect(draft.typed).toEqual(['100', '0', '0'])
    const next = withWeightDraft(plan, targets, { ...draft, typed: ['90', '10', '0'], locked: [2] })
    expect([next.typed, next.locked]).toEqual([{ v1: '90', v2: '10', v3: '0' }, ['v3']])
  })

  it('survives a reload, and nothing else is taken for one', () => {
    const plan = { ...startPlan(targets), typed: { v1: '100', v2: '-5' } }
    expect(parsePlan(JSON.stringify(plan))).toEqual(plan)
    for (const text of [null, '', '{}', '[]', '{"api":"smi"}']) expect(parsePlan(text)).toBeNull()
    expect(planProblems(plan, targets).map(({ place }) => place)).toContain(1)
  })
})
