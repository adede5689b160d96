/** The Envoys of the embedded mesh through port-forwards: what they do, how istiod agrees, and who may ask. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getProxy } from '@/app/api/v1/proxy/route'
import { GET as getBehind } from '@/app/api/v1/proxy/behind/route'
import { GET as getDump } from '@/app/api/v1/proxy/config-dump/route'
import { POST as setLevel } from '@/app/api/v1/proxy/log-level/route'
import { GET as getList } from '@/app/api/v1/proxy/list/route'
import { GET as getSync } from '@/app/api/v1/proxy/sync/route'
import { GET as getStats } from '@/app/api/v1/proxy/stats/route'
import { apiPaths } from '@/lib/api/paths'
import {
  ProxiesBehind,
  ProxyAnswer,
  ProxyDump,
  ProxyLevelAnswer,
  ProxyList,
  ProxyStats,
  ProxySyncList,
} from '@/lib/api/schemas/telemetry/proxy'
import { createManualClock } from '@/lib/demo/clock'
import { startDemo, type Demo } from '@/lib/demo/start-demo'
import type { KubernetesClient } from '@/lib/kubernetes/client'
import { askPod } from '@/lib/kubernetes/pods/pod-http'
import { setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { serveDemo } from '../../support/heddle/demo-server'
import { manualClock } from '../../support/heddle/manual-clock'
import { present } from '../../support/present'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const NODE = 'east/bookinfo/workload/productpage-v1'

describe('proxies of the embedded mesh', () => {
  let demo: Demo
  let up: Upstreams
  const closers: (() => unknown)[] = []

  beforeAll(async () => {
    demo = await startDemo({ clock: createManualClock(START), historySeconds: 300, seed: 1 })
    closers.push(() => demo.close())
    up = await start({})
  })
  afterAll(async () => {
    setUpstreams(null)
    for (const close of closers.reverse()) await close()
  })

  async function start(env: Record<string, string>): Promise<Upstreams> {
    const made = await serveDemo(demo, manualClock(START + 1_000), env)
    closers.push(() => made.close())
    return made
  }

  const at = (path: string) => new Request(`http://heddle.test${path}`)
  const body = async (response: Response, status = 200): Promise<unknown> => {
    const read: unknown = await response.json()
    expect(response.status, JSON.stringify(read).slice(0, 300)).toBe(status)
    return read
  }
  const proxy = async (node = NODE) =>
    ProxyAnswer.parse(await body(await getProxy(at(apiPaths.proxy({ node })))))

  it('shows clusters, routes and endpoints that follow from the objects', async () => {
    const answer = await proxy()
    expect(answer.notices).toEqual([])
    expect(answer.server).toMatchObject({ state: 'LIVE' })
    const reviews = answer.clusters.filter((one) => one.host === 'reviews.bookinfo.svc.cluster.local')
    expect(reviews.map((one) => one.subset)).toEqual(expect.arrayContaining([null, 'v1', 'v2', 'v3']))
    expect(reviews.every((one) => (one.endpoints ?? 0) > 0 && one.tls === 'auto')).toBe(true)
    const route = answer.routes.find((one) => one.domains.includes('reviews.bookinfo'))
    expect(route?.action).toMatch(/outbound\|\d+\|v\d\|reviews\.bookinfo\.svc\.cluster\.local/)
    expect(answer.listeners.map((one) => one.name)).toEqual(
      expect.arrayContaining(['virtualInbound', 'virtualOutbound']),
    )
    const pods = new Set(
      answer.endpoints.filter((one) => one.cluster === reviews[0]?.name).map((one) => one.address),
    )
    expect(pods.size).toBe(reviews[0]?.endpoints)
  })

  it('tells names and times of secrets and nothing they hold', async () => {
    const answer = await proxy()
    expect(answer.secrets.map((one) => one.name)).toEqual(['ROOTCA', 'default'])
    const own = answer.secrets.find((one) => one.name === 'default')
    expect(own?.subjects).toEqual([expect.stringMatching(/^spiffe:\/\/cluster\.local\/ns\/bookinfo\/sa\//)])
    expect(own?.expiresAt).toBeGreaterThan(START)
    const text = JSON.stringify([
      answer,
      ProxyDump.parse(await body(await getDump(at(apiPaths.proxyDump({ node: NODE }))))),
    ])
    expect(text).not.toMatch(/BEGIN|LS0tLS1/)
  })

  it('finds the one replica of istiod that holds the proxy, and that both agree', async () => {
    const { sync } = await proxy()
    expect(sync?.replicas).toHaveLength(2)
    expect(sync?.replicas.every((one) => (one.proxies ?? 0) > 0)).toBe(true)
    expect(sync?.istiod).toMatch(/^istiod-/)
    expect(sync?.types.map((one) => [one.short, one.state])).toEqual([
      ['CDS', 'synced'],
      ['LDS', 'synced'],
      ['RDS', 'synced'],
      ['EDS', 'synced'],
      ['ECDS', 'not-sent'],
    ])
  })

  it('says of every pod whether istiod and its proxy agree', async () => {
    const sync = async (node: string) =>
      ProxySyncList.parse(await body(await getSync(at(apiPaths.proxySync(node)))))
    const { pods, missingRight } = await sync('east/bookinfo/service/reviews')
    expect(missingRight).toBeNull()
    expect(pods?.length).toBe(5)
    expect(pods?.every(({ istiod, behind }) => istiod?.startsWith('istiod-') && behind.length === 0)).toBe(
      true,
    )
    expect(await sync('east/istio-system/workload/istiod')).toMatchObject({ pods: [] })
  })

  const list = async (namespace: string) =>
    ProxyList.parse(await body(await getList(at(apiPaths.proxyList({ cluster: 'east', namespace })))))

  it('lists all proxies of a namespace, asking istiod and Prometheus and no proxy', async () => {
    const { items, without, istiodVersions, missingRight, notices } = await list('bookinfo')
    expect([missingRight, notices]).toEqual([null, []])
    const proxies = present(items)
    expect(proxies.map(({ workload }) => workload)).toEqual(
      expect.arrayContaining(['productpage-v1', 'reviews-v1', 'ratings-v1', 'details-v1']),
    )
    for (const one of proxies) {
      expect(one.node).toBe(`east/bookinfo/workload/${one.workload}`)
      expect(istiodVersions).toContain(one.version)
      expect(one.sync?.istiod).toMatch(/^istiod-/)
      expect(one.sync?.types.map(({ state }) => state)).toEqual([...Array(4).fill('synced'), 'not-sent'])
    }
    const own = present((await proxy()).secrets.find(({ name }) => name === 'default')).expiresAt
    const { pod } = await proxy()
    const measured = proxies.find((one) => one.pod === pod)?.certificateExpiresAt
    // measured at the last scrape
    expect(Math.abs((measured ?? 0) - (own ?? 0))).toBeLessThan(60_000)
    expect(without).toEqual({ none: 0, ambient: 0 })
    expect((await list('no-such')).items).toEqual([])
  })

  it('names the proxies that refuse what istiod sends, mesh-wide, by pod, and with Envoy’s own reason', async () => {
    const behind = async () => ProxiesBehind.parse(await body(await getBehind(at(apiPaths.proxiesBehind()))))
    expect(await behind()).toMatchObject({
      clusters: [{ cluster: 'east', behind: [], more: 0, answered: 2, replicas: 2 }],
    })
    await demo.startScenario('stale-proxy')
    try {
      const [east] = (await behind()).clusters
      expect(east?.behind.map(({ node, kinds }) => [node, kinds])).toEqual([
        [NODE, ['LDS']],
        [NODE, ['LDS']],
      ])
      const answer = await proxy()
      expect(answer.sync?.types.filter(({ state }) => state === 'stale').map(({ type }) => type)).toEqual([
        'listener',
      ])
      const refused = answer.listeners.filter(({ error }) => error !== null)
      expect(refused.map(({ name }) => name)).toEqual(['virtualInbound'])
      expect(refused[0]?.error).toContain('envoy.filters.http.device_check')
      const { pods } = ProxySyncList.parse(await body(await getSync(at(apiPaths.proxySync(NODE)))))
      expect(pods?.every((pod) => pod.behind.join() === 'LDS')).toBe(true)
    } finally {
      await demo.stopScenario('stale-proxy')
    }
    expect((await behind()).clusters[0]?.behind).toEqual([])
  })

  it('shows a gateway, and says that what has no Envoy has none', async () => {
    const gateway = await proxy('east/istio-system/workload/istio-ingressgateway')
    expect(gateway.routes.some((one) => one.config === 'http.8080')).toBe(true)
    expect((await proxy('east/istio-system/workload/istiod')).pods).toEqual([])
  })

  it('filters the proxy’s own counters', async () => {
    const path = apiPaths.proxyStats({ node: NODE, filter: 'UPSTREAM_RQ' })
    const { stats } = ProxyStats.parse(await body(await getStats(at(path))))
    expect(stats.length).toBeGreaterThan(0)
    expect(stats.every((one) => one.name.includes('upstream_rq'))).toBe(true)
    expect(stats.map((one) => one.name)).toContain(
      'cluster.outbound|9080||reviews.bookinfo.svc.cluster.local.upstream_rq_total',
    )
  })

  async function write(level: string, headers: Record<string, string> = {}, pod?: string) {
    const name = pod ?? present((await proxy()).pod)
    return setLevel(
      new Request(`http://heddle.test${apiPaths.proxyLogLevel()}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ node: NODE, pod: name, level }),
      }),
    )
  }

  it('sets the log level, from its own pages and where it may write', async () => {
    const { logLevels } = ProxyLevelAnswer.parse(await body(await write('debug')))
    expect(new Set(Object.values(logLevels))).toEqual(new Set(['debug']))
    expect((await proxy()).logLevels).toEqual(logLevels)
    await body(await write('info', { 'sec-fetch-site': 'cross-site' }), 403)
    await body(await write('loud'), 400)
    await body(await write('info', {}, 'details-v1-x'), 400)
    await start({ HEDDLE_READ_ONLY: 'true' })
    await body(await write('info'), 403)
    setUpstreams(up)
  })

  it('passes on what the kubelet says of a port where nothing listens', async () => {
    const client = present(up.inventories[0]).client
    const pod = present((await proxy()).pod)
    await expect(askPod(client, { namespace: 'bookinfo', pod, port: 1, path: '/' })).rejects.toThrow(
      /connection refused/,
    )
  })

  it('names the right an account lacks', async () => {
    const source = present(up.inventories[0])
    const viewer: KubernetesClient = source.client.as({ token: 'demo-viewer' })
    Object.defineProperty(source, 'client', { value: viewer })
    const answer = await proxy()
    expect(answer.missingRight).toEqual({
      verb: 'create',
      resource: 'pods/portforward',
      namespace: 'bookinfo',
    })
    expect(answer.clusters).toEqual([])
    // what pods there are is known all the same
    const all = await list('bookinfo')
    expect(all.missingRight).toMatchObject({ resource: 'pods/portforward', namespace: 'istio-system' })
    expect(all.items?.length).toBeGreaterThan(4)
    expect(all.items?.every(({ sync, version }) => sync === null && version !== null)).toBe(true)
    const behind = ProxiesBehind.parse(await body(await getBehind(at(apiPaths.proxiesBehind()))))
    expect(behind.clusters[0]).toMatchObject({
      proxies: null,
      missingRight: { verb: 'create', resource: 'pods/portforward', namespace: 'istio-system' },
    })
  })
})
