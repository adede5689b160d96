/** The landing page's answer and the alerts of the embedded mesh's Prometheus. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GET as getAlerts } from '@/app/api/v1/alerts/route'
import { GET as getFindings } from '@/app/api/v1/findings/route'
import { GET as getNamespaces } from '@/app/api/v1/namespaces/route'
import { GET as getOverview } from '@/app/api/v1/overview/route'
import { GET as getSplits } from '@/app/api/v1/splits/route'
import { apiPaths } from '@/lib/api/paths'
import { LiveFindingList } from '@/lib/api/schemas/config/analyze'
import { SplitList, type SplitBackend } from '@/lib/api/schemas/config/splits'
import { AlertList } from '@/lib/api/schemas/telemetry/alerts'
import { Overview } from '@/lib/api/schemas/mesh/overview'
import { NamespaceList } from '@/lib/api/schemas/status'
import { impactOf } from '@/lib/server/changes/impact'
import { currentInventories } from '@/lib/server/upstreams'
import { askRoute } from '../../support/heddle/ask-route'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'

const measuredOf = ({ requestsPerSecond, connectionsPerSecond }: SplitBackend) =>
  requestsPerSecond ?? connectionsPerSecond
const NOON = Date.UTC(2026, 7, 20, 12)

/** Neither changes nor splits say that nothing flows. */
async function expectNothingMeasured({ up }: DemoServer): Promise<void> {
  const [inventory] = currentInventories(up.inventories)
  if (!inventory) throw new Error('no inventory')
  const objects = inventory.config.filter(({ kind }) => kind === 'VirtualService')
  expect(await impactOf(up, [{ inventory, objects }])).toMatchObject({
    requestsPerSecond: null,
    callers: null,
  })
  const splits = await askRoute(getSplits, apiPaths.splits(), SplitList)
  expect(splits.items.flatMap(({ backends }) => backends).length).toBeGreaterThan(1)
  expect(new Set(splits.items.flatMap(({ backends }) => backends.map(measuredOf)))).toEqual(new Set([null]))
}

it('says of a mesh that was never scraped what Kubernetes says, and no figure', async () => {
  const server = await startDemoServer(NOON, { scenario: 'empty', historySeconds: 300 })
  try {
    const overview = await askRoute(getOverview, apiPaths.overview({}), Overview)
    expect(new Set(overview.namespaces?.map((namespace) => namespace.requestsPerSecond ?? null))).toEqual(
      new Set([null]),
    )
    await expectNothingMeasured(server)
  } finally {
    await server.close()
  }
})

describe('the overview of the embedded mesh', () => {
  let server: DemoServer

  beforeEach(async () => {
    server = await startDemoServer(NOON)
  })

  afterEach(async () => {
    await server?.close()
  })

  const overview = (scope = {}) => askRoute(getOverview, apiPaths.overview(scope), Overview)

  it('knows the mesh and its two planes', async () => {
    const answer = await overview()
    expect(answer.notices).toEqual([])
    expect(answer.clusters.map(({ name }) => name)).toContain('east')
    const east = answer.clusters.find(({ name }) => name === 'east')
    expect(east?.requestsPerSecond).toBeGreaterThan(10)
    expect(east?.p99Ms).toBeGreaterThan(1)
    expect(east?.mtlsRatio).toBeGreaterThan(0.5)
    expect(east?.mtlsRatio).toBeLessThan(1)
    expect(east?.mtlsModes?.STRICT).toBeGreaterThan(0)
    expect(east?.controlPlane).toMatchObject({ status: 'healthy', reasons: [] })
    expect(east?.controlPlane?.istiods).toEqual([
      expect.objectContaining({ name: 'istiod', version: '1.29.2', replicas: { desired: 2, available: 2 } }),
    ])
    expect(east?.controlPlane?.connectedProxies).toBeGreaterThan(20)
    expect(east?.dataPlane?.proxies).toBeGreaterThan(20)
    expect(east?.dataPlane?.notConnected).toBe(0)
    expect(east?.dataPlane?.ztunnel).toEqual({ desired: 3, available: 3 })
    expect(answer.findings?.error).toBeGreaterThanOrEqual(0)
    expect(answer.alerts).toMatchObject({ firing: 0 })
  })

  it('draws the last hour, whose end agrees with now', async () => {
    const answer = await overview({ window: '5m' })
    const bookinfo = answer.namespaces?.find(({ id }) => id === 'east/bookinfo')
    const line = bookinfo?.hour?.requests ?? []
    expect(line).toHaveLength(24)
    const last = line.at(-1) ?? 0
    expect(Math.abs(last / (bookinfo?.requestsPerSecond ?? 0) - 1)).toBeLessThan(0.25)
    // 45 minutes of history: the beginning was not measured
    expect(line[0]).toBeNull()
    // the day before is not kept
    expect(bookinfo?.hour?.yesterday).toBeNull()
  })

  it('does not call a mesh idle that is scraped no more, nor a quiet one unknown', async () => {
    const statuses = async () => new Set((await overview()).namespaces?.map(({ health }) => health.status))
    await server.demo.startScenario('scrape-gap')
    await server.pass(180)
    const answer = await overview()
    expect(answer.notices.map(({ code }) => code)).toEqual(['prometheus-not-measured'])
    expect(await statuses()).toEqual(new Set(['unknown']))
    // nor do changes, splits and checks take it for one without traffic
    await expectNothingMeasured(server)
    const findings = await askRoute(getFindings, apiPaths.findings(), LiveFindingList)
    expect(findings.notices.map(({ code }) => code)).toContain('checks-without-traffic')
    await server.demo.startScenario('healthy')
    await server.demo.startScenario('empty')
    await server.pass(180)
    expect((await overview()).notices).toEqual([])
    expect(await statuses()).not.toContain('healthy')
    expect(await statuses()).toContain('idle')
  })

  it('sorts by badness, counts errors nobody answered, and ties alerts to nodes', async () => {
    await server.demo.startScenario('hub-outage')
    await server.pass(420)
    const answer = await overview()
    expect(answer.namespaces?.[0]?.id).toBe('east/boutique')
    expect(answer.namespaces?.[0]?.errorRatio).toBeGreaterThan(0.05)
    expect(answer.alerts?.firing).toBeGreaterThan(0)
    const { items, rules } = await askRoute(getAlerts, apiPaths.alerts(), AlertList)
    const alert = items.find(({ labels }) => labels.destination_service_name === 'productcatalogservice')
    expect(alert).toMatchObject({ state: 'firing', severity: 'critical' })
    expect(alert?.nodes).toContain('east/boutique/service/productcatalogservice')
    expect(alert?.nodes).toContain('east/boutique/workload/productcatalogservice')
    expect(alert?.summary).toMatch(/productcatalogservice .*\d/)
    expect(rules.find(({ id }) => id === alert?.rule)?.state).toBe('firing')
    const elsewhere = await askRoute(getAlerts, apiPaths.alerts({ namespaces: ['payments'] }), AlertList)
    expect(elsewhere.items.map(({ place }) => place?.namespace)).not.toContain('boutique')
  })

  it('says the same of a namespace as the list does', async () => {
    const [answer, list] = [
      await overview({ namespaces: ['bookinfo'] }),
      await askRoute(getNamespaces, apiPaths.namespaces({ namespaces: ['bookinfo'] }), NamespaceList),
    ]
    expect(answer.namespaces?.map(({ hour: _, ...rest }) => rest)).toEqual(list.items)
    expect(list.items[0]).toMatchObject({ name: 'bookinfo', mtls: { mode: expect.any(String) } })
  })

  it('stands without Prometheus, and says what is missing', async () => {
    await server.demo.startScenario('prometheus-down')
    const answer = await overview()
    expect(answer.namespaces?.length).toBeGreaterThan(0)
    expect(answer.namespaces?.filter(({ requestsPerSecond }) => requestsPerSecond !== null)).toEqual([])
    expect(answer.alerts).toMatchObject({ firing: 0, pending: null, rules: null })
    expect(answer.findings).not.toBeNull()
    expect(answer.clusters[0]?.controlPlane?.istiods).toHaveLength(1)
    expect(answer.notices.map(({ code }) => code)).toContain('prometheus-unreachable')
  })
})
