import { describe, expect, it } from 'vitest'
import type { PodInventory } from '@/lib/mesh/inventory'
import { rolloutsOf, type RolloutEvent } from './rollouts'

const NOON = Date.UTC(2026, 7, 20, 12)
const MINUTE = 60_000

function pod(
  name: string,
  startedAt: number | null,
  hash = 'h1',
  patch: Partial<PodInventory> = {},
): PodInventory {
  return {
    cluster: 'east',
    namespace: 'shop',
    name,
    workload: 'cart',
    workloadKind: 'Deployment',
    labels: { 'pod-template-hash': hash },
    annotations: {},
    serviceAccount: 'cart',
    phase: 'Running',
    ready: true,
    restarts: 0,
    node: null,
    startedAt,
    containers: [],
    hasSidecar: true,
    isAmbient: false,
    ...patch,
  }
}

function scaled(message: string, at: number, name = 'cart'): RolloutEvent {
  return {
    namespace: 'shop',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${message}`,
    firstAt: at,
    lastAt: at,
    object: { kind: 'Deployment', name },
  }
}

const told = (pods: PodInventory[], events: RolloutEvent[] = []) =>
  rolloutsOf(pods, events).map(({ at, kind, workload, message }) => [
    (at - NOON) / MINUTE,
    kind,
    workload,
    message,
  ])

const ended = (at: number, reason: string | null) => ({
  containers: [{ name: 'cart', image: '', ready: true, restarts: 1, reason: null, lastEnd: { at, reason } }],
})

describe('rollouts', () => {
  it('are one where one set of pods takes over from another, however many steps it takes', () => {
    const events = [
      scaled('up replica set cart-b from 0 to 1', NOON),
      scaled('down replica set cart-a from 3 to 2', NOON + MINUTE),
      scaled('up replica set cart-b from 1 to 3', NOON + 4 * MINUTE),
      scaled('down replica set cart-a from 2 to 0', NOON + 8 * MINUTE),
    ]
    expect(told([pod('x', NOON + MINUTE, 'b')], events)).toEqual([
      [0, 'template', 'cart', 'new pods (replica set cart-b in place of cart-a)'],
    ])
  })

  it.each([
    ['up replica set cart-a from 2 to 5', 'scale', 'scaled up from 2 to 5 pods'],
    ['down replica set cart-a to 1', 'scale', 'scaled down to 1 pod'],
    ['up replica set cart-a from 0 to 2', 'template', 'new pods (replica set cart-a)'],
  ])('tell scaling from other pods: %s', (message, kind, words) => {
    expect(told([], [scaled(message, NOON)])).toEqual([[0, kind, 'cart', words]])
  })

  it('are apart by workload and by time', () => {
    const events = [
      scaled('up replica set cart-a from 1 to 2', NOON),
      scaled('up replica set cart-a from 2 to 3', NOON + 30 * MINUTE),
      scaled('up replica set page-a from 1 to 2', NOON, 'page'),
    ]
    expect(told([], events)).toEqual([
      [30, 'scale', 'cart', 'scaled up from 2 to 3 pods'],
      [0, 'scale', 'cart', 'scaled up from 1 to 2 pods'],
      [0, 'scale', 'page', 'scaled up from 1 to 2 pods'],
    ])
  })

  it('are seen from the pods that are there once events are no longer kept', () => {
    const pods = [pod('a', NOON - 900 * MINUTE), pod('b', NOON, 'h2'), pod('c', NOON + 2 * MINUTE, 'h2')]
    expect(told(pods)).toEqual([
      [0, 'template', 'cart', '2 pods of template h2 started'],
      [-900, 'template', 'cart', '1 pod of template h1 started'],
    ])
    expect(told([pod('a', NOON), pod('b', null), pod('c', NOON, 'h1', { workload: null })])).toEqual([
      [0, 'pods', 'cart', '1 pod started'],
    ])
  })

  it('say which containers began again, and why', () => {
    const began = NOON - 900 * MINUTE
    expect(told([pod('a', began, 'h1', ended(NOON, 'OOMKilled'))])[0]).toEqual([
      0,
      'restart',
      'cart',
      'container cart of a restarted (OOMKilled)',
    ])
    const pods = [
      pod('a', began, 'h1', ended(NOON, 'OOMKilled')),
      pod('b', began, 'h1', ended(NOON + MINUTE, null)),
    ]
    expect(told(pods)[0]).toEqual([
      1,
      'restart',
      'cart',
      '2 containers of 2 pods restarted (OOMKilled, reason unknown)',
    ])
  })

  it('leave out other events and messages of another form', () => {
    const other = { ...scaled('up replica set cart-a from 0 to 1', NOON), reason: 'Killing' }
    expect(told([], [other, scaled('sideways', NOON)])).toEqual([])
  })
})
