import { expect, it } from 'vitest'
import type { Incident } from '@/lib/incidents/types'
import type { KubernetesEvent } from '@/lib/kubernetes/watching/decode'
import type { ClusterInventory, PodInventory } from '@/lib/mesh/inventory'
import { present } from '@/tests/support/present'
import { causesOf, happenings, unreadOf } from './causes'

const NOW = Date.UTC(2026, 7, 20, 12)
const MINUTE = 60_000

/** So many services, each with a workload, a pod that began a minute ago, and a rule that is old. */
function meshOf(count: number): ClusterInventory {
  const names = Array.from({ length: count }, (_, n) => `s${n}`)
  const place = (name: string) => ({ cluster: 'east', namespace: 'shop', name, labels: {}, annotations: {} })
  const rule = (name: string) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name, namespace: 'shop', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { host: name },
  })
  return {
    cluster: 'east',
    rootNamespace: 'istio-system',
    meshConfig: null,
    namespaces: [],
    serviceAccounts: [],
    services: names.map((name) => ({ ...place(name), selector: { app: name }, ports: [] })),
    workloads: names.map((name) => ({ ...place(name), podLabels: { app: name }, podAnnotations: {} })),
    pods: names.map((name) => ({ ...place(`${name}-a`), workload: name, startedAt: NOW - MINUTE })),
    config: names.map(rule),
  } as unknown as ClusterInventory
}

const event = (pod: string, agoMs: number) =>
  ({
    cluster: 'east',
    namespace: 'shop',
    object: { kind: 'Pod', name: pod, namespace: 'shop' },
    firstAt: NOW - agoMs,
    lastAt: NOW,
    count: 1,
    message: `${pod} is unhealthy`,
    reason: 'Unhealthy',
  }) as unknown as KubernetesEvent

const of = (name: string) => {
  const id = `east/shop/workload/${name}`
  const suspect = { id, kind: 'workload', cluster: 'east', namespace: 'shop', name }
  return { suspects: [suspect], nodes: [id] } as unknown as Incident
}

function recentIn(inventory: ClusterInventory, events: readonly KubernetesEvent[]) {
  const inventories = [inventory]
  return {
    happened: happenings({ changes: [], events, inventories }),
    inventories,
    unread: new Map(),
    notices: [],
  }
}

it('tells of each incident what happened near it of late, also to pods that are gone', () => {
  const inventory = meshOf(2)
  const fresh = present(inventory.config[0])
  inventory.config[0] = {
    ...fresh,
    metadata: { ...fresh.metadata, creationTimestamp: new Date(NOW - 2 * MINUTE).toISOString() },
  }
  const pods = inventory.pods as PodInventory[]
  const recent = recentIn(inventory, [
    event(pods[0]?.name ?? '', MINUTE),
    event('s0-x2x9k', 3 * MINUTE),
    event('s0-longago', 40 * MINUTE),
    event(pods[1]?.name ?? '', MINUTE),
  ])
  const told = (name: string) =>
    causesOf(of(name), null, recent, NOW).map(({ relation, message }) => `${relation}: ${message}`)
  expect(told('s0').sort()).toEqual([
    'appliesToOrigin: DestinationRule shop/s0 was created',
    'origin: A pod of shop/s0 started',
    'origin: Pod shop/s0-a: s0-a is unhealthy',
    'origin: Pod shop/s0-x2x9k: s0-x2x9k is unhealthy',
  ])
  expect(told('s1')).not.toContain('appliesToOrigin: DestinationRule shop/s1 was created')
})

// looking through everything for each incident, a storm in a large mesh takes a minute: then this one times out
it('goes through a storm', () => {
  const inventory = meshOf(4_000)
  const recent = recentIn(
    inventory,
    Array.from({ length: 2_000 }, (_, n) => event(`s${n}-a`, MINUTE)),
  )
  for (let n = 0; n < 400; n++) {
    expect(causesOf(of(`s${n}`), null, recent, NOW).map(({ relation }) => relation)).toContain('origin')
  }
})

it('names the kinds that may not be read in the clusters of an incident', () => {
  const unread = new Map([
    ['east', ['VirtualService', 'Event']],
    ['north', ['Pod']],
    ['west', ['DestinationRule', 'Event']],
  ])
  const nodesIn = (...clusters: string[]) => ({ nodes: clusters.map((one) => `${one}/shop/workload/cart`) })
  expect(unreadOf(nodesIn('east', 'east'), { unread })).toEqual(['Event', 'VirtualService'])
  expect(unreadOf(nodesIn('east', 'west'), { unread })).toEqual([
    'DestinationRule',
    'Event',
    'VirtualService',
  ])
  expect(unreadOf(nodesIn('south'), { unread })).toEqual([])
})
