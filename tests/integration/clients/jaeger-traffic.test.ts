/** Traces of the embedded mesh's own traffic, read back through the Jaeger client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Trace } from '@/lib/trace/span'
import { jaegerHandler } from '@/lib/demo/jaeger/handler'
import { createTraceStore } from '@/lib/demo/jaeger/trace-store'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import type { MetricWriter } from '@/lib/demo/model'
import { createEngine } from '@/lib/demo/traffic/engine'
import { createWorld } from '@/lib/demo/world/create-world'
import { createJaegerClient } from '@/lib/jaeger/client'
import { decodePod, decodeReplicaSet } from '@/lib/kubernetes/watching/decode'
import { buildInventory } from '@/lib/kubernetes/watching/inventory'
import { nodeId } from '@/lib/mesh/identity'
import { criticalPath } from '@/lib/trace/views/critical-path'
import { podDirectory } from '@/lib/trace/nodes/node-of-span'
import { summarize } from '@/lib/trace/summarize'
import { buildForest } from '@/lib/trace/tree'
import { present } from '@/tests/support/present'
import { serveLoopback } from '../../support/loopback'

const NOW = Date.UTC(2026, 0, 1)
const world = createWorld({ seed: 7 })

const inBookinfo = (name: string) =>
  nodeId({ cluster: world.homeCluster, namespace: 'bookinfo', kind: 'workload', name })

/** Only the traces are looked at. */
const nobodyCounts: MetricWriter = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ observe: () => {}, addBucketCounts: () => {} }),
  scrape: () => {},
}

let close: () => Promise<unknown> = () => Promise.resolve()
afterAll(() => close())

let traces: Trace[] = []
beforeAll(async () => {
  const store = new ObjectStore(world.objects, { now: () => NOW })
  reconcileWorkloads(store, NOW)
  const kept = createTraceStore({ capacity: 1_000 })
  const engine = createEngine({
    world,
    config: store,
    metrics: nobodyCounts,
    onTrace: (spans) => kept.add(spans),
    tracesPerMinute: 60,
  })
  for (let minute = 10; minute > 0; minute -= 1)
    engine.tick(NOW - minute * 60_000, NOW - (minute - 1) * 60_000)

  const inventory = buildInventory({
    cluster: world.homeCluster,
    namespaces: [],
    workloads: [],
    replicaSets: store.list('ReplicaSet').flatMap((one) => decodeReplicaSet(one, world.homeCluster) ?? []),
    pods: store.list('Pod').flatMap((one) => decodePod(one, world.homeCluster) ?? []),
    services: [],
    serviceAccounts: [],
    config: [],
    meshConfigs: [],
  })
  const server = await serveLoopback(jaegerHandler({ traces: kept, now: () => NOW }))
  const jaeger = createJaegerClient({
    url: server.url,
    context: () => ({ pods: podDirectory(inventory.pods), defaultCluster: null }),
  })
  close = async () => {
    await jaeger.close()
    await server.close()
  }
  const found = new Map<string, Trace>()
  for (const service of await jaeger.services()) {
    const search = { service, startMs: NOW - 3_600_000, endMs: NOW, limit: 40 }
    for (const trace of (await jaeger.search(search)).traces) found.set(trace.id, trace)
  }
  traces = [...found.values()]
})

describe('traces of the embedded traffic', () => {
  it('come from workloads of the world, each span from exactly one', () => {
    const known = new Set(
      world.workloads.map(({ cluster, namespace, name }) =>
        nodeId({ cluster, namespace, kind: 'workload', name }),
      ),
    )
    expect(traces.length).toBeGreaterThan(100)
    const strangers = traces
      .flatMap((trace) => trace.spans)
      .filter((span) => span.nodeId === null || !known.has(span.nodeId))
      .map((span) => `${span.service} ${span.podName} ${span.nodeId}`)
    expect([...new Set(strangers)]).toEqual([])
  })

  it('tell the versions of one service apart', () => {
    const nodes = new Set(
      traces.flatMap((trace) =>
        trace.spans.filter((span) => span.service === 'reviews.bookinfo').map((span) => span.nodeId),
      ),
    )
    expect([...nodes]).toEqual(expect.arrayContaining(['reviews-v1', 'reviews-v2'].map(inBookinfo)))
  })

  it('are whole: one root, no orphans, a critical path as long as the root', () => {
    for (const trace of traces) {
      const forest = buildForest(trace.spans)
      expect(forest.warnings).toEqual([])
      const root = present(forest.roots[0]).span
      expect(summarize(trace)).toMatchObject({ rootService: root.service, spans: trace.spans.length })
      const covered = criticalPath(forest).reduce((sum, section) => sum + section.endMs - section.startMs, 0)
      const longest = Math.max(...forest.roots.map((one) => one.span.durationMs))
      expect(covered).toBeCloseTo(longest, 1)
    }
  })

  it('mark as failed what Envoy would', () => {
    const all = traces.flatMap((trace) => trace.spans)
    expect(all.some((span) => span.kind === 'internal')).toBe(true)
    for (const span of all.filter(({ kind }) => kind !== 'internal')) {
      const status = Number(span.httpStatus)
      const failed = status >= 500 || status === 0 || (span.grpcStatus !== null && span.grpcStatus !== '0')
      expect(span.hasError).toBe(failed)
    }
  })
})
