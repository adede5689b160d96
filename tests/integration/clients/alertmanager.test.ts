/** Alertmanager beside Prometheus: the embedded one, and others that answer oddly. */
import type { RequestListener } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { GET as getAlertsRoute } from '@/app/api/v1/alerts/route'
import { GET as getOverviewRoute } from '@/app/api/v1/overview/route'
import { GET as getStatusRoute } from '@/app/api/v1/status/route'
import { createAlertmanagerClient } from '@/lib/alertmanager/client'
import { apiPaths } from '@/lib/api/paths'
import { AlertList } from '@/lib/api/schemas/telemetry/alerts'
import { Overview } from '@/lib/api/schemas/mesh/overview'
import { Status } from '@/lib/api/schemas/status'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { setUpstreams } from '@/lib/server/upstreams'
import { serveDemo, startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { serveInTest } from '../../support/serve-in-test'

const NOON = Date.UTC(2026, 7, 20, 12)

describe('the alertmanager of the embedded mesh', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(NOON)
    await server.demo.startScenario('slow-leaf')
    await server.pass(480)
  })

  afterAll(async () => {
    await server?.close()
  })

  const alerts = async () => {
    const response = await getAlertsRoute(new Request(`http://heddle.test${apiPaths.alerts()}`))
    return AlertList.parse(await response.json())
  }

  it('says of each firing alert who is told, and shows it once', async () => {
    const { items, notices, alertmanager, silences } = await alerts()
    expect(notices).toEqual([])
    expect(alertmanager.state).toBe('answering')
    const firing = items.filter(({ state }) => state === 'firing')
    expect(firing.length).toBeGreaterThan(1)
    // its external label keeps none apart
    expect(items.filter(({ rule }) => rule === null)).toEqual([])
    expect(new Set(items.map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`)).size).toBe(
      items.length,
    )
    const ratings = firing.find(({ labels }) => labels.destination_service_name === 'ratings')
    expect(ratings).toMatchObject({
      silenced: false,
      handling: { state: 'active', receivers: ['bookinfo-team'] },
    })
    const page = firing.find(({ labels }) => labels.destination_service_name === 'productpage')
    expect(page).toMatchObject({ silenced: true, handling: { state: 'suppressed' } })
    expect(page?.handling?.silencedBy).toEqual([silences?.[0]?.id])
    expect(silences?.[0]).toMatchObject({ createdBy: 'mira@bookinfo.example', alerts: 1, state: 'active' })
  })

  it('takes and ends silences as amtool makes them', async () => {
    const silence = {
      matchers: [{ name: 'destination_service_name', value: 'rat.*', isRegex: true }],
      startsAt: new Date(server.clock.now() - 60_000).toISOString(),
      endsAt: new Date(server.clock.now() + 3_600_000).toISOString(),
      createdBy: 'ada',
      comment: 'known',
    }
    const url = `${server.demo.alertmanagerUrl}/api/v2`
    const made = await fetch(`${url}/silences`, { method: 'POST', body: JSON.stringify(silence) })
    const { silenceID } = (await made.json()) as { silenceID: string }
    await server.pass(30)
    const silenced = (await alerts()).items.find(
      ({ labels }) => labels.destination_service_name === 'ratings',
    )
    expect(silenced?.handling?.silencedBy).toEqual([silenceID])
    expect((await fetch(`${url}/silence/${silenceID}`, { method: 'DELETE' })).status).toBe(200)
    await server.pass(30)
    expect((await alerts()).silences?.map(({ id }) => id)).not.toContain(silenceID)
    expect((await fetch(`${url}/silences`, { method: 'POST', body: '{' })).status).toBe(400)
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
  })

  const overview = async () => {
    const response = await getOverviewRoute(new Request(`http://heddle.test${apiPaths.overview()}`))
    return Overview.parse(await response.json())
  }

  it('stands in where Prometheus does not answer', async () => {
    const before = await overview()
    expect(before.alerts?.rules).toBeGreaterThan(5)
    await server.demo.startScenario('prometheus-down')
    await server.pass(30)
    const { items, rules, rulesState, notices } = await alerts()
    const meanwhile = await overview()
    // a Heddle that has just started has no older figures
    const fresh = await serveDemo(server.demo, server.clock, {
      ALERTMANAGER_URL: server.demo.alertmanagerUrl,
    })
    const started = await overview()
    setUpstreams(server.up)
    await fresh.close()
    await server.demo.stopScenario('prometheus-down')
    expect(items.map(({ id }) => id.startsWith('alertmanager/'))).toContain(true)
    expect(items[0]?.nodes.length).toBeGreaterThan(0)
    expect(rules).toEqual([])
    // what cannot be read is not known, which is not none
    expect(rulesState).toBe('failing')
    const told = items.filter(({ silenced }) => !silenced).length
    expect(meanwhile.alerts).toMatchObject({ pending: null, rules: null, firing: told })
    // what Kubernetes knows stands, without a figure
    expect(started.namespaces?.length).toBeGreaterThan(0)
    for (const { requestsPerSecond, errorRatio, health } of started.namespaces ?? []) {
      expect([requestsPerSecond, errorRatio, health.status]).toEqual([null, null, 'unknown'])
    }
    expect(started.alerts).toMatchObject({ pending: null, rules: null, firing: told })
    expect(notices.map(({ code }) => code)).toEqual(['prometheus-unreachable'])
  })
})

describe('an alertmanager that answers oddly', () => {
  const client = (url: string, timeoutMs = 500) => {
    const made = createAlertmanagerClient({ url, timeoutMs, delay: () => Promise.resolve() })
    onTestFinished(() => made.close())
    return made
  }

  it.each<[string, RequestListener, object]>([
    [
      'a web page',
      (_, response) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Sign in'),
      { kind: 'decode' },
    ],
    ['status 500', (_, response) => response.writeHead(500).end('"no"'), { kind: 'http', status: 500 }],
    ['cut JSON', (_, response) => response.end('[{"fingerprint":"a","lab'), { kind: 'decode' }],
    ['another shape', (_, response) => response.end('{"status":"success","data":[]}'), { kind: 'decode' }],
    ['nothing for long', () => {}, { kind: 'timeout' }],
    ['a broken connection', (request) => request.socket.destroy(), { kind: 'network' }],
    ['a refusal', (_, response) => response.writeHead(403).end('no'), { kind: 'http', status: 403 }],
  ])('with %s is an error of its own', async (_, handler, expected) => {
    const asked = client(await serveInTest(handler)).alerts()
    await expect(asked).rejects.toMatchObject({ upstream: 'alertmanager', ...expected })
  })
})

describe('without alertmanager', () => {
  let server: DemoServer

  afterEach(async () => {
    await server?.close()
  })

  it('nothing is said to fire or not where the rules are refused, too', async () => {
    server = await startDemoServer(NOON, { historySeconds: 600 }, { ALERTMANAGER_URL: 'http://127.0.0.1:9' })
    server.up.prometheus.alertingRules = () =>
      Promise.reject(new UpstreamError('prometheus', 'http', 'refused', { status: 403 }))
    const response = await getOverviewRoute(new Request(`http://heddle.test${apiPaths.overview()}`))
    const { alerts, notices } = Overview.parse(await response.json())
    expect(alerts).toBeNull()
    expect(notices.map(({ code }) => code)).toContain('rules-not-served')
  })

  it.each([
    ['that answers with a page', 'alertmanager-bad-answer', false],
    ['that is not there', 'alertmanager-unreachable', false],
  ])('one %s costs its own part only, and the status says so', async (_, code, isReachable) => {
    const page: RequestListener = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
    const url = code === 'alertmanager-unreachable' ? 'http://127.0.0.1:9' : await serveInTest(page)
    server = await startDemoServer(NOON, { historySeconds: 600 }, { ALERTMANAGER_URL: url })
    await server.demo.startScenario('slow-leaf')
    await server.pass(480)
    const response = await getAlertsRoute(new Request(`http://heddle.test${apiPaths.alerts()}`))
    const list = AlertList.parse(await response.json())
    expect(list.notices.map((notice) => notice.code)).toEqual([code])
    expect(list).toMatchObject({ silences: null, alertmanager: { state: 'failing' } })
    expect(list.items.length).toBeGreaterThan(0)
    expect(list.items.every(({ silenced, handling }) => silenced === null && handling === null)).toBe(true)
    const status = Status.parse(
      await (await getStatusRoute(new Request(`http://heddle.test${apiPaths.status()}`))).json(),
    )
    const upstream = status.upstreams.find(({ name }) => name === 'alertmanager')
    expect(upstream).toMatchObject({ configured: true, reachable: isReachable, error: expect.any(String) })
  })
})
