/**
 * Where quantiles of the whole mesh are too dear: pages have those of their own node, equal to what the whole would
 * have said, and health is the same everywhere all the same.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { GET as getApp } from '@/app/api/v1/apps/[cluster]/[namespace]/[name]/route'
import { GET as getApps } from '@/app/api/v1/apps/route'
import { GET as getService } from '@/app/api/v1/services/[cluster]/[namespace]/[name]/route'
import { GET as getServices } from '@/app/api/v1/services/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { GET as getWorkloads } from '@/app/api/v1/workloads/route'
import { apiPaths, ITEM_KINDS, type ItemKind, type ItemRef } from '@/lib/api/paths'
import { ItemDetail, ItemList } from '@/lib/api/schemas/mesh/lists'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { startDemoServer, type DemoServer } from '../support/heddle/demo-server'
import { until } from '../support/until'

const NOON = Date.UTC(2026, 7, 20, 12)
const ROUTES = {
  workloads: { list: getWorkloads, page: getWorkload },
  services: { list: getServices, page: getService },
  apps: { list: getApps, page: getApp },
} as const satisfies Record<ItemKind, unknown>

const request = (path: string) => new Request(`http://heddle.test${path}`)

async function read<T extends z.ZodType>(answer: Promise<Response>, schema: T): Promise<z.output<T>> {
  const response = await answer
  expect(response.status).toBe(200)
  return schema.parse(await response.json())
}

describe('quantiles of one node', () => {
  let server: DemoServer
  /** the same mesh, and nothing that a question about all of it may cost */
  let dear: Upstreams
  const asked: string[] = []
  /** what holds the answers to them back; null: nothing */
  let held: Promise<void> | null = null

  beforeAll(async () => {
    server = await startDemoServer(NOON)
    const { config, clock } = server.up
    dear = createUpstreams(
      { ...config, prometheus: { ...config.prometheus, latencyBudgetMs: -1 } },
      { clock },
    )
    const { grouped } = dear.prometheus
    dear.prometheus.grouped = async (query, label, at) => {
      asked.push(query)
      await held
      return grouped(query, label, at)
    }
    await until('the objects are read', async () => dear.inventories[0]?.current().ready || undefined)
  })

  afterAll(async () => {
    await dear?.close()
    await server?.close()
  })

  const list = (kind: ItemKind) => read(ROUTES[kind].list(request(apiPaths.items(kind, {}))), ItemList)
  const page = (kind: ItemKind, ref: ItemRef) => {
    const { cluster, namespace, name } = ref
    const params = Promise.resolve({ cluster, namespace, name })
    return read(ROUTES[kind].page(request(apiPaths.item(kind, ref, {})), { params }), ItemDetail)
  }
  const latencies = ({ item: { inbound, outbound }, edges }: ItemDetail) =>
    [inbound, outbound]
      .flatMap(({ http, grpc }) => [http?.latencyMs ?? null, grpc?.latencyMs ?? null])
      .concat(edges.map(({ latencyMs }) => latencyMs))
      // the mean stays beside them where it stood in for them
      .map((one) => one && { p50: one.p50, p90: one.p90, p95: one.p95, p99: one.p99 })

  it.each(ITEM_KINDS)('are on the page of each of the %s as if all had been asked', async (kind) => {
    setUpstreams(server.up)
    const { items } = await list(kind)
    const whole = new Map<string, ItemDetail>()
    for (const item of items) whole.set(item.id, await page(kind, item))

    setUpstreams(dear)
    const rows = await list(kind)
    expect(rows.notices.map(({ code }) => code)).toContain('latency-mean-only')
    expect(rows.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id))
    let timed = 0
    for (const row of rows.items) {
      const detail = await page(kind, row)
      const twin = whole.get(row.id)
      if (!twin) throw new Error(`no page of ${row.id}`)
      expect([row.id, latencies(detail)]).toEqual([row.id, latencies(twin)])
      expect([row.id, detail.item.health]).toEqual([row.id, row.health])
      const codes = detail.notices.map(({ code }) => code)
      expect(codes).not.toContain('latency-mean-only')
      const hasRequests = detail.edges.some(({ requestsPerSecond }) => (requestsPerSecond ?? 0) > 0)
      expect([row.id, codes.includes('latency-not-judged')]).toEqual([row.id, hasRequests])
      timed += latencies(detail).filter(Boolean).length
    }
    expect(timed).toBeGreaterThan(20)
  })

  it('are asked once for all who look at one moment, and of nobody else', async () => {
    setUpstreams(dear)
    const ref = { cluster: 'east', namespace: 'bookinfo', name: 'reviews' }
    await server.pass(60)
    await list('services')
    asked.length = 0
    const [first] = await Promise.all([page('services', ref), page('services', ref)])
    await page('services', ref)
    expect(first.item.inbound.http?.latencyMs?.p99).toBeGreaterThan(0)
    expect(asked).toHaveLength(1)
    expect(asked[0]).toContain('destination_service_name=~"reviews(')
    // a node without requests has nothing to ask
    const { items } = await list('workloads')
    const idle = items.find(({ health }) => health.status === 'idle')
    if (idle) await page('workloads', idle)
    expect(asked).toHaveLength(1)
  })

  it('are those of the moment before where Prometheus takes longer than one waits', async () => {
    setUpstreams(dear)
    const ref = { cluster: 'east', namespace: 'bookinfo', name: 'details' }
    const pageLater = async (seconds: number) => {
      await server.pass(seconds)
      await list('services')
      asked.length = 0
      let release = () => {}
      held = new Promise((resolve) => (release = resolve))
      const answer = page('services', ref)
      await until('the question is asked', async () => asked.length > 0 || undefined)
      server.clock.advance(2_500)
      const detail = await answer
      release()
      await held
      held = null
      const said = detail.notices.find(({ code }) => code === 'latency-pending')?.message
      return [said, detail.item.inbound.http?.latencyMs?.p99 ?? null]
    }
    const settled = async () => (await page('services', ref)).item.inbound.http?.latencyMs?.p99
    // what was asked of this node by others is too old by then
    expect(await pageLater(180)).toEqual([
      'Quantiles of latency are still being computed; they come with the next refresh.',
      null,
    ])
    const first = await settled()
    expect(await pageLater(15)).toEqual([
      'Quantiles of latency here are 15 s older than the rates beside them: Prometheus takes long to compute them.',
      first,
    ])
    await settled()
  })

  it('leave the page standing where Prometheus does not answer them', async () => {
    setUpstreams(dear)
    await server.pass(60)
    await list('services')
    await server.demo.startScenario('prometheus-down')
    const ref = { cluster: 'east', namespace: 'bookinfo', name: 'ratings' }
    const detail = await page('services', ref)
    await server.demo.stopScenario('prometheus-down')
    const { latencyMs } = detail.item.inbound.http ?? {}
    expect([latencyMs?.p99, (latencyMs?.mean ?? 0) > 0]).toEqual([null, true])
    expect(
      detail.notices.find(({ message }) => message.includes('Quantiles are missing here'))?.upstream,
    ).toBe('prometheus')
  })
})
