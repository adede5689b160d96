import { describe, expect, it } from 'vitest'
import { config, inventory, podOf, service, workload } from '@/tests/support/graph/samples'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { storyOfService } from './effective/effective-routing'
import { scopeMtls } from './mtls'
import { enforcedMtls } from './mutual-tls/enforced'
import { podsBehind } from './split/baseline'
import { findSplits } from './splits'
import { isUnread, unreadAmong, wordsOfKinds } from './unread'

const reviews = workload('reviews-v1')
const qualified = {
  PeerAuthentication: 'PeerAuthentication.security.istio.io',
  AuthorizationPolicy: 'AuthorizationPolicy.security.istio.io',
  VirtualService: 'VirtualService.networking.istio.io',
  DestinationRule: 'DestinationRule.networking.istio.io',
} as const

function indexWithout(...kinds: (keyof typeof qualified)[]) {
  const route = ['v1', 'v2'].map((subset) => ({ destination: { host: 'reviews', subset }, weight: 50 }))
  return indexInventory(
    inventory({
      workloads: [reviews],
      pods: [podOf(reviews)],
      services: [service('reviews')],
      config: kinds.includes('VirtualService')
        ? []
        : [config('VirtualService', 'shop/reviews', { hosts: ['reviews'], http: [{ route }] })],
      unread: kinds.map((kind) => qualified[kind]),
    }),
  )
}

const to = (host: string) => ({ destination: { host }, weight: 100 })
const told = (index: ReturnType<typeof indexWithout>) =>
  storyOfService(index, 'shop', 'reviews').steps.flatMap(({ lines }) => lines.map(({ text }) => text))

describe('kinds that may not be read', () => {
  it('are known by their kind, whatever their group', () => {
    const index = indexWithout('PeerAuthentication')
    expect(isUnread(index, 'PeerAuthentication')).toBe(true)
    expect(isUnread(index, 'Peer')).toBe(false)
    expect(isUnread({ inventory: {} }, 'PeerAuthentication')).toBe(false)
    const asked = ['VirtualService', 'PeerAuthentication', 'DestinationRule']
    expect(unreadAmong(indexWithout('DestinationRule', 'PeerAuthentication').inventory, asked)).toEqual([
      'PeerAuthentication',
      'DestinationRule',
    ])
    expect(unreadAmong({}, asked)).toEqual([])
  })

  it.each([
    [['VirtualService'], 'VirtualServices'],
    [['ServiceEntry', 'AuthorizationPolicy'], 'ServiceEntries and AuthorizationPolicies'],
    [['Gateway', 'GatewayClass', 'Event'], 'Gateways, GatewayClasses and Events'],
    [
      ['Pod', 'Job', 'Service', 'Rollout', 'Event', 'Sidecar'],
      'Pods, Jobs, Services, Rollouts, Events and 1 more kind',
    ],
    [
      ['Pod', 'Job', 'Service', 'Rollout', 'Event', 'Sidecar', 'Canary'],
      'Pods, Jobs, Services, Rollouts, Events and 2 more kinds',
    ],
    [[], ''],
  ])('are named in a sentence: %j', (kinds, words) => {
    expect(wordsOfKinds(kinds)).toBe(words)
  })

  it('leave modes unknown, of workloads and of scopes', () => {
    const index = indexWithout('PeerAuthentication')
    const reason = 'The mode is not known: Heddle may not read PeerAuthentications'
    expect(enforcedMtls(reviews, index)).toEqual({ mode: null, reason })
    expect(scopeMtls(index, 'shop')).toMatchObject({ mode: null, source: null, reason })
    expect(scopeMtls(indexWithout('DestinationRule'), 'shop').mode).toBe('PERMISSIVE')
  })

  it('leave what a subset selects unknown, which is not nothing', () => {
    const behind = (index: ReturnType<typeof indexWithout>) =>
      findSplits(index)[0]?.backends.map(({ workloads }) => workloads)
    expect(behind(indexWithout())).toEqual([[], []])
    expect(behind(indexWithout('DestinationRule'))).toEqual([null, null])
  })

  it('leave open whether anything runs, where those are Pods', () => {
    const world = {
      services: [service('reviews')],
      config: [
        config('VirtualService', 'shop/reviews', { hosts: ['reviews'], http: [{ route: [to('reviews')] }] }),
      ],
    }
    const empty = indexInventory(inventory(world))
    const blind = indexInventory(inventory({ ...world, unread: ['Pod'] }))
    const nobody = expect.stringContaining('no workload stands behind it')
    expect(told(empty)).toContainEqual(nobody)
    expect(told(blind)).not.toContainEqual(nobody)
    expect(told(blind)).toContain('whether anything stands behind it is not known: Heddle may not read Pods')
    const pods = (index: typeof empty) =>
      findSplits(index)[0]?.backends.map((backend) => podsBehind(index, backend))
    expect(pods(empty)).toEqual([{ ready: 0, total: 0 }])
    expect(pods(blind)).toEqual([null])
  })

  it('leave open whether there is a service, where those are Services', () => {
    const of = (...unread: string[]) =>
      told(
        indexInventory(
          inventory({
            unread,
            services: [service('reviews')],
            config: [
              config('VirtualService', 'shop/reviews', {
                hosts: ['reviews'],
                http: [{ route: [to('stock')] }],
              }),
            ],
          }),
        ),
      )
    const missing = expect.stringContaining('there is no service stock')
    expect(of()).toContainEqual(missing)
    expect(of('Service')).not.toContainEqual(missing)
  })

  it('are named by the story of a request in the place of defaults', () => {
    const defaults = [
      'no rule speaks for this host: each request goes to one of its ready pods',
      'no destination rule: the pod with the fewest open requests of two is taken (Istio’s default)',
      'everything else is let in: there is no policy of allowing',
    ]
    const [, destination, access] = defaults
    expect(told(indexWithout())).toEqual(expect.arrayContaining([destination, access]))
    const lines = told(
      indexWithout('VirtualService', 'DestinationRule', 'PeerAuthentication', 'AuthorizationPolicy'),
    )
    for (const one of defaults) expect(lines).not.toContain(one)
    expect(lines).toEqual(
      expect.arrayContaining([
        'which rules there are is not known: Heddle may not read VirtualServices',
        'which policy holds is not known: Heddle may not read DestinationRules',
        'whether it takes plain text is not known: Heddle may not read PeerAuthentications',
        'who is let in is not known: Heddle may not read AuthorizationPolicies',
      ]),
    )
  })
})
