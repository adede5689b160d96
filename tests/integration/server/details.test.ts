/** What the pages of single things ask for: charts in groups and against the past, events, routing in words, cost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getEffectiveRouting } from '@/app/api/v1/effective-routing/route'
import { GET as getEvents } from '@/app/api/v1/events/route'
import { GET as getControlPlane } from '@/app/api/v1/metrics/control-plane/route'
import { GET as getNamespaceMetrics } from '@/app/api/v1/metrics/namespace/route'
import { GET as getNodeMetrics } from '@/app/api/v1/metrics/node/route'
import { GET as getOverhead } from '@/app/api/v1/overhead/route'
import { GET as getRollouts } from '@/app/api/v1/rollouts/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { controlPlaneShapes, detailShapes } from '@/components/details/metrics/detail-shapes'
import type { ChartShape } from '@/components/metrics/chart-shapes'
import { apiPaths, type ChartFilter, type NodeMetricsFilter } from '@/lib/api/paths'
import { EffectiveRouting, EventList, Overhead, RolloutList } from '@/lib/api/schemas/mesh/details'
import { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import { MetricAnswer, type MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import { askRoute } from '../../support/heddle/ask-route'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { until } from '../../support/until'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const REVIEWS = 'east/bookinfo/service/reviews'

describe('pages of single things on the embedded mesh', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(START, { historySeconds: 5_400 })
  })

  afterAll(async () => {
    await server?.close()
  })

  const charts = (query: Partial<NodeMetricsFilter>) =>
    askRoute(getNodeMetrics, apiPaths.nodeMetrics({ node: REVIEWS, window: '10m', ...query }), MetricAnswer)

  const last = (series: MetricSeries | undefined) => series?.points.at(-1)?.[1] ?? null

  /** Asked as one question at the chart's last instant: values by line, or by group. */
  async function pasted(chart: ChartShape, to: number): Promise<Map<string, number | null>> {
    expect(chart.queries, chart.title).toHaveLength(1)
    const { samples } = await server.up.prometheus.instant(chart.queries[0] ?? '', { time: to })
    return new Map(
      samples.map(({ labels, value }) => [
        labels.line ?? labels.destination_canonical_revision ?? Object.values(labels).join(' '),
        value,
      ]),
    )
  }

  async function expectSame(shapes: readonly ChartShape[], to: number) {
    expect(shapes.length).toBeGreaterThan(0)
    for (const chart of shapes) {
      const values = await pasted(chart, to)
      for (const { name, key } of chart.lines) {
        const drawn = chart.rows.at(-1)?.[key] ?? null
        if (drawn === null) continue
        // a class of outcomes that has ended has no series, and is drawn as none
        const value = values.get(name) ?? (chart.isStacked ? 0 : null)
        expect(value, `${chart.title}, ${name}: ${chart.queries[0]}`).toBeCloseTo(drawn, 6)
      }
    }
  }

  describe('what is copied of a chart', () => {
    it.each([
      ['a service of HTTP beside what was before', REVIEWS, { compare: '1h' as const }],
      ['a service of gRPC', 'east/boutique/service/checkoutservice', {}],
      [
        'callers out of a workload',
        'east/bookinfo/workload/productpage-v1',
        { direction: 'outbound' as const },
      ],
      ['a database over TCP', 'east/bookinfo/workload/mongodb-v1', {}],
      ['versions', REVIEWS, { groupBy: 'version' as const }],
      ['pods', REVIEWS, { groupBy: 'pod' as const }],
    ])('gives what is drawn: %s', async (_, node, query) => {
      const answer = await charts({
        node,
        charts: ['requests', 'latency', 'sizes', 'bytes', 'messages', 'tcp'],
        ...query,
      })
      await expectSame(detailShapes(answer, 'p95'), answer.to)
    })

    it('gives what is drawn of the control plane', async () => {
      const answer = await askRoute(
        getControlPlane,
        apiPaths.controlPlaneMetrics({ node: 'east/istio-system/workload/istiod', window: '10m' }),
        MetricAnswer,
      )
      await expectSame(controlPlaneShapes(answer), answer.to)
    })
  })

  it('draws all of a namespace, whose workloads add up to it', async () => {
    const of = (query: Partial<ChartFilter>) =>
      askRoute(
        getNamespaceMetrics,
        apiPaths.namespaceMetrics({
          cluster: 'east',
          namespace: 'bookinfo',
          window: '10m',
          charts: ['requests'],
          ...query,
        }),
        MetricAnswer,
      )
    const sum = ({ series }: MetricAnswer) =>
      series.filter(({ metric }) => metric === 'requests').reduce((all, one) => all + (last(one) ?? 0), 0)
    const [whole, grouped] = [await of({}), await of({ groupBy: 'workload' })]
    expect(grouped.groups?.shown).toContain('reviews-v1')
    expect(sum(whole)).toBeGreaterThan(sum(await charts({ charts: ['requests'] })))
    expect(sum(grouped)).toBeCloseTo(sum(whole), 6)
    await expectSame(detailShapes(whole, 'p95'), whole.to)
  })

  it('draws a chart by version, whose lines add up to the whole', async () => {
    const whole = await charts({ charts: ['requests'] })
    const grouped = await charts({ charts: ['requests'], groupBy: 'version' })
    expect(grouped.groups).toMatchObject({ by: 'version', shown: ['v1', 'v2', 'v3'], more: 0 })
    const sum = (answer: MetricAnswer) =>
      answer.series
        .filter(({ metric }) => metric === 'requests')
        .reduce((total, series) => total + (last(series) ?? 0), 0)
    expect(sum(whole)).toBeGreaterThan(0)
    expect(sum(grouped)).toBeCloseTo(sum(whole), 6)
  })

  it.each(['peer', 'code', 'pod'] as const)('draws a chart by %s', async (groupBy) => {
    const { groups, series, notices } = await charts({ charts: ['requests', 'latency'], groupBy })
    expect(notices).toEqual([])
    expect(groups?.shown.length).toBeGreaterThan(0)
    for (const group of groups?.shown ?? []) {
      const own = series.filter((one) => one.group === group)
      expect(last(own.find(({ metric }) => metric === 'requests'))).toBeGreaterThan(0)
      expect(last(own.find(({ name }) => name === 'p99'))).toBeGreaterThan(0)
    }
  })

  it('sets what was an hour before beside what is, at the same instants', async () => {
    const answer = await charts({ charts: ['requests', 'latency'], compare: '1h' })
    expect(answer.earlier?.offsetSeconds).toBe(3_600)
    const then = answer.earlier?.series.find(({ metric }) => metric === 'requests')
    const now = answer.series.find(({ metric }) => metric === 'requests')
    expect(then?.points.map(([at]) => at)).toEqual(now?.points.map(([at]) => at))
    const before = await charts({ charts: ['requests'], at: answer.to - 3_600_000 })
    expect(last(then)).toBeCloseTo(last(before.series.find(({ name }) => name === then?.name)) ?? -1, 9)
  })

  it('says when the past reaches further back than what is kept', async () => {
    const { notices } = await charts({ charts: ['requests'], compare: '7d' })
    expect(notices.map(({ code }) => code)).toContain('compare-beyond-retention')
  })

  it('answers sizes, a heat map, and what one side alone reported', async () => {
    const { series, heatmap } = await charts({ charts: ['latency', 'heatmap', 'sizes'] })
    const size = series.find(({ metric, name }) => metric === 'requestSize' && name === 'average')
    expect(size?.unit).toBe('bytes')
    expect(last(size)).toBeGreaterThan(0)
    const [, cells] = heatmap?.columns.at(-1) ?? []
    expect(cells?.length).toBe(heatmap?.boundsMs.length)
    const requests = await charts({ charts: ['requests'] })
    const total = requests.series
      .filter(({ metric }) => metric === 'requests')
      .reduce((sum, one) => sum + (last(one) ?? 0), 0)
    expect(cells?.reduce((sum, cell) => sum + cell, 0)).toBeCloseTo(total, 1)
    const own = await charts({ charts: ['requests'], reporter: 'destination' })
    expect(own.queries.requests).toContain('reporter="destination"')
    expect(own.queries.requests).not.toContain('reporter="source"')
  })

  it('answers messages of gRPC and connections of TCP', async () => {
    const grpc = await charts({
      node: 'east/boutique/workload/productcatalogservice',
      charts: ['messages'],
    })
    expect(grpc.series.map(({ metric }) => metric)).toEqual(['requestMessages', 'responseMessages'])
    const tcp = await charts({ node: 'east/boutique/workload/redis-cart', charts: ['tcp'], groupBy: 'peer' })
    expect(tcp.groups?.shown).toContain('boutique/cartservice')
    expect(tcp.series.some(({ metric }) => metric === 'tcpOpened')).toBe(true)
  })

  it.each([
    ['charts=nothing', 'charts'],
    ['groupBy=pod&compare=1h', 'compare'],
    ['charts=heatmap&groupBy=pod', 'charts'],
    ['reporter=both', 'reporter'],
  ])('refuses %s by name', async (query, parameter) => {
    const response = await getNodeMetrics(
      new Request(`http://heddle.test/api/v1/metrics/node?node=${REVIEWS}&${query}`),
    )
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { parameter } })
  })

  it('knows what istiod measures of itself', async () => {
    const path = apiPaths.controlPlaneMetrics({ node: 'east/istio-system/workload/istiod', window: '30m' })
    const { series, notices } = await askRoute(getControlPlane, path, MetricAnswer)
    expect(notices).toEqual([])
    expect(last(series.find(({ metric }) => metric === 'proxies'))).toBeGreaterThan(10)
    expect(last(series.find(({ metric }) => metric === 'memory'))).toBeGreaterThan(1e8)
    const silent = apiPaths.controlPlaneMetrics({ node: 'east/bookinfo/workload/reviews-v1' })
    const none = await askRoute(getControlPlane, silent, MetricAnswer)
    expect(none.notices.map(({ code }) => code)).toEqual(['control-plane-silent'])
  })

  it('measures what the proxies cost', async () => {
    const answer = await askRoute(
      getOverhead,
      apiPaths.overhead({ node: 'east/bookinfo/workload/reviews-v1', window: '10m' }),
      Overhead,
    )
    const edge = answer.edges.find(({ source }) => source === 'east/bookinfo/workload/productpage-v1')
    expect(edge?.gap).toBeNull()
    expect(edge?.overheadMs).toBeCloseTo((edge?.sourceMs ?? 0) - (edge?.destinationMs ?? 0), 9)
    expect(answer.meanMs).toBeGreaterThan(0)
    expect(answer.proxies?.length).toBeGreaterThan(0)
    for (const proxy of answer.proxies ?? []) {
      expect(proxy.cpuCores).toBeGreaterThan(0)
      expect(proxy.memoryBytes).toBeGreaterThan(1e7)
    }
    expect(answer.proxies?.[0]?.asked).toEqual({
      cpuCores: null,
      cpuLimitCores: null,
      memoryBytes: null,
      memoryLimitBytes: null,
    })
  })

  it('tells what happens to a request for a service', async () => {
    const { stories } = await askRoute(
      getEffectiveRouting,
      apiPaths.effectiveRouting(REVIEWS),
      EffectiveRouting,
    )
    expect(stories?.map(({ host }) => host)).toEqual(['reviews.bookinfo.svc.cluster.local'])
    const lines = stories?.[0]?.steps.flatMap((step) => step.lines.map(({ text }) => text)) ?? []
    expect(lines).toContain('80 % sent to reviews, subset v1 (pods with version=v1): reviews-v1')
    const { stories: unknown } = await askRoute(
      getEffectiveRouting,
      apiPaths.effectiveRouting('west/bookinfo/service/reviews'),
      EffectiveRouting,
    )
    expect(unknown).toBeNull()
  })

  it('lists the events of a workload, its pods and replica sets', async () => {
    const path = apiPaths.events({ node: 'east/bookinfo/workload/reviews-v3' })
    const before = await askRoute(getEvents, path, EventList)
    const client = server.up.inventories[0]?.client
    await client?.write('/apis/apps/v1/namespaces/bookinfo/deployments/reviews-v3', {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { spec: { replicas: 2 } },
    })
    await server.demo.advance(30)
    // those of pods come by the watch, a moment after
    const told = await until('the new pod’s events are there', async () => {
      const { items } = await askRoute(getEvents, path, EventList)
      const words = items?.map(({ reason, object }) => `${object.kind} ${reason}`) ?? []
      return words.some((each) => each.startsWith('Pod ')) ? words : undefined
    })
    expect(told.length).toBeGreaterThan(before.items?.length ?? 0)
    expect(told).toContain('Deployment ScalingReplicaSet')
    const all = async (namespace: string) =>
      (await askRoute(getEvents, apiPaths.events({ cluster: 'east', namespace }), EventList)).items ?? []
    expect((await all('bookinfo')).map(({ object }) => object.name)).toContain('reviews-v3')
    expect((await all('boutique')).map(({ object }) => object.name)).not.toContain('reviews-v3')
  })

  it('marks what happened to the pods of a thing, and of all in a namespace', async () => {
    const at = server.clock.now()
    const client = server.up.inventories[0]?.client
    await client?.write('/apis/apps/v1/namespaces/bookinfo/deployments/ratings-v1', {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { spec: { template: { metadata: { annotations: { 'shop.example/restarted': 'now' } } } } },
    })
    await server.demo.advance(30)
    const marks = async (subject: Parameters<typeof apiPaths.rollouts>[0]) =>
      (await askRoute(getRollouts, apiPaths.rollouts(subject), RolloutList)).items ?? []
    const own = await until('the rollout is told', async () => {
      const found = await marks({ node: 'east/bookinfo/workload/ratings-v1' })
      return found.find(({ message }) => message.includes('in place of'))
    })
    expect(own).toMatchObject({
      kind: 'template',
      workload: 'ratings-v1',
      node: 'east/bookinfo/workload/ratings-v1',
    })
    expect(Math.abs(own.at - at)).toBeLessThan(60_000)
    expect((await marks({ node: 'east/bookinfo/service/ratings' })).map(({ id }) => id)).toContain(own.id)
    expect((await marks({ cluster: 'east', namespace: 'bookinfo' })).map(({ id }) => id)).toContain(own.id)
    expect((await marks({ cluster: 'east', namespace: 'boutique' })).map(({ id }) => id)).not.toContain(
      own.id,
    )
    // charts of an earlier time do not know it
    const before = await marks({ node: 'east/bookinfo/workload/ratings-v1', at: at - 60_000 })
    expect(before.map(({ id }) => id)).not.toContain(own.id)
  })

  it('knows whether Kubernetes still has a thing', async () => {
    const read = async (name: string) => {
      const path = { cluster: 'east', namespace: 'bookinfo', name }
      const get = (request: Request) => getWorkload(request, { params: Promise.resolve(path) })
      return (await askRoute(get, apiPaths.item('workloads', path), ItemDetail)).exists
    }
    expect(await read('reviews-v1')).toBe(true)
  })
})
