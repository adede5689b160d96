/** Finding things by name, and looking at a stretch of the past of any length, on the embedded mesh. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as getNodeMetrics } from '@/app/api/v1/metrics/node/route'
import { GET as search } from '@/app/api/v1/search/route'
import { GET as getTraces } from '@/app/api/v1/traces/route'
import { apiPaths } from '@/lib/api/paths'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { SearchAnswer } from '@/lib/api/schemas/search'
import { TraceList } from '@/lib/api/schemas/telemetry/traces'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const REVIEWS = 'east/bookinfo/workload/reviews-v1'

describe('the embedded mesh', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(START)
  })

  afterAll(async () => {
    await server?.close()
  })

  const request = (path: string) => new Request(`http://heddle.test${path}`)

  async function body(response: Promise<Response>): Promise<unknown> {
    const answer = await response
    const parsed: unknown = await answer.json()
    expect(answer.status, JSON.stringify(parsed).slice(0, 500)).toBe(200)
    return parsed
  }

  async function find(text: string, more = ''): Promise<SearchAnswer> {
    return SearchAnswer.parse(await body(search(request(apiPaths.search({ text }) + more))))
  }

  describe('is searched', () => {
    it('for nodes and objects of a name, the whole name first', async () => {
      const { items, total } = await find('reviews')
      expect(items.slice(0, 2).map(({ type, name }) => [type, name])).toEqual([
        ['service', 'reviews'],
        ['app', 'reviews'],
      ])
      expect(items.map(({ id }) => id)).toContain(REVIEWS)
      const object = items.find(({ type, ref }) => type === 'object' && ref?.kind === 'VirtualService')
      expect(object).toMatchObject({ name: 'reviews', cluster: 'east', namespace: 'bookinfo', status: null })
      expect(total).toBe(items.length)
    })

    it('by kind and place, too', async () => {
      const { items } = await find('virtual service bookinfo')
      expect(items.length).toBeGreaterThan(0)
      expect(new Set(items.map(({ ref }) => ref?.kind))).toEqual(new Set(['VirtualService']))
      expect((await find('east/bookinfo/reviews-v1')).items.map(({ id }) => id)).toContain(REVIEWS)
      expect((await find('namespace bookinfo')).items[0]).toMatchObject({
        type: 'namespace',
        id: 'east/bookinfo',
      })
    })

    it('within bounds, and says how many there are', async () => {
      const { items, total } = await find('service', '&limit=3')
      expect(items).toHaveLength(3)
      expect(total).toBeGreaterThan(20)
      const response = await search(request('/api/v1/search?text=x&limit=101'))
      expect(response.status).toBe(400)
    })

    it('for what is near where nothing has the name', async () => {
      const answer = await find('reveiws')
      expect(answer).toMatchObject({ items: [], total: 0 })
      expect(answer.near.map(({ name }) => name)).toContain('reviews')
      expect((await find('zz')).near).toEqual([])
    })

    it('for what is ill, when nothing is named', async () => {
      expect(
        (await find('')).items.every(({ status }) => status === 'failing' || status === 'degraded'),
      ).toBe(true)
    })
  })

  describe('is looked at over a stretch of the past of any length', () => {
    const at = START - 600_000
    const time = `at=${at / 1000}&window=17m`

    it('by the graph, charts and traces alike', async () => {
      const graph = Graph.parse(await body(getGraphRoute(request(`/api/v1/graph?${time}`))))
      expect(graph).toMatchObject({ at, windowSeconds: 1_020 })
      expect(graph.nodes.find(({ id }) => id === REVIEWS)?.inbound.http?.requestsPerSecond).toBeGreaterThan(0)
      const chart = MetricAnswer.parse(
        await body(getNodeMetrics(request(`/api/v1/metrics/node?node=${REVIEWS}&${time}`))),
      )
      expect(chart.to).toBeLessThanOrEqual(at)
      expect(chart.to - chart.from).toBeGreaterThan(16 * 60_000)
      expect(chart.to - chart.from).toBeLessThanOrEqual(17 * 60_000)
      const traces = TraceList.parse(await body(getTraces(request(`/api/v1/traces?node=${REVIEWS}&${time}`))))
      expect(traces.items.length).toBeGreaterThan(0)
      for (const { startMs } of traces.items) {
        expect(startMs).toBeGreaterThanOrEqual(at - 1_020_000)
        expect(startMs).toBeLessThanOrEqual(at)
      }
    })

    it('and says where it begins before what is kept', async () => {
      const { retentionSeconds } = await server.up.facts.get()
      const late = (START - (retentionSeconds ?? 0) * 1_000) / 1000 + 300
      const graph = Graph.parse(await body(getGraphRoute(request(`/api/v1/graph?at=${late}&window=17m`))))
      expect(graph.notices.map(({ code }) => code)).toContain('window-cut-by-retention')
    })
  })
})
