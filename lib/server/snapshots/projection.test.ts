import { describe, expect, it } from 'vitest'
import {
  callee,
  caller,
  edgeOf,
  input,
  nodeNamed,
  NOBODY,
  request,
  view,
} from '@/tests/support/graph/samples'
import type { GraphView } from '@/lib/graph/types'
import { buildTopology } from '@/lib/graph/build'
import { DEFAULT_HEALTH } from '@/lib/health/tolerance'
import { createOwnMetrics } from '../own-metrics'
import { createProjector } from './projection'
import type { Snapshot } from './snapshot'

const entry = (namespace: string) => {
  const of = callee(null, 'api.pay.example')
  return { ...of, service: { name: 'api.pay.example', host: 'api.pay.example', namespace } }
}
const passthrough = {
  ...callee(null),
  service: { name: 'PassthroughCluster', host: null, namespace: null },
}
const requests = [
  request('shop/cart', 'bank/ledger', 5),
  request('bank/ledger', 'shop/cart', 10),
  request('bank/ledger', 'bank/vault', 90),
  request('shop/cart', passthrough, 1),
  request('bank/ledger', passthrough, 70),
  request('shop/cart', entry('shop'), 3),
  request(NOBODY, 'shop/cart', 2, { reporter: 'destination' }),
  request(NOBODY, 'bank/ledger', 40, { reporter: 'destination' }),
]

function projected(of: Partial<GraphView>, all = requests) {
  const projector = createProjector(
    DEFAULT_HEALTH,
    { of: () => new Map(), ready: () => Promise.resolve() },
    createOwnMetrics(),
  )
  const topology = buildTopology(input({ requests: all }))
  const snapshot: Snapshot = {
    at: topology.at,
    windowSeconds: topology.windowSeconds,
    revision: 0,
    takenAt: 0,
    topology,
    latencyMs: null,
    isRecorded: false,
    notices: [],
  }
  return projector.project(snapshot, view({ namespaces: ['east/shop'], ...of }))
}

describe('a view of someone who may see one namespace', () => {
  const graph = projected({ hidesOutside: true })

  it('shows the traffic of that namespace, both ways', () => {
    expect(edgeOf(graph, '/ledger', '/cart').requestsPerSecond).toBe(10)
    expect(edgeOf(graph, '/cart', '/ledger').requestsPerSecond).toBe(5)
    expect(edgeOf(graph, '/cart', '/ledger').share).toBeCloseTo(5 / 9)
    expect(nodeNamed(graph, 'workload/cart').inbound.http?.requestsPerSecond).toBe(12)
  })

  it('tells nothing that only others do: not of neighbours, nor of what is called from everywhere', () => {
    for (const name of ['workload/ledger', 'PassthroughCluster', 'unknown/unknown']) {
      const { inbound, outbound, health } = nodeNamed(graph, name)
      expect([inbound.http, outbound.http, health.status]).toEqual([null, null, 'unknown'])
      // others are told all of it
      const open = nodeNamed(projected({}), name)
      expect([open.inbound.http, open.outbound.http]).not.toEqual([null, null])
    }
    // 10 of 170 requests per second would tell of the 170
    expect(edgeOf(graph, '/ledger', '/cart').share).toBeNull()
  })

  it('keeps the figures of an outside host that the namespace declares', () => {
    expect(nodeNamed(graph, 'api.pay.example').inbound.http?.requestsPerSecond).toBe(3)
  })
})

describe('a view of someone who may see all of one cluster, while another is left out', () => {
  const west = (name: string) => ({ ...caller(name), cluster: 'west' })
  const host = (name: string) => ({ ...callee(null, name), service: { name, host: name, namespace: null } })
  const all = [
    ...requests,
    request('shop/cart', host('api.own.example'), 4),
    request('shop/cart', host('api.all.example'), 4),
    request(west('mint/press'), host('api.all.example'), 60),
    request(west('mint/press'), 'shop/cart', 8),
    request(west('mint/press'), { ...callee('mint/safe'), cluster: 'west' }, 900),
  ]
  const part = { wholeClusters: ['east'] }

  it('shows all of that cluster, whatever part of it is chosen', () => {
    const graph = projected(part, all)
    // outside of what was chosen, as others see it
    const { inbound, outbound } = nodeNamed(graph, 'workload/ledger')
    expect([inbound.http?.requestsPerSecond, outbound.http?.requestsPerSecond]).toEqual([45, 170])
    expect(edgeOf(graph, '/ledger', '/cart').share).not.toBeNull()
    expect(nodeNamed(graph, 'api.own.example').inbound.http?.requestsPerSecond).toBe(4)
  })

  it('tells of the other cluster the traffic of an edge alone, also where both call one host', () => {
    for (const namespaces of [['east/shop'], ['east/shop', 'east/bank'], null]) {
      const graph = projected({ ...part, namespaces }, all)
      for (const name of ['workload/press', 'api.all.example', 'unknown/unknown']) {
        const { inbound, outbound, health } = nodeNamed(graph, name)
        expect([inbound.http, outbound.http, health.status]).toEqual([null, null, 'unknown'])
      }
      expect(edgeOf(graph, '/press', '/cart')).toMatchObject({ requestsPerSecond: 8, share: null })
      expect(graph.nodes.filter(({ name }) => name === 'safe')).toEqual([])
    }
  })
})
