import { describe, expect, it } from 'vitest'
import { graphOf, idsOf } from '@/tests/support/graph/graphs'
import {
  config,
  edgeOf,
  inventory,
  nodeNamed,
  request,
  workload,
  service,
  podOf,
} from '@/tests/support/graph/samples'

describe('what Kubernetes adds', () => {
  const b = workload('b-v1')
  const parts = {
    requests: [request('a', 'b-v1', 1)],
    inventories: [
      inventory({
        workloads: [
          b,
          workload('b-v2', { replicas: { desired: 2, current: 2, available: 2 } }),
          workload('c'),
        ],
        pods: [podOf(b), podOf(workload('c'), { hasSidecar: false })],
        services: [service('b'), service('lost')],
        config: [config('PeerAuthentication', 'istio-system/default', { mtls: { mode: 'STRICT' } })],
      }),
    ],
  }

  it('describes workloads', () => {
    expect(nodeNamed(graphOf(parts), '/b-v1')).toMatchObject({
      workloadKind: 'Deployment',
      replicas: { desired: 1, current: 1, available: 1 },
      serviceAccount: 'b',
      dataPlane: 'sidecar',
      mesh: 'istio',
      mtls: { mode: 'STRICT', reason: 'STRICT by the mesh-wide PeerAuthentication istio-system/default' },
    })
  })

  it('leaves unknown what Kubernetes does not tell', () => {
    const alone = nodeNamed(graphOf({ requests: parts.requests }), '/b-v1')
    expect(alone).toMatchObject({ dataPlane: null, replicas: null, mtls: null, workloadKind: null })
  })

  it('counts all workloads of an app, also those without traffic', () => {
    expect(nodeNamed(graphOf(parts, { graphType: 'app' }), 'app/b').replicas).toEqual({
      desired: 3,
      current: 3,
      available: 3,
    })
  })

  it('places a workload where proxies report it, not once more by its labels', () => {
    const relabelled = workload('b-v1', { podLabels: { app: 'renamed', version: 'v9' } })
    const graph = graphOf(
      { ...parts, inventories: [inventory({ workloads: [relabelled] })] },
      { graphType: 'versionedApp', idle: true },
    )
    expect(idsOf(graph.nodes)).toEqual(['east/shop/app/a', 'east/shop/app/b/v1'])
  })

  it('shows what is idle only when asked', () => {
    expect(idsOf(graphOf(parts).nodes)).toEqual(['east/shop/workload/a', 'east/shop/workload/b-v1'])
    const graph = graphOf(parts, { idle: true })
    expect(nodeNamed(graph, '/c')).toMatchObject({
      roles: ['idle'],
      health: { status: 'idle' },
      dataPlane: 'none',
      mesh: null,
      badges: ['missingSidecar'],
    })
    expect(graph.nodes.map((node) => node.kind)).not.toContain('service')
  })

  it('tells dead from idle: nothing behind it', () => {
    const graph = graphOf(parts, { idle: true, graphType: 'service' })
    expect(nodeNamed(graph, 'service/lost').roles).toEqual(['dead'])
    expect(nodeNamed(graph, 'service/b').roles).toEqual([])
    const stopped = inventory({
      workloads: [workload('s', { replicas: { desired: 0, current: 0, available: 0 } })],
    })
    const quiet = nodeNamed(graphOf({ inventories: [stopped] }, { idle: true }), '/s')
    expect(quiet).toMatchObject({ roles: ['dead'], health: { status: 'idle' } })
  })

  it('calls nothing idle, dead or healthy where nobody could measure', () => {
    const inventories = [
      inventory({
        workloads: [
          workload('a'),
          workload('b', { replicas: { desired: 2, current: 2, available: 0 } }),
          workload('s', { replicas: { desired: 0, current: 0, available: 0 } }),
        ],
      }),
    ]
    const graph = graphOf({ inventories, isMeasured: false })
    expect(graph.nodes.map(({ name, roles, health }) => [name, roles, health.status])).toEqual([
      ['a', [], 'unknown'],
      // what Kubernetes says of its replicas holds all the same
      ['b', [], 'failing'],
      ['s', [], 'idle'],
    ])
  })

  it('shows edges that fell silent as idle, and their lost workloads as dead', () => {
    const silent = { ...parts, requests: [...parts.requests, request('b-v1', 'gone', 0)] }
    expect(graphOf(silent).edges).toHaveLength(1)
    const graph = graphOf(silent, { idle: true })
    expect(edgeOf(graph, '/b-v1', '/gone')).toMatchObject({
      requestsPerSecond: 0,
      errorRatio: null,
      share: null,
      health: { status: 'idle', reasons: [] },
    })
    expect(nodeNamed(graph, '/gone').roles).toEqual(['dead'])
  })

  it('knows gateways and waypoints by their labels, and hides waypoints that only forward', () => {
    const labels = (extra: Record<string, string>) => ({ podLabels: extra })
    const inventories = [
      inventory({
        workloads: [
          workload('edge', labels({ 'gateway.networking.k8s.io/gateway-name': 'edge' })),
          workload('wp', labels({ 'gateway.networking.k8s.io/gateway-class-name': 'istio-waypoint' })),
          // named like one, labelled as none
          workload('my-waypoint', labels({ app: 'my-waypoint' })),
        ],
      }),
    ]
    const graph = graphOf({ requests: [request('edge', 'my-waypoint', 1)], inventories }, { idle: true })
    expect(graph.nodes.map((node) => [node.name, node.roles])).toEqual([
      ['edge', ['root', 'gateway']],
      ['my-waypoint', []],
    ])
  })
})
