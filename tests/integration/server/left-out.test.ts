/** What people are told while the API server of one of two clusters does not say what they may see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getAlerts } from '@/app/api/v1/alerts/route'
import { GET as getChange } from '@/app/api/v1/changes/[id]/route'
import { GET as getChanges } from '@/app/api/v1/changes/route'
import { GET as openStream } from '@/app/api/v1/graph/stream/route'
import { GET as getTrace } from '@/app/api/v1/traces/[id]/route'
import { GET as getConfig } from '@/app/api/v1/config/route'
import { GET as getFindings } from '@/app/api/v1/findings/route'
import { GET as getNodeMetrics } from '@/app/api/v1/metrics/node/route'
import { POST as preflight } from '@/app/api/v1/mtls/preflight/route'
import { GET as getMtls } from '@/app/api/v1/mtls/route'
import { GET as getNamespaces } from '@/app/api/v1/namespaces/route'
import { GET as getOverview } from '@/app/api/v1/overview/route'
import { GET as search } from '@/app/api/v1/search/route'
import { GET as getSlos } from '@/app/api/v1/slos/route'
import { GET as getSplits } from '@/app/api/v1/splits/route'
import { GET as getStatus } from '@/app/api/v1/status/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { apiPaths } from '@/lib/api/paths'
import { ChangeList } from '@/lib/api/schemas/config/changes'
import { Overview } from '@/lib/api/schemas/mesh/overview'
import { Status } from '@/lib/api/schemas/status'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import { createWorld } from '@/lib/demo/world/create-world'
import { readConfig } from '@/lib/server/config/config'
import { createLog } from '@/lib/server/log'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import type { Span } from '@/lib/trace/span'
import { manualClock } from '../../support/heddle/manual-clock'
import { kubeconfigText } from '../../support/kubernetes/kubeconfig-text'
import { serveLoopback } from '../../support/loopback'
import { until } from '../../support/until'
import { userRequest } from '../../support/heddle/user-request'

const NOW = Date.UTC(2026, 7, 20, 12)
const ADMIN = 'demo-admin'
const TEAM = 'demo-bookinfo'
const WHY = /Nothing of cluster west is shown meanwhile\.$/

describe('two clusters, one of which does not say what may be seen', () => {
  const clock = manualClock(NOW)
  let up: Upstreams
  let isWestSilent = false
  const closers: (() => unknown)[] = []

  async function startCluster(name: string) {
    const store = new ObjectStore(createWorld({ seed: 7 }).objects, { now: () => NOW })
    reconcileWorkloads(store, NOW)
    const handler = kubernetesHandler({ store, now: () => NOW })
    const { url, close } = await serveLoopback((request, response) => {
      if (name !== 'west' || !isWestSilent || !request.url?.includes('selfsubject')) {
        return handler(request, response)
      }
      response.statusCode = 403
      response.end('{}')
    })
    closers.push(close)
    const edit = () =>
      fetch(`${url}/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify({ spec: { hosts: ['reviews', 'reviews.example'] } }),
      })
    return { name, kubeconfig: kubeconfigText(url), edit }
  }

  beforeAll(async () => {
    const prometheus = await serveLoopback((request, response) => {
      const hasRules = request.url?.startsWith('/api/v1/rules') === true
      response.statusCode = hasRules ? 200 : 503
      response.end(hasRules ? '{"status":"success","data":{"groups":[]}}' : '')
    })
    closers.push(prometheus.close)
    const clusters = [await startCluster('east'), await startCluster('west')]
    const config = readConfig({
      KUBECONFIG: clusters[0]?.kubeconfig,
      PROMETHEUS_URL: prometheus.url,
      HEDDLE_AUTH: 'header',
      HEDDLE_CLUSTER_NAME: 'east',
    })
    const log = createLog('error', () => undefined)
    up = createUpstreams({ ...config, clusters }, { clock, log })
    closers.push(() => up.close())
    setUpstreams(up)
    await until('both clusters are read', async () =>
      up.inventories.every((source) => source.current().ready) ? true : undefined,
    )
    for (const { edit } of clusters) expect((await edit()).status).toBe(200)
    await until('both edits are seen', async () => (up.elsewhere.seen().length === 2 ? true : undefined))
    isWestSilent = true
  })
  afterAll(async () => {
    setUpstreams(null)
    for (const close of closers.reverse()) await close()
  })

  const errorOf = async (response: Promise<Response>) => {
    const answer = await response
    const body = (await answer.json()) as { error?: { code: string; message: string } }
    return [answer.status, body.error?.code, body.error?.message]
  }
  const isUnavailable = [503, 'cluster-left-out', expect.stringMatching(WHY)]

  it.each([
    ['namespaces', getNamespaces],
    ['findings', getFindings],
    ['alerts', getAlerts],
    ['changes', getChanges],
    ['config', getConfig],
    ['splits?observed=false', getSplits],
    ['splits', getSplits],
    ['mtls', getMtls],
    ['slos', getSlos],
    ['search?text=reviews', search],
    ['overview', getOverview],
  ])('says once in %s that a cluster is left out, and shows nothing of it', async (path, route) => {
    for (const user of [ADMIN, TEAM]) {
      const answer = await route(userRequest(user, `/api/v1/${path}`))
      expect(answer.status).toBe(200)
      const body = (await answer.json()) as { notices: { code: string; message: string }[] }
      const { notices, ...rest } = body
      expect(notices.filter(({ code }) => code === 'cluster-left-out')).toEqual([
        { code: 'cluster-left-out', message: expect.stringMatching(WHY), upstream: 'kubernetes' },
      ])
      expect(JSON.stringify(rest)).not.toContain('west')
    }
  })

  it('does not take what lies in that cluster for forbidden, nor for absent', async () => {
    const path = { cluster: 'west', namespace: 'bookinfo', name: 'reviews-v1' }
    const node = 'west/bookinfo/workload/reviews-v1'
    for (const user of [ADMIN, TEAM]) {
      const workload = getWorkload(userRequest(user, '/api/v1/workloads/west/bookinfo/reviews-v1'), {
        params: Promise.resolve(path),
      })
      expect(await errorOf(workload)).toEqual(isUnavailable)
      const metrics = getNodeMetrics(
        userRequest(user, `/api/v1/metrics/node?node=${encodeURIComponent(node)}`),
      )
      expect(await errorOf(metrics)).toEqual(isUnavailable)
    }
    // what is refused is refused
    const elsewhere = userRequest(TEAM, `/api/v1/metrics/node?node=east/boutique/workload/checkoutservice`)
    expect((await errorOf(getNodeMetrics(elsewhere))).slice(0, 2)).toEqual([403, 'namespace-forbidden'])
  })

  it('does not show a change there, and says why', async () => {
    const change = (cluster: string) =>
      up.elsewhere.seen().find(({ objects: [one] }) => one?.ref.cluster === cluster)
    const ask = (user: string, id: string) =>
      errorOf(getChange(userRequest(user, apiPaths.change(id)), { params: Promise.resolve({ id }) }))
    const inWest = change('west')?.id ?? ''
    expect(await ask(ADMIN, inWest)).toEqual(isUnavailable)
    expect(await ask(ADMIN, change('east')?.id ?? '')).toEqual([200, undefined, undefined])
    const list = ChangeList.parse(await (await getChanges(userRequest(ADMIN, '/api/v1/changes'))).json())
    expect(list.items.map(({ id }) => id)).not.toContain(inWest)
  })

  it('takes who may see all of the other cluster for no restricted user', async () => {
    const scope = (cluster: string) => ({ scope: { cluster }, mode: 'STRICT', window: '5m' })
    const mesh = (user: string, cluster: string) =>
      errorOf(preflight(userRequest(user, '/api/v1/mtls/preflight', scope(cluster))))
    expect(await mesh(ADMIN, 'east')).toEqual([200, undefined, undefined])
    expect(await mesh(ADMIN, 'west')).toEqual(isUnavailable)
    expect((await mesh(TEAM, 'east')).slice(0, 2)).toEqual([403, 'mesh-forbidden'])
    // whom all call, the other cluster calls too
    const host = (user: string) =>
      errorOf(
        getNodeMetrics(userRequest(user, '/api/v1/metrics/node?node=east/unknown/external/api.stripe.com')),
      )
    expect(await host(ADMIN)).toEqual(isUnavailable)
    expect((await host(TEAM)).slice(0, 2)).toEqual([403, 'mesh-forbidden'])
    const detailsOf = async (user: string) => {
      const status = Status.parse(await (await getStatus(userRequest(user, '/api/v1/status'))).json())
      return status.upstreams.find(({ name }) => name === 'kubernetes')?.details
    }
    expect(await detailsOf(ADMIN)).toEqual({ east: expect.stringMatching(/^\d+ objects$/), west: 'read' })
    expect(await detailsOf(TEAM)).toEqual({ east: 'read', west: 'read' })
    const clustersOf = async (user: string) => {
      const body = Overview.parse(await (await getOverview(userRequest(user, '/api/v1/overview'))).json())
      return body.clusters.map(({ name, controlPlane }) => [name, controlPlane !== null])
    }
    expect(await clustersOf(ADMIN)).toEqual([['east', true]])
    expect(await clustersOf(TEAM)).toEqual([['east', false]])
  })

  it('tells of a trace what is shown, and of one that lies there that it is not known', async () => {
    const span = (id: string, nodeId: string | null): Span => ({
      ...{
        id,
        parentId: null,
        service: 's',
        operation: 'secret plan',
        kind: null,
        startMs: NOW,
        durationMs: 1,
      },
      ...{ hasError: false, httpStatus: null, grpcStatus: null, responseFlags: null, nodeId, podName: null },
      ...{ tags: {}, logs: [] },
    })
    const ours = span('1', 'east/bookinfo/workload/reviews-v1')
    const theirs = span('2', 'west/bookinfo/workload/reviews-v1')
    const traces = new Map([
      ['a', [ours, theirs]],
      ['b', [theirs]],
      ['c', [span('3', 'east/boutique/workload/checkoutservice')]],
    ])
    const trace = async (id: string) => {
      const spans = traces.get(id) ?? []
      return { id, startMs: NOW, durationMs: 1, spans, warnings: [] }
    }
    // a store that is asked for single traces alone
    setUpstreams({ ...up, traces: { trace, traceUrl: () => null } as unknown as Upstreams['traces'] })
    const ask = (user: string, id: string) =>
      getTrace(userRequest(user, `/api/v1/traces/${id}`), { params: Promise.resolve({ id }) })
    const noticesOf = async (user: string) => {
      const text = await (await ask(user, 'a')).text()
      expect(text.split('secret plan').length).toBe(2)
      return (JSON.parse(text) as { notices: { code: string }[] }).notices.map(({ code }) => code)
    }
    expect(await noticesOf(ADMIN)).toEqual(['cluster-left-out'])
    expect(await noticesOf(TEAM)).toEqual(['cluster-left-out', 'trace-redacted'])
    expect(await errorOf(ask(ADMIN, 'b'))).toEqual(isUnavailable)
    expect((await errorOf(ask(TEAM, 'c'))).slice(0, 2)).toEqual([403, 'namespace-forbidden'])
    setUpstreams(up)
  })

  it('opens a live feed anew within a minute, to show what has come back', async () => {
    const response = await openStream(userRequest(ADMIN, '/api/v1/graph/stream'))
    expect(response.status).toBe(200)
    const ended = response.body?.pipeTo(new WritableStream())
    clock.advance(60_000)
    await ended
  })
})
