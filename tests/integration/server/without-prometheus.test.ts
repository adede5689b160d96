/** What stands while Prometheus has never answered: what Kubernetes knows, without a figure and without a verdict. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getGraph } from '@/app/api/v1/graph/route'
import { GET as getIncidents } from '@/app/api/v1/incidents/route'
import { GET as getMtlsNamespaces } from '@/app/api/v1/mtls/namespaces/route'
import { GET as getNamespaces } from '@/app/api/v1/namespaces/route'
import { GET as getOverview } from '@/app/api/v1/overview/route'
import { GET as getSearch } from '@/app/api/v1/search/route'
import { GET as getStatus } from '@/app/api/v1/status/route'
import { GET as getTraces } from '@/app/api/v1/traces/route'
import { GET as getWorkloads } from '@/app/api/v1/workloads/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { isUnmeasured } from '@/lib/api/notice-codes'
import { IncidentList } from '@/lib/api/schemas/mesh/incidents'
import { ItemDetail, ItemList } from '@/lib/api/schemas/mesh/lists'
import { MtlsNamespaces } from '@/lib/api/schemas/config/mtls'
import { Overview } from '@/lib/api/schemas/mesh/overview'
import { NamespaceList, Status } from '@/lib/api/schemas/status'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { until } from '../../support/until'

const NOON = Date.UTC(2026, 7, 20, 12)
const REVIEWS = { cluster: 'east', namespace: 'bookinfo', name: 'reviews-v1' }

describe('while Prometheus has never answered', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(NOON, { scenario: 'prometheus-down' })
  })
  afterAll(() => server?.close())

  const request = (path: string) => new Request(`http://heddle.test/api/v1/${path}`)
  const workloads = async () => ItemList.parse(await (await getWorkloads(request('workloads'))).json())
  const workload = (ref: typeof REVIEWS) =>
    getWorkload(request(`workloads/${Object.values(ref).join('/')}`), { params: Promise.resolve(ref) })

  it('lists what Kubernetes knows, as not known', async () => {
    const { items, notices } = await workloads()
    expect(isUnmeasured(notices)).toBe(true)
    expect(notices[0]?.message).toMatch(
      /^Nothing is known from Prometheus: .* Traffic and health are not known/,
    )
    const reviews = items.find(({ name }) => name === REVIEWS.name)
    expect(reviews).toMatchObject({
      health: { status: 'unknown', reasons: [] },
      roles: [],
      inbound: { http: null, grpc: null, tcp: null },
      replicas: { desired: 3, available: 3 },
    })
    expect(new Set(items.map(({ health }) => health.status))).not.toContain('healthy')
  })

  it('shows a workload with its pods and configuration', async () => {
    const detail = ItemDetail.parse(await (await workload(REVIEWS)).json())
    expect(detail).toMatchObject({ exists: true, edges: [], item: { health: { status: 'unknown' } } })
    expect(detail.pods).toHaveLength(3)
    expect(detail.config?.length).toBeGreaterThan(0)
  })

  it('does not say of a workload Kubernetes does not know that there is none', async () => {
    expect((await workload({ ...REVIEWS, name: 'elsewhere' })).status).toBe(503)
  })

  it('finds by name', async () => {
    const answer = await getSearch(request('search?text=reviews-v1'))
    expect(await answer.json()).toMatchObject({ items: [{ name: 'reviews-v1', status: 'unknown' }] })
  })

  it('finds the traces of a service by the workloads behind it', async () => {
    const path = 'traces?node=east/bookinfo/service/reviews&window=1h&limit=5'
    expect(await (await getTraces(request(path))).json()).toMatchObject({ items: { length: 5 } })
  })

  it('does not say that there are no recording rules', async () => {
    const { upstreams } = Status.parse(await (await getStatus(request('status'))).json())
    const details = upstreams.find(({ name }) => name === 'prometheus')?.details
    expect(details).toMatchObject({ 'recording rules': 'not known' })
    expect(details).not.toHaveProperty('rates')
  })

  it('sums up namespaces and clusters without figures', async () => {
    const list = NamespaceList.parse(await (await getNamespaces(request('namespaces'))).json())
    expect(list.items.length).toBeGreaterThan(3)
    for (const item of list.items) {
      expect(item).toMatchObject({ requestsPerSecond: null, errorRatio: null, p99Ms: null, mtlsRatio: null })
      expect(['healthy', 'idle']).not.toContain(item.health.status)
    }
    const overview = Overview.parse(await (await getOverview(request('overview'))).json())
    expect(overview.clusters.find(({ name }) => name === 'east')).toMatchObject({
      requestsPerSecond: null,
      counts: { healthy: 0, failing: 0, degraded: 0 },
    })
  })

  it('tells the mode of mutual TLS, and nothing of callers', async () => {
    const { items } = MtlsNamespaces.parse(await (await getMtlsNamespaces(request('mtls/namespaces'))).json())
    expect(items.find(({ namespace }) => namespace === 'payments')).toMatchObject({
      configured: { mode: 'PERMISSIVE' },
      observed: { mtlsRatio: null, plaintextCallers: null, plaintextCount: null },
    })
  })

  it('says of incidents and the graph that they are not known', async () => {
    expect((await getIncidents(request('incidents'))).status).toBe(503)
    expect((await getGraph(request('graph'))).status).toBe(503)
  })

  it('has figures as soon as it answers', async () => {
    await server.demo.stopScenario('prometheus-down')
    server.clock.advance(6_000)
    const { items } = await until('figures', async () => {
      const list = await workloads()
      return isUnmeasured(list.notices) ? undefined : list
    })
    const reviews = items.find(({ name }) => name === REVIEWS.name)
    expect(reviews?.health.status).toBe('healthy')
    const incidents = IncidentList.parse(await (await getIncidents(request('incidents'))).json())
    expect(incidents.measured).toBeGreaterThan(20)
  })
})

it('does not call a mesh without traffic well', async () => {
  const server = await startDemoServer(NOON, { scenario: 'empty' })
  try {
    const answer = await getIncidents(new Request('http://heddle.test/api/v1/incidents'))
    expect(await answer.json()).toMatchObject({ measured: 0, items: [] })
  } finally {
    await server.close()
  }
})
