/** One object has one health, wherever it is shown: in the graph, in lists, on its page, in the summary, in its namespace. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { GET as getApp } from '@/app/api/v1/apps/[cluster]/[namespace]/[name]/route'
import { GET as getApps } from '@/app/api/v1/apps/route'
import { GET as getGraph } from '@/app/api/v1/graph/route'
import { GET as getHealth } from '@/app/api/v1/health/route'
import { GET as getNamespaces } from '@/app/api/v1/namespaces/route'
import { GET as getService } from '@/app/api/v1/services/[cluster]/[namespace]/[name]/route'
import { GET as getServices } from '@/app/api/v1/services/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { GET as getWorkloads } from '@/app/api/v1/workloads/route'
import { apiPaths, ITEM_KINDS, type ItemKind, type ItemRef, type Scope } from '@/lib/api/paths'
import type { Health } from '@/lib/api/schemas/common'
import { Graph, type GraphType } from '@/lib/api/schemas/mesh/graph'
import { ItemDetail, ItemList, type ListItem } from '@/lib/api/schemas/mesh/lists'
import { HealthSummary, NamespaceList } from '@/lib/api/schemas/status'
import { worstStatus } from '@/lib/health/combine'
import { startDemoServer, type DemoServer } from '../support/heddle/demo-server'

const NOON = Date.UTC(2026, 7, 20, 12)
/** Those of traffic; the others are of a Prometheus that answers badly, or of another world. */
const SCENARIOS = [
  'healthy',
  'slow-leaf',
  'hub-outage',
  'bad-canary',
  'mtls-break',
  'retry-storm',
  'egress-block',
  'stale-proxy',
  'empty',
] as const
const WINDOWS = ['1m', '5m'] as const

const KINDS = {
  workloads: { kind: 'workload', graphType: 'workload', list: getWorkloads, page: getWorkload },
  services: { kind: 'service', graphType: 'service', list: getServices, page: getService },
  apps: { kind: 'app', graphType: 'app', list: getApps, page: getApp },
} as const satisfies Record<ItemKind, { kind: string; graphType: GraphType; list: unknown; page: unknown }>

const request = (path: string) => new Request(`http://heddle.test${path}`)

async function read<T extends z.ZodType>(answer: Promise<Response>, schema: T): Promise<z.output<T>> {
  const response = await answer
  expect(response.status).toBe(200)
  return schema.parse(await response.json())
}

const list = (kind: ItemKind, scope: Scope) =>
  read(KINDS[kind].list(request(apiPaths.items(kind, scope))), ItemList)

const page = (kind: ItemKind, ref: ItemRef, scope: Scope) => {
  const { cluster, namespace, name } = ref
  const params = Promise.resolve({ cluster, namespace, name })
  return read(KINDS[kind].page(request(apiPaths.item(kind, ref, scope)), { params }), ItemDetail)
}

const healthById = (items: readonly { id: string; health: Health }[]) =>
  new Map(items.map((item) => [item.id, item.health]))

describe('health agrees everywhere', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(NOON)
  })

  afterAll(async () => {
    await server?.close()
  })

  it.each(SCENARIOS)('%s', async (scenario) => {
    await server.demo.startScenario(scenario)
    await server.pass(150)
    const statuses = new Set<string>()
    for (const window of WINDOWS) {
      const scope = { window }
      const lists = {} as Record<ItemKind, ListItem[]>
      for (const kind of ITEM_KINDS) {
        const { items, windowSeconds } = await list(kind, scope)
        lists[kind] = items
        const inList = healthById(items)
        expect(items.length).toBeGreaterThan(20)
        expect(windowSeconds).toBe(window === '1m' ? 60 : 300)

        // the whole graph, idle things drawn or not
        const { graphType } = KINDS[kind]
        for (const idle of [true, false]) {
          const graph = await read(getGraph(request(apiPaths.graph({ ...scope, graphType, idle }))), Graph)
          const drawn = graph.nodes.filter((node) => node.kind === KINDS[kind].kind)
          for (const node of drawn) expect([node.id, node.health]).toEqual([node.id, inList.get(node.id)])
          if (idle) expect(drawn.length).toBe(items.length)
        }

        // the page of each
        for (const item of items) {
          const detail = await page(kind, item, scope)
          expect([item.id, detail.item.health]).toEqual([item.id, item.health])
          statuses.add(item.health.status)
        }

        // the list of one namespace
        const one = await list(kind, { ...scope, namespaces: ['bookinfo'] })
        for (const item of one.items) expect([item.id, item.health]).toEqual([item.id, inList.get(item.id)])

        // the summary
        const path = apiPaths.health({ ...scope, kind: KINDS[kind].kind })
        const summary = await read(getHealth(request(path)), HealthSummary)
        expect(healthById(summary.items)).toEqual(inList)
      }

      // a namespace is as bad as the worst in it, for the same reasons
      const namespaces = await read(getNamespaces(request(apiPaths.namespaces(scope))), NamespaceList)
      for (const namespace of namespaces.items) {
        const inside = lists.workloads.filter(
          (item) => item.cluster === namespace.cluster && item.namespace === namespace.name,
        )
        expect([namespace.id, namespace.health.status]).toEqual([
          namespace.id,
          inside.length === 0 ? 'idle' : worstStatus(inside.map((item) => item.health.status)),
        ])
        const reasons = new Set(
          inside.flatMap((item) => item.health.reasons.map(({ message }) => `${item.name}: ${message}`)),
        )
        for (const { message } of namespace.health.reasons) expect(reasons).toContain(message)
      }
    }
    // the comparison is worth something: what should be wrong is
    const isCalm = ['healthy', 'stale-proxy', 'empty'].includes(scenario)
    expect([...statuses].some((status) => status === 'failing' || status === 'degraded')).toBe(!isCalm)
    if (scenario !== 'healthy') await server.demo.stopScenario(scenario)
    await server.pass(330)
  })
})
