/** What a team that may see one namespace of a shared mesh is told, and what it is not, on the embedded mesh. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getContext } from '@/app/api/v1/config/[group]/[version]/[resource]/[namespace]/[name]/context/route'
import { POST as applyRoute } from '@/app/api/v1/config/apply/route'
import { POST as checkRoute } from '@/app/api/v1/config/check/route'
import { POST as previewRoute } from '@/app/api/v1/config/preview/route'
import { GET as getIncidents } from '@/app/api/v1/incidents/route'
import { GET as getEdgeMetrics } from '@/app/api/v1/metrics/edge/route'
import { GET as getNodeMetrics } from '@/app/api/v1/metrics/node/route'
import { GET as getLogs } from '@/app/api/v1/logs/route'
import { GET as getOverhead } from '@/app/api/v1/overhead/route'
import { GET as getProxies } from '@/app/api/v1/proxy/list/route'
import { GET as getRollouts } from '@/app/api/v1/rollouts/route'
import { GET as getSplits } from '@/app/api/v1/splits/route'
import { GET as watchSplit } from '@/app/api/v1/splits/watch/route'
import { GET as getTraces } from '@/app/api/v1/traces/route'
import { apiPaths } from '@/lib/api/paths'
import { PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { IncidentList } from '@/lib/api/schemas/mesh/incidents'
import { ObjectContext } from '@/lib/api/schemas/config/object-context'
import { SplitList } from '@/lib/api/schemas/config/splits'
import { TraceList } from '@/lib/api/schemas/telemetry/traces'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { userRequest } from '../../support/heddle/user-request'

const NOON = Date.UTC(2026, 7, 20, 12)
const OURS = 'demo-bookinfo'
const ISTIO = { group: 'networking.istio.io', version: 'v1' }
const EXTERNAL = 'east/unknown/external/api.stripe.com'
const REVIEWS = 'east/bookinfo/workload/reviews-v1'
type Place = { cluster: string; namespace: string }
const CHECKOUT = 'east/boutique/workload/checkoutservice'

describe('a team that may see namespace bookinfo alone', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(NOON, {}, { HEDDLE_AUTH: 'header' })
    await server.demo.startScenario('bad-canary')
    await server.pass(150)
  })
  afterAll(() => server?.close())

  const codeOf = async (response: Promise<Response>) => {
    const answer = await response
    const body = (await answer.json()) as { error?: { code: string } }
    return answer.status === 200 ? 'told' : body.error?.code
  }
  const create = (object: { kind: string; metadata: { namespace: string; name: string }; spec: object }) => ({
    op: 'create',
    ref: { ...ISTIO, kind: object.kind, ...object.metadata },
    object: { apiVersion: 'networking.istio.io/v1', ...object },
  })

  it('is not told what others changed, whoever asked before it', async () => {
    const change = create({
      kind: 'Sidecar',
      metadata: { namespace: 'istio-system', name: 'narrow' },
      spec: { egress: [{ hosts: ['*/*'] }] },
    })
    const applied = await applyRoute(
      userRequest('demo-admin', apiPaths.apply(), { changes: [change], reason: 'secret plan' }),
    )
    expect(applied.status).toBe(200)
    const causes = async (user: string) => {
      const list = IncidentList.parse(
        await (await getIncidents(userRequest(user, apiPaths.incidents({})))).json(),
      )
      return list.items.flatMap((item) => item.causes)
    }
    const told = (list: Awaited<ReturnType<typeof causes>>) => list.map(({ message }) => message).join('\n')
    const ours = await causes(OURS)
    expect(ours.length).toBeGreaterThan(0)
    expect(new Set(ours.map(({ object }) => object?.namespace))).toEqual(new Set(['bookinfo']))
    expect(told(await causes('demo-admin'))).toContain('secret plan')
    expect(told(await causes(OURS))).not.toContain('istio-system')
  })

  it('sees an incident of its own without those elsewhere whom it hurts', async () => {
    const first = async (user: string) =>
      IncidentList.parse(await (await getIncidents(userRequest(user, apiPaths.incidents({})))).json())
        .items[0]
    const all = await first('demo-admin')
    expect(all?.entryPoints.map(({ namespace }) => namespace)).toContain('istio-system')
    const ours = await first(OURS)
    expect([ours?.headline, ours?.suspects[0]?.id]).toEqual([all?.headline, all?.suspects[0]?.id])
    expect(ours?.seenAt).toBeNull()
    expect(ours?.callers.length).toBeGreaterThan(0)
    expect(ours?.hurtPerSecond).toBeGreaterThan(0)
    expect(ours?.hurtRatio).toBeNull()
    expect(JSON.stringify(ours)).not.toContain('istio-system')
  })

  it.each([
    ['its own edge', REVIEWS, 'east/bookinfo/workload/ratings-v1', 'told'],
    ['its edge to elsewhere', REVIEWS, CHECKOUT, 'told'],
    ['an edge of others', CHECKOUT, 'east/boutique/workload/paymentservice', 'namespace-forbidden'],
    ['an edge of others out of the mesh', CHECKOUT, EXTERNAL, 'namespace-forbidden'],
    ['what comes from anywhere', 'unknown/unknown/unknown/unknown', EXTERNAL, 'namespace-forbidden'],
  ])('gets the charts of edges it is part of: %s', async (_, source, target, expected) => {
    const path = apiPaths.edgeMetrics({ source, target, protocol: 'http' })
    expect(await codeOf(getEdgeMetrics(userRequest(OURS, path)))).toBe(expected)
  })

  it.each([
    ['logs', getLogs, (place: Place) => apiPaths.logs({ subject: place })],
    ['proxies', getProxies, apiPaths.proxyList],
    ['rollouts', getRollouts, apiPaths.rollouts],
    ['traces', getTraces, apiPaths.traces],
  ])('gets the %s of its own namespace, and of no other', async (_, get, pathOf) => {
    const ask = (namespace: string) => codeOf(get(userRequest(OURS, pathOf({ cluster: 'east', namespace }))))
    expect(await ask('boutique')).toBe('namespace-forbidden')
    expect(await ask('bookinfo')).toBe('told')
  })

  it('sees its weights on services elsewhere, and no figure of those', async () => {
    const host = 'checkoutservice.boutique.svc.cluster.local'
    const object = {
      kind: 'VirtualService',
      metadata: { namespace: 'bookinfo', name: 'shared' },
      spec: {
        hosts: [host],
        http: [
          {
            route: [
              { destination: { host }, weight: 90 },
              { destination: { host: 'reviews.bookinfo.svc.cluster.local' }, weight: 10 },
            ],
          },
        ],
      },
    }
    expect(
      (await applyRoute(userRequest(OURS, apiPaths.apply(), { changes: [create(object)] }))).status,
    ).toBe(200)
    const split = async (user: string) => {
      const list = SplitList.parse(await (await getSplits(userRequest(user, apiPaths.splits({})))).json())
      return { notices: list.notices, item: list.items.find(({ ref }) => ref.name === 'shared') }
    }
    const all = await split('demo-admin')
    expect(all.item?.backends[0]).toMatchObject({ workloads: ['checkoutservice'], configuredShare: 0.9 })
    expect(all.item?.backends[0]?.requestsPerSecond).toBeGreaterThan(0)
    const ours = await split(OURS)
    expect(ours.item?.backends[0]).toMatchObject({
      host,
      configuredShare: 0.9,
      observedShare: null,
      requestsPerSecond: null,
      errorRatio: null,
      latencyMs: null,
      requests: null,
      workloads: null,
      pods: null,
    })
    expect(ours.item?.backends[1]).toMatchObject({ observedShare: null })
    expect(ours.item?.elsewhereShare).toBeNull()
    expect(ours.notices.map(({ code }) => code)).toContain('split-figures-hidden')
    const watched = (user: string) =>
      codeOf(watchSplit(userRequest(user, apiPaths.splitWatch({ split: ours.item?.id ?? '' }))))
    expect(await watched(OURS)).toBe('namespace-forbidden')
    expect(await watched('demo-admin')).toBe('told')
  })

  it('is not told who else calls what lies outside of the mesh', async () => {
    const path = `${apiPaths.nodeMetrics({ node: EXTERNAL, direction: 'inbound' })}&groupBy=peer`
    expect(await codeOf(getNodeMetrics(userRequest(OURS, path)))).toBe('mesh-forbidden')
    expect(await codeOf(getNodeMetrics(userRequest('demo-admin', path)))).toBe('told')
    const overhead = apiPaths.overhead({ node: EXTERNAL })
    expect(await codeOf(getOverhead(userRequest(OURS, overhead)))).toBe('mesh-forbidden')
  })

  it('sees no figures of others beside an object of its own, and in no preview', async () => {
    const object = {
      kind: 'VirtualService',
      metadata: { namespace: 'bookinfo', name: 'outward' },
      spec: {
        hosts: ['checkoutservice.boutique.svc.cluster.local'],
        http: [{ route: [{ destination: { host: 'checkoutservice.boutique.svc.cluster.local' } }] }],
      },
    }
    const changes = [create(object)]
    const preview = async (user: string) =>
      PreviewAnswer.parse(
        await (await previewRoute(userRequest(user, apiPaths.preview(), { changes }))).json(),
      ).impact
    const all = await preview('demo-admin')
    expect(all?.services).toEqual(['east/boutique/service/checkoutservice'])
    expect(all?.requestsPerSecond).toBeGreaterThan(0)
    expect(await preview(OURS)).toMatchObject({ services: [], callers: [], requestsPerSecond: 0 })
    expect((await applyRoute(userRequest(OURS, apiPaths.apply(), { changes }))).status).toBe(200)
    const params = Promise.resolve({
      group: ISTIO.group,
      version: 'v1',
      resource: 'virtualservices',
      namespace: 'bookinfo',
      name: 'outward',
    })
    const context = async (user: string) => {
      const path = '/api/v1/config/networking.istio.io/v1/virtualservices/bookinfo/outward/context'
      return ObjectContext.parse(await (await getContext(userRequest(user, path), { params })).json())
    }
    expect((await context('demo-admin')).services?.items).toMatchObject([
      { item: { name: 'checkoutservice' } },
    ])
    const ours = await context(OURS)
    expect([ours.services?.total, ours.workloads?.total]).toEqual([0, 0])
    const named = ours.references?.to.find(({ ref }) => ref?.namespace === 'boutique')
    expect(named).toMatchObject({ exists: null, hasPage: false })
  })

  it('has a text about other namespaces not judged by what lies there', async () => {
    const text = (namespace: string) => ({
      documents: `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: { name: x, namespace: ${namespace} }\nspec: {}\n`,
    })
    const check = (namespace: string) =>
      codeOf(checkRoute(userRequest(OURS, apiPaths.configCheck(), text(namespace))))
    expect(await check('boutique')).toBe('namespace-forbidden')
    expect(await check('bookinfo')).toBe('told')
  })

  it('sees no operation of others in the list of its traces', async () => {
    const list = async (user: string) =>
      TraceList.parse(await (await getTraces(userRequest(user, apiPaths.traces({ node: REVIEWS })))).json())
        .items
    const all = await list('demo-admin')
    const ours = await list(OURS)
    expect(ours.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    const roots = new Set(all.map(({ rootService }) => rootService))
    expect([...roots].some((service) => !service.endsWith('.bookinfo'))).toBe(true)
    for (const { rootService, rootOperation } of ours) {
      if (!rootService.endsWith('.bookinfo')) expect(rootOperation).toBe('not yours to see')
    }
  })
})
