/** A service that hundreds call: answers about it hold what matters most, say how many there are, and stay small. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getIncidents } from '@/app/api/v1/incidents/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { apiPaths } from '@/lib/api/paths'
import { IncidentList } from '@/lib/api/schemas/mesh/incidents'
import { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import { MOST_PEER_EDGES } from '@/lib/graph/peers'
import { MOST_INCIDENT_EDGES, MOST_REACHED } from '@/lib/incidents/bound'
import { impactOf } from '@/lib/server/changes/impact'
import { readConfig } from '@/lib/server/config/config'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { callsOfHub, HUB } from '../../support/prometheus/hub'
import type { Loopback } from '../../support/loopback'
import { manualClock } from '../../support/heddle/manual-clock'
import { present } from '../../support/present'
import { config, inventory, service } from '../../support/graph/samples'
import { serveScraped } from '../../support/prometheus/scraped-prometheus'

const NOON = Date.UTC(2026, 7, 20, 12)
const SCRAPE_MS = 15_000
const CALLERS = 700
const HUB_ID = 'east/shop/workload/hub'
const time = { at: NOON, window: '5m' } as const

describe('a service that hundreds call', () => {
  let prometheus: Loopback
  let up: Upstreams

  beforeAll(async () => {
    prometheus = await serveScraped(callsOfHub(CALLERS), { lastMs: NOON, now: () => NOON })
    const settings = readConfig({
      PROMETHEUS_URL: prometheus.url,
      HEDDLE_CLUSTER_NAME: 'east',
      LOG_LEVEL: 'silent',
    })
    up = createUpstreams(settings, { clock: manualClock(NOON + SCRAPE_MS) })
    setUpstreams(up)
  })

  afterAll(async () => {
    setUpstreams(null)
    await up?.close()
    await prometheus?.close()
  })

  async function hub(edges?: 'all'): Promise<{ detail: ItemDetail; bytes: number }> {
    const request = new Request(
      `http://heddle.test${apiPaths.item('workloads', HUB, { ...time, ...(edges ? { edges } : {}) })}`,
    )
    const answer = await getWorkload(request, { params: Promise.resolve(HUB) })
    const text = await answer.text()
    expect(answer.status, text.slice(0, 300)).toBe(200)
    return { detail: ItemDetail.parse(JSON.parse(text)), bytes: text.length }
  }

  it('has a page with the edges that fail, then the busiest, in their order, and the number of all', async () => {
    const { detail, bytes } = await hub()
    const ids = detail.edges.map(({ id }) => id)
    expect(ids).toHaveLength(MOST_PEER_EDGES)
    expect(ids).toEqual([...ids].sort())
    // 350 callers fail at some requests: the small ones at a tenth and more, the others at less
    const has = (name: string) => detail.edges.some(({ source }) => source.endsWith(`/${name}`))
    expect(['c000', 'c170', 'c172', 'c698', 'c699'].map(has)).toEqual([true, true, false, true, false])
    expect(detail).toMatchObject({
      edgesTotal: { inbound: CALLERS, outbound: 0 },
      callersTotal: CALLERS,
      calledTotal: 0,
    })
    expect(bytes).toBeLessThan(300_000)
  })

  it('answers all of them to who asks for all, with the same figures of the whole', async () => {
    const [{ detail: first }, { detail: all }] = [await hub(), await hub('all')]
    expect(all.edges).toHaveLength(CALLERS)
    expect(all.edges).toEqual(expect.arrayContaining(first.edges))
    expect({ ...all, edges: [] }).toEqual({ ...first, edges: [] })
  })

  it('refuses to answer some other part', async () => {
    const url = `http://heddle.test${apiPaths.item('workloads', HUB, time)}&edges=some`
    const answer = await getWorkload(new Request(url), { params: Promise.resolve(HUB) })
    expect([answer.status, await answer.json()]).toMatchObject([
      400,
      { error: { parameter: 'edges', message: expect.stringContaining('first, all') } },
    ])
  })

  it('hurts in an incident those it hurts most, and all are counted', async () => {
    const answer = await getIncidents(new Request(`http://heddle.test${apiPaths.incidents(time)}`))
    const text = await answer.text()
    expect(answer.status, text.slice(0, 300)).toBe(200)
    const [incident, ...others] = IncidentList.parse(JSON.parse(text)).items
    expect(others).toEqual([])
    const {
      callers,
      callersTotal,
      entryPoints,
      entryPointsTotal,
      edges,
      edgesTotal,
      nodes,
      nodesTotal,
      hops,
    } = present(incident)
    expect(present(incident).suspects[0]?.id).toBe(HUB_ID)
    expect([callers.length, callersTotal]).toEqual([MOST_REACHED, CALLERS / 2])
    expect([entryPoints.length, entryPointsTotal]).toEqual([MOST_REACHED, CALLERS / 2])
    expect([edges.length, edgesTotal]).toEqual([CALLERS / 2, CALLERS / 2])
    expect(edgesTotal).toBeLessThan(MOST_INCIDENT_EDGES)
    expect([nodes.length, nodesTotal, hops]).toEqual([CALLERS / 2 + 1, CALLERS / 2 + 1, 1])
    expect(text.length).toBeLessThan(400_000)
  })

  it('is touched by a change that names fifty of its callers and counts them all', async () => {
    const route = config('VirtualService', 'shop/hub', {
      hosts: ['hub'],
      http: [{ route: [{ destination: { host: 'hub' } }] }],
    })
    const objects = inventory({ services: [service('shop/hub')], config: [route] })
    const impact = await impactOf(up, [{ inventory: objects, objects: [route] }])
    expect(impact).toMatchObject({ callersTotal: CALLERS, services: ['east/shop/service/hub'] })
    expect(impact.callers).toHaveLength(50)
    expect(impact.callers?.[0]?.id).toBe('east/team/workload/c698')
  })
})
