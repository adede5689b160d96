import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { itemAt } from '@/lib/demo/item-at'
import { createRandom } from '@/lib/statistics/random'
import type { CallSpec, World, WorkloadSpec } from '@/lib/demo/model'
import { createWorld } from '../create-world'
import type { SyntheticNode } from './graph'
import { createGraph } from './graph'

const SERVICES = 1000
const world = createWorld({ services: SERVICES, seed: 1 })
const graph = createGraph(createRandom(1), SERVICES)

describe('the graph of 1,000 services', () => {
  const edges = graph.flatMap((from) => from.callees.map((to) => ({ from, to: itemAt(graph, to) })))

  it('has entries, middle and leaves in their shares', () => {
    const share = (role: SyntheticNode['role'][]) =>
      graph.filter((node) => role.includes(node.role)).length / graph.length
    expect(share(['ingress', 'worker'])).toBeCloseTo(0.13, 2)
    expect(share(['middle'])).toBeCloseTo(0.48, 2)
    expect(share(['leaf'])).toBeCloseTo(0.39, 2)
  })

  it('gives every service but the entries a caller, and every caller a callee', () => {
    for (const node of graph) {
      if (node.level > 0) expect(node.callers.length).toBeGreaterThan(0)
      if (node.role !== 'leaf') expect(node.callees.length).toBeGreaterThan(0)
    }
  })

  it('fans out to two at the median, eight to ten at the 95th percentile, fifty at most', () => {
    const out = graph.map((node) => node.callees.length).sort((a, b) => a - b)
    expect(out[500]).toBe(2)
    expect(out[950]).toBeGreaterThanOrEqual(6)
    expect(out[950]).toBeLessThanOrEqual(10)
    expect(out[999]).toBeGreaterThan(12)
    expect(out[999]).toBeLessThanOrEqual(50)
  })

  it('has one hub in twenty services, the greatest with over a hundred callers', () => {
    const callers = graph.map((node) => node.callers.length)
    expect(callers.filter((count) => count >= 16).length).toBeGreaterThanOrEqual(45)
    expect(callers.filter((count) => count >= 16).length).toBeLessThanOrEqual(60)
    expect(Math.max(...callers)).toBeGreaterThan(100)
  })

  it('keeps four edges in five inside a namespace or at a hub', () => {
    const near = edges.filter(({ from, to }) => to.isHub || to.namespace === from.namespace)
    expect(near.length / edges.length).toBeGreaterThan(0.75)
    expect(near.length / edges.length).toBeLessThan(0.87)
    expect(new Set(graph.map((node) => node.namespace)).size).toBe(50)
  })

  it('mixes HTTP, gRPC and TCP about 60 to 25 to 15', () => {
    const share = (protocol: string) =>
      edges.filter(({ to }) => to.protocol === protocol).length / edges.length
    expect(Math.abs(share('http') - 0.6)).toBeLessThan(0.05)
    expect(Math.abs(share('grpc') - 0.25)).toBeLessThan(0.05)
    expect(Math.abs(share('tcp') - 0.15)).toBeLessThan(0.05)
  })

  it('is three calls deep on average and never deeper than twelve', () => {
    const depth = new Map<number, number>()
    for (const node of [...graph].sort((a, b) => a.level - b.level)) {
      const callers = node.callers.map((caller) => depth.get(caller) ?? 0)
      depth.set(node.index, node.level === 0 ? 0 : 1 + Math.max(...callers))
    }
    const depths = [...depth.values()]
    expect(depths.reduce((sum, value) => sum + value, 0) / depths.length).toBeGreaterThan(2.5)
    expect(Math.max(...depths)).toBeGreaterThanOrEqual(7)
    expect(Math.max(...depths)).toBeLessThanOrEqual(12)
  })
})

describe('the world of 1,000 services', () => {
  it('is the same for the same seed and another for another', () => {
    expect(createWorld({ services: 120, seed: 3 })).toEqual(createWorld({ services: 120, seed: 3 }))
    expect(createWorld({ services: 120, seed: 4 }).entries).not.toEqual(
      createWorld({ services: 120, seed: 3 }).entries,
    )
  })

  it('carries at least one request in a hundred seconds over each of about 3,500 edges', () => {
    const flows = edgeFlows(world)
    expect(flows.size).toBeGreaterThan(3300)
    expect(flows.size).toBeLessThan(3800)
    const quiet = [...flows].filter(([, perSecond]) => perSecond <= 0.01)
    expect(quiet).toEqual([])
    // and no request storms out of a cycle
    const atTheEdge = world.entries.reduce((sum, entry) => sum + entry.requestsPerSecond, 0)
    const total = [...flows.values()].reduce((sum, perSecond) => sum + perSecond, 0)
    expect(total / atTheEdge).toBeGreaterThan(2)
    expect(total / atTheEdge).toBeLessThan(6)
  })

  it('holds cycles in one or two edges of a hundred', () => {
    const back = world.workloads.flatMap((w) =>
      w.endpoints.flatMap(({ calls }) => calls.filter(({ required }) => required === false)),
    )
    const calls = world.workloads.flatMap((w) => w.endpoints.flatMap((endpoint) => endpoint.calls))
    expect(back.length / calls.length).toBeGreaterThan(0.005)
    expect(back.length / calls.length).toBeLessThan(0.02)
    expect(Math.max(...back.map(({ perRequest }) => perRequest))).toBeLessThan(0.05)
  })

  it('runs a fifth of the services in two versions with a route between them', () => {
    const versioned = world.workloads.filter(({ version }) => version === 'v2')
    expect(versioned.length / SERVICES).toBeCloseTo(0.2, 2)
    for (const { namespace, app } of versioned) {
      expect(canaryShare(world, namespace, app)).toBeGreaterThan(0)
      expect(canaryShare(world, namespace, app)).toBeLessThanOrEqual(0.5)
    }
  })

  it('names services with words', () => {
    for (const { name } of world.services) expect(name).toMatch(/^[a-z]+[a-z0-9]*(-[a-z]+)*$/)
    expect(new Set(world.services.map(({ namespace, name }) => `${namespace}/${name}`)).size).toBe(
      world.services.length,
    )
  })
})

/** Mean requests per second between workloads, worked out from the world and its weights alone. */
function edgeFlows(made: World): Map<string, number> {
  const backends = new Map<string, { workload: WorkloadSpec; share: number }[]>()
  for (const { namespace, name, selector } of made.services) {
    const selected = made.workloads.filter((w) => w.namespace === namespace && w.app === selector.app)
    const canary = selected.length > 1 ? canaryShare(made, namespace, name) : 0
    backends.set(
      `${namespace}/${name}`,
      selected.map((workload) => ({
        workload,
        share: selected.length === 1 ? 1 : workload.version === 'v2' ? canary : 1 - canary,
      })),
    )
  }
  const serviceOfHost = new Map(
    made.services.map(({ namespace, name }) => [
      `${name}.${namespace}.example.com`,
      { namespace, service: name },
    ]),
  )
  const edges = new Map<string, number>()
  let wave: { from: string; call: Pick<CallSpec, 'target' | 'method' | 'path'>; perSecond: number }[] =
    made.entries.map((entry) => ({
      from: entry.source === null ? 'ingress' : `${entry.source.namespace}/${entry.source.workload}`,
      call: { ...entry, target: serviceOfHost.get(entry.host ?? '') ?? entry.target },
      perSecond: entry.requestsPerSecond,
    }))
  // a round is one step of all requests down their calls; what is left after many is the tail of cycles
  for (let round = 0; round < 15 && wave.length > 0; round++) {
    const arrived = new Map<
      string,
      { workload: WorkloadSpec; method: string; path: string; perSecond: number }
    >()
    for (const { from, call, perSecond } of wave) {
      if ('host' in call.target) continue
      const { namespace, service } = call.target
      for (const { workload, share } of backends.get(`${namespace}/${service}`) ?? []) {
        const edge = `${from}>${namespace}/${workload.name}`
        edges.set(edge, (edges.get(edge) ?? 0) + perSecond * share)
        const key = `${namespace}/${workload.name} ${call.method} ${call.path}`
        const before = arrived.get(key)?.perSecond ?? 0
        arrived.set(key, {
          workload,
          method: call.method,
          path: call.path,
          perSecond: before + perSecond * share,
        })
      }
    }
    wave = [...arrived.values()].flatMap(({ workload, method, path, perSecond }) =>
      (workload.endpoints.find((e) => e.method === method && e.path === path)?.calls ?? []).map((call) => ({
        from: `${workload.namespace}/${workload.name}`,
        call,
        perSecond: perSecond * call.perRequest,
      })),
    )
  }
  return edges
}

const weighted = z.object({
  http: z.array(
    z.object({
      route: z.array(
        z.object({ destination: z.object({ subset: z.string().optional() }), weight: z.number().optional() }),
      ),
    }),
  ),
})

function canaryShare(made: World, namespace: string, name: string): number {
  const object = made.objects.find(
    (o) => o.kind === 'VirtualService' && o.metadata.namespace === namespace && o.metadata.name === name,
  )
  const route = weighted.parse(object?.spec).http[0]?.route ?? []
  return (route.find(({ destination }) => destination.subset === 'v2')?.weight ?? 0) / 100
}
