/** An account that may not read some kinds of objects: what depends on them is not known, which is not the default. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getEffectiveRoutingRoute } from '@/app/api/v1/effective-routing/route'
import { GET as getEffect } from '@/app/api/v1/changes/[id]/effect/route'
import { GET as getChanges } from '@/app/api/v1/changes/route'
import { POST as applyChange } from '@/app/api/v1/config/apply/route'
import { POST as previewChange } from '@/app/api/v1/config/preview/route'
import { GET as getGraph } from '@/app/api/v1/graph/route'
import { GET as openGraphStream } from '@/app/api/v1/graph/stream/route'
import { GET as getIncidents } from '@/app/api/v1/incidents/route'
import { GET as getMtls } from '@/app/api/v1/mtls/route'
import { GET as getMtlsNamespaces } from '@/app/api/v1/mtls/namespaces/route'
import { POST as preflight } from '@/app/api/v1/mtls/preflight/route'
import { GET as getNamespaces } from '@/app/api/v1/namespaces/route'
import { GET as getOverview } from '@/app/api/v1/overview/route'
import { GET as getRouting } from '@/app/api/v1/routing/route'
import { GET as getSplits } from '@/app/api/v1/splits/route'
import { GET as getSplitTargets } from '@/app/api/v1/splits/targets/route'
import { GET as getService } from '@/app/api/v1/services/[cluster]/[namespace]/[name]/route'
import { createManualClock } from '@/lib/demo/clock'
import { startDemo, type Demo } from '@/lib/demo/start-demo'
import { setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { apiPaths } from '@/lib/api/paths'
import { ApplyAnswer, ChangeEffect, ChangeList, PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { IncidentList } from '@/lib/api/schemas/mesh/incidents'
import { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import { EffectiveRouting } from '@/lib/api/schemas/mesh/details'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { MtlsList, MtlsNamespaces, Preflight } from '@/lib/api/schemas/config/mtls'
import { Overview } from '@/lib/api/schemas/mesh/overview'
import { ServiceRouting } from '@/lib/api/schemas/config/routing'
import { SplitList } from '@/lib/api/schemas/config/splits'
import { NamespaceList } from '@/lib/api/schemas/status'
import { serveDemo } from '../../support/heddle/demo-server'
import { readEvents } from '../../support/heddle/event-stream'
import { startHoldingProxy, type HoldingProxy } from '../../support/holding-proxy'
import { kubeconfigText } from '../../support/kubernetes/kubeconfig-text'
import { manualClock, type ManualClock } from '../../support/heddle/manual-clock'

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
  const world = {} as { demo: Demo; proxy: HoldingProxy; up: Upstreams; clock: ManualClock }
  beforeAll(async () => {
    world.demo = await startDemo({ historySeconds: 300, seed: 1, clock: createManualClock(NOON) })
    world.proxy = await startHoldingProxy(world.demo.kubernetesUrl)
    world.proxy.forbid(paths)
    const kubeconfig = kubeconfigText(world.proxy.url, '{ token: demo-admin }')
    world.clock = manualClock(NOON + 6_000)
    world.up = await serveDemo(world.demo, world.clock, {}, kubeconfig)
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

/** An object to create; of its own name, so that nothing is in its way. */
function objectOf(group: string, kind: string, namespace: string, spec: unknown) {
  const ref = { group, version: 'v1', kind, namespace, name: 'fresh' }
  const metadata = { namespace, name: ref.name }
  return { op: 'create', ref, object: { apiVersion: `${group}/v1`, kind, metadata, spec } }
}

const changing = (...changes: unknown[]) =>
  new Request('http://heddle.test/api/v1/config/apply', {
    method: 'POST',
    headers: { 'content-type': 'application/json', host: 'heddle.test', origin: 'http://heddle.test' },
    body: JSON.stringify({ changes }),
  })

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

  it('the graph says so where a node without marks looks as if nothing steered it: asked for, live and of the past', async () => {
    for (const view of [{}, { at: NOON - 60_000 }]) {
      const graph = Graph.parse(await read(getGraph(request(apiPaths.graph(view)))))
      const feed = readEvents(await openGraphStream(request(apiPaths.graphStream(view))))
      const first = await feed.next()
      await feed.cancel()
      for (const { notices } of [graph, Graph.parse(first.data)]) {
        expect(isSaid(notices, 'VirtualService')).toBe(true)
      }
    }
    const service = { params: Promise.resolve(REVIEWS) }
    const path = apiPaths.item('services', REVIEWS)
    const { unread } = ItemDetail.parse(await read(getService(request(path), service)))
    expect(unread).toEqual(['VirtualService', 'HTTPRoute'])
  })

  it('a change of what they may refer to is not said to touch all that it touches', async () => {
    const rule = objectOf('networking.istio.io', 'DestinationRule', 'bookinfo', { host: 'details' })
    const { impact, notices } = PreviewAnswer.parse(await read(previewChange(changing(rule))))
    expect(impact.unread).toEqual(['VirtualService', 'HTTPRoute'])
    expect(impact.services).toEqual(['east/bookinfo/service/details'])
    expect(isSaid(notices, 'VirtualService')).toBe(true)
  })
})

describe('without the right to read workloads', () => {
  withoutKinds(/deployments|statefulsets|daemonsets|replicasets|pods/)
  const policy = objectOf('security.istio.io', 'PeerAuthentication', 'payments', { mtls: { mode: 'STRICT' } })

  it('a policy is not said to touch nothing, before it is applied and after', async () => {
    const { impact } = PreviewAnswer.parse(await read(previewChange(changing(policy))))
    expect(impact.workloads).toEqual([])
    expect(impact.unread).toEqual(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Pod'])
    const { id, status } = ApplyAnswer.parse(await read(applyChange(changing(policy))))
    expect(status).toBe('applied')
    const effect = await getEffect(request(`/api/v1/changes/${id}/effect`), {
      params: Promise.resolve({ id }),
    })
    expect(ChangeEffect.parse(await read(effect))).toMatchObject({
      touchesTraffic: false,
      unread: impact.unread,
    })
  })
})

describe('without the right to read VirtualServices and events', () => {
  const world = withoutKinds(/virtualservices|\/events/)

  it('an incident names them: what changed of them is not among its causes', async () => {
    await world.demo.startScenario('bad-canary')
    await world.demo.advance(150)
    world.clock.advance(150_000)
    const { items } = IncidentList.parse(await read(getIncidents(request(apiPaths.incidents({})))))
    expect(items.map(({ suspects }) => suspects[0]?.name)).toEqual(['reviews-v3'])
    expect(items[0]?.causesUnread).toEqual(['Event', 'VirtualService'])
    expect(items[0]?.causes.some(({ object }) => object?.kind === 'VirtualService')).toBe(false)
    const changes = ChangeList.parse(await read(getChanges(request('/api/v1/changes'))))
    expect(isSaid(changes.notices, 'VirtualService')).toBe(true)
  })
})
