/** Objectives of services, measured in the embedded mesh: what is promised, known, spent and burning. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getSlosRoute } from '@/app/api/v1/slos/route'
import { apiPaths } from '@/lib/api/paths'
import { SloList, type Slo } from '@/lib/api/schemas/telemetry/slos'
import type { Upstreams } from '@/lib/server/upstreams'
import { parseObjectives } from '@/lib/slo/objective'
import { inventory, service, workload } from '../support/graph/samples'
import { startDemoServer, type DemoServer } from '../support/heddle/demo-server'
import { askRoute } from '../support/heddle/ask-route'
import { startTelemetryServer, type TelemetryServer } from '../support/heddle/telemetry-server'
import { present } from '../support/present'
import { requestSeries } from '../support/prometheus/istio-metrics'
import { isPrometheusLeftOut } from '../support/prometheus/prometheus-process'

const NOON = Date.UTC(2026, 7, 20, 12)

describe('the objectives of the embedded mesh', () => {
  let server: DemoServer
  const asked: string[] = []

  beforeAll(async () => {
    server = await startDemoServer(NOON)
    for (const ask of ['instant', 'range'] as const) {
      const { prometheus } = server.up
      const real = prometheus[ask].bind(prometheus) as (query: string, at: never) => never
      prometheus[ask] = (query: string, at: never) => {
        asked.push(query)
        return real(query, at)
      }
    }
  })

  afterAll(async () => {
    await server?.close()
  })

  const slos = async (scope = {}) => {
    const response = await getSlosRoute(new Request(`http://heddle.test${apiPaths.slos(scope)}`))
    return SloList.parse(await response.json())
  }
  const find = (list: SloList, name: string, kind: Slo['kind']) =>
    present(list.items.find((one) => one.name === name && one.kind === kind))

  it('are kept while all is well, and of the window only what is known is said to be', async () => {
    const list = await slos()
    expect(list.notices).toEqual([])
    const page = find(list, 'productpage', 'availability')
    expect(page).toMatchObject({ target: 0.999, windowSeconds: 30 * 86_400, source: 'annotation' })
    // 45 minutes of history, found out to within five
    expect(page.knownSeconds).toBeGreaterThanOrEqual(40 * 60)
    expect(page.knownSeconds).toBeLessThanOrEqual(50 * 60)
    expect(page.requests).toBeGreaterThan(1_000)
    expect(page.budgetLeft).toBeGreaterThan(0.9)
    expect(page.burns.map(({ windowSeconds }) => windowSeconds)).toEqual([300, 1800, 3600, 21_600, 259_200])
    // a window of a day has no pair of three days
    expect(find(list, 'productcatalogservice', 'availability').burns).toHaveLength(4)
    const reviews = find(list, 'reviews', 'latency')
    expect(reviews).toMatchObject({ thresholdMs: 300, isInterpolated: true, problem: null })
    expect(list.items.filter(({ state }) => state === 'failing')).toEqual([])
  })

  it('cost a question per window, whatever their number, and none while the answers are fresh', async () => {
    // the hours and their beginning, and five windows; twice for latency
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.length).toBeLessThanOrEqual(16)
    const before = asked.length
    await slos()
    expect(asked.length).toBe(before)
  })

  it('explain an annotation that cannot be read at its service', async () => {
    const { problems } = await slos()
    expect(problems).toEqual([
      expect.objectContaining({
        name: 'helloworld',
        annotation: 'heddle.io/slo-availability',
        text: 'three nines',
        message: expect.stringContaining('99.9'),
      }),
    ])
    const elsewhere = await slos({ namespaces: ['bookinfo'] })
    expect(elsewhere.problems).toEqual([])
    expect(new Set(elsewhere.items.map(({ namespace }) => namespace))).toEqual(new Set(['bookinfo']))
  })

  it('burn when a service fails, and say until when the budget lasts', async () => {
    await server.demo.startScenario('hub-outage')
    await server.pass(900)
    const list = await slos()
    const hub = find(list, 'productcatalogservice', 'availability')
    expect(list.items[0]?.id).toBe(hub.id)
    expect(hub.state).toBe('failing')
    expect(hub.broken[0]).toMatchObject({ severity: 'page', longSeconds: 3_600, shortSeconds: 300 })
    const hour = hub.burns.find(({ windowSeconds }) => windowSeconds === 3_600)?.rate ?? 0
    expect(hour).toBeGreaterThan(14.4)
    // in a window of a day a quarter of an hour of outage is more than the budget of 86 s
    expect(hub.budgetLeft).toBeLessThan(0)
    expect(hub.goneInSeconds).toBe(0)
    const ledger = find(list, 'ledger', 'availability')
    expect(ledger.state).toBe('healthy')
    expect(ledger.goneInSeconds).toBeNull()
  })

  it('stay listed, unmeasured, without Prometheus', async () => {
    await server.demo.startScenario('prometheus-down')
    await server.pass(400)
    const { items, notices } = await slos()
    await server.demo.stopScenario('prometheus-down')
    expect(notices.map(({ code }) => code)).toEqual(['prometheus-unreachable'])
    expect(items.length).toBeGreaterThan(4)
    expect(items.every(({ state, budgetLeft }) => state === 'unknown' && budgetLeft === null)).toBe(true)
  })
})

const PROMISES = {
  'heddle.io/slo-availability': '99.9',
  'heddle.io/slo-latency': '99% < 100ms',
  'heddle.io/slo-window': '3d',
}

const SHARERS: Record<string, (up: Upstreams) => void> = {
  'Kubernetes says': (up) => {
    const read = inventory({
      workloads: [workload('cart-v1')],
      services: [
        service('cart', { annotations: PROMISES }),
        service('canary', { selector: { app: 'cart' } }),
      ],
    })
    const view = { inventory: read, ready: true, notices: [], kinds: [], error: null }
    // all that objectives need to know of a cluster
    Object.assign(up, { inventories: [{ cluster: 'east', current: () => view, stop: () => undefined }] })
  },
  'their callers do': ({ config }) => {
    const { objectives } = parseObjectives(PROMISES)
    config.objectives.push({ namespace: 'shop', name: 'cart', objectives })
  },
}

const ofSharers = describe.skipIf(isPrometheusLeftOut).each(Object.entries(SHARERS))

ofSharers('an objective of one of two services before the same pods, as %s', (_, promise) => {
  const LAST = Math.floor(Date.now() / 15_000) * 15
  /** two hours whole, and what has passed of the third */
  const FIRST = (Math.floor(LAST / 3_600) - 2) * 3_600
  const shop = (workload: string) => ({ namespace: 'shop', workload })
  const oldest = { namespace: 'shop', name: 'cart' }
  let server: TelemetryServer

  beforeAll(async () => {
    const to = shop('cart-v1')
    const slow = { code: '500', latency: [[1000, 5.3]] as const }
    const canary = { from: shop('a-v1'), to, perSecond: 5.3, ...slow }
    const series = [
      // the called side names the oldest service of its pods, whichever was asked for
      ...requestSeries({ ...canary, service: { namespace: 'shop', name: 'canary' }, reporter: 'source' }),
      ...requestSeries({ ...canary, service: oldest, reporter: 'destination' }),
      ...(['source', 'destination'] as const).flatMap((reporter) =>
        requestSeries({ from: shop('b-v1'), to, reporter, perSecond: 2, latency: [[10, 2]] }),
      ),
      // its metrics are missing
      ...requestSeries({
        from: shop('c-v1'),
        to,
        reporter: 'destination',
        perSecond: 1,
        latency: [[10, 1]],
      }),
    ]
    server = await startTelemetryServer(series, FIRST, LAST)
    promise(server.up)
  })

  afterAll(async () => {
    await server?.close()
  })

  it('has the requests to its own, over all windows', async () => {
    const { items, notices } = await askRoute(getSlosRoute, apiPaths.slos({}), SloList)
    expect(notices.filter(({ upstream }) => upstream === 'prometheus')).toEqual([])
    expect(items.map(({ kind }) => kind).sort()).toEqual(['availability', 'latency'])
    for (const { requests, knownSeconds, badRequests, burns } of items) {
      expect(knownSeconds).toBeGreaterThan(3_600)
      expect((requests ?? 0) / knownSeconds).toBeCloseTo(3, 0)
      // of the others every one fails, and is slow
      expect(badRequests).toBe(0)
      expect(new Set(burns.map(({ rate }) => rate))).toEqual(new Set([0]))
    }
  })
})
