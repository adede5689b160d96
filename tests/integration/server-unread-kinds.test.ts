/** An account that may not read some kinds of objects: what depends on them is not known, which is not the default. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getEffectiveRoutingRoute } from '@/app/api/v1/effective-routing/route'
import { GET as getGraph } from '@/app/api/v1/graph/route'
import { GET as getMtls } from '@/app/api/v1/mtls/route'
import { GET as getMtlsNamespaces } from '@/app/api/v1/mtls/namespaces/route'
import { POST as preflight } from '@/app/api/v1/mtls/preflight/route'
import { GET as getNamespaces } from '@/app/api/v1/namespaces/route'
import { GET as getOverview } from '@/app/api/v1/overview/route'
import { GET as getRouting } from '@/app/api/v1/routing/route'
import { GET as getSplits } from '@/app/api/v1/splits/route'
import { GET as getSplitTargets } from '@/app/api/v1/splits/targets/route'
import { createManualClock } from '@/lib/demo/clock'
import { startDemo, type Demo } from '@/lib/demo/start-demo'
import { setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { apiPaths } from '@/lib/api/paths'
import { EffectiveRouting } from '@/lib/api/schemas/mesh/details'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { MtlsList, MtlsNamespaces, Preflight } from '@/lib/api/schemas/config/mtls'
import { Overview } from '@/lib/api/schemas/mesh/overview'
import { ServiceRouting } from '@/lib/api/schemas/config/routing'
import { SplitList } from '@/lib/api/schemas/config/splits'
import { NamespaceList } from '@/lib/api/schemas/status'
import { serveDemo } from '../support/demo-server'
import { startHoldingProxy, type HoldingProxy } from '../support/holding-proxy'
import { kubeconfigText } from '../support/kubeconfig-text'
import { manualClock } from '../support/manual-clock'

const NOON = Date.UTC(2026, 7, 20, 12)
const REVIEWS = { cluster: 'east', namespace: 'bookinfo', name: 'reviews' }

const request = (path: string) => new Request(`http://heddle.test${path}`)

async function read(answer: Promise<Response> | Response): Promise<unknown> {
  const response = await answer
  const body: unknown = await response.json()
  expect(response.status, JSON.stringify(body).slice(0, 300)).toBe(200)
  return body
}

const isSaid = (notices: readonly { code: string; message: string }[], kind: string) =>
  notices.some(({ code, message }) => code === 'kinds-forbidden' && message.includes(kind))

function withoutKinds(paths: RegExp) {
  const world = {} as { demo: Demo; proxy: HoldingProxy; up: Upstreams }
  beforeAll(async () => {
    world.demo = await startDemo({ historySeconds: 300, seed: 1, clock: createManualClock(NOON) })
    world.proxy = await startHoldingProxy(world.demo.kubernetesUrl)
    world.proxy.forbid(paths)
    const kubeconfig = kubeconfigText(world.proxy.url, '{ token: demo-admin }')
    world.up = await serveDemo(world.demo, manualClock(NOON + 6_000), {}, kubeconfig)
  })
  afterAll(async () => {
    setUpstreams(null)
    await world.up?.close()
    await world.proxy?.close()
    await world.demo?.close()
  })
  return world
}

const ask = (mode: string, namespace = 'bookinfo') =>
  preflight(
    new Request('http://heddle.test/api/v1/mtls/preflight', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ scope: { namespace }, mode, window: '1h' }),
    }),
  )

describe('without the right to read PeerAuthentications', () => {
  withoutKinds(/peerauthentications/)

  it('no mode of mutual TLS is known, and plain text that was seen still is', async () => {
    const { items, notices } = MtlsList.parse(await read(getMtls(request(apiPaths.mtls()))))
    expect(isSaid(notices, 'PeerAuthentication')).toBe(true)
    expect(items.length).toBeGreaterThan(20)
    for (const { configured, effective, dataPlane, clients, workload } of items) {
      expect(configured).toEqual({ mode: null, source: null })
      expect(effective.mode).toBe(dataPlane === 'none' ? 'DISABLE' : null)
      expect(effective.reason).toContain('Heddle may not read PeerAuthentications')
      if (workload !== null) expect(clients).toBeNull()
    }
    const states = new Set(items.map(({ state }) => state))
    for (const state of ['strict', 'permissive'] as const) expect(states).not.toContain(state)
    expect(states).toContain('plaintext')
    const summed = MtlsNamespaces.parse(await read(getMtlsNamespaces(request(apiPaths.mtlsNamespaces()))))
    for (const { configured, path } of summed.items) expect([configured.mode, path]).toEqual([null, null])
  })

  it('lists, graph and overview know none either', async () => {
    const graph = Graph.parse(await read(getGraph(request(apiPaths.graph()))))
    const modes = graph.nodes.flatMap(({ mtls }) => (mtls ? [mtls.mode] : []))
    expect(new Set(modes)).toEqual(new Set([null, 'DISABLE']))
    const { items } = NamespaceList.parse(await read(getNamespaces(request(apiPaths.namespaces()))))
    // of what Kubernetes does not know nothing is said
    expect(
      items.some(
        ({ findings }) =>
          findings !== null && findings.error === 0 && findings.warning === 0 && findings.info === 0,
      ),
    ).toBe(false)
    const known = items.flatMap(({ mtls }) => (mtls ? [mtls.mode] : []))
    expect(new Set(known)).toEqual(new Set([null]))
    const { clusters } = Overview.parse(await read(getOverview(request(apiPaths.overview()))))
    expect(new Set(clusters.map(({ mtlsModes }) => mtlsModes))).toEqual(new Set([null]))
  })

  it('a change of mode is not judged', async () => {
    const answer = await ask('STRICT')
    expect(answer.status).toBe(503)
    expect(JSON.stringify(await answer.json())).toContain('which policy would have to change, is not known')
  })
})

describe('without the right to read DestinationRules', () => {
  withoutKinds(/destinationrules/)

  it('modes are known, what callers send is not, and no change of mode is safe', async () => {
    const { items } = MtlsList.parse(await read(getMtls(request(apiPaths.mtls()))))
    expect(items.some(({ effective }) => effective.mode === 'STRICT')).toBe(true)
    for (const { clients, workload } of items) if (workload !== null) expect(clients).toBeNull()
    const open = items.find(
      ({ workload, effective, dataPlane }) =>
        workload !== null && effective.mode === 'PERMISSIVE' && dataPlane === 'sidecar',
    )
    const { verdict, evidence } = Preflight.parse(await read(ask('STRICT', open?.namespace ?? '')))
    expect(verdict).not.toBe('safe')
    expect(evidence.reasons.join(' ')).toContain('Heddle may not read DestinationRules')
  })

  it('subsets are neither missing nor empty, and have no share of the traffic', async () => {
    const { items, unread, notices } = SplitList.parse(await read(getSplits(request(apiPaths.splits()))))
    expect([unread, isSaid(notices, 'DestinationRule')]).toEqual([[], true])
    const backends = items.flatMap((item) => item.backends).filter(({ subset }) => subset !== null)
    expect(backends.length).toBeGreaterThan(1)
    for (const one of backends) {
      expect(one).toMatchObject({ isSubsetDefined: null, pods: null, workloads: null, observedShare: null })
    }
    const targets = await getSplitTargets(request(apiPaths.splitTargets(REVIEWS)))
    expect(targets.status).toBe(503)
  })
})

describe('without the right to read routes', () => {
  withoutKinds(/virtualservices|httproutes/)

  it('it is not known which weighted routes there are, with figures or without', async () => {
    for (const observed of [true, false]) {
      const list = SplitList.parse(
        await read(getSplits(request(`${apiPaths.splits()}?observed=${observed}`))),
      )
      expect([list.items, list.unread]).toEqual([[], ['VirtualService', 'HTTPRoute']])
      expect(isSaid(list.notices, 'VirtualService')).toBe(true)
    }
  })

  it('the routing of a service and the story of a request say so', async () => {
    const routing = ServiceRouting.parse(await read(getRouting(request(apiPaths.routing(REVIEWS)))))
    expect(isSaid(routing.notices, 'VirtualService')).toBe(true)
    expect(routing.unread).toEqual(['VirtualService', 'HTTPRoute'])
    const path = apiPaths.effectiveRouting('east/bookinfo/service/reviews')
    const story = EffectiveRouting.parse(await read(getEffectiveRoutingRoute(request(path))))
    expect(isSaid(story.notices, 'VirtualService')).toBe(true)
    const lines = story.stories?.flatMap(({ steps }) => steps.flatMap((step) => step.lines)) ?? []
    expect(lines.map(({ text }) => text)).toContain(
      'which rules there are is not known: Heddle may not read VirtualServices and HTTPRoutes',
    )
  })
})
