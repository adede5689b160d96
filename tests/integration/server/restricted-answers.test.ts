/** Every answer of the HTTP API to a team that may see one namespace, searched for the names of what lies in others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiPaths } from '@/lib/api/paths'
import { findRoute, ROUTES } from '@/lib/api/routes'
import { Preflight } from '@/lib/api/schemas/config/mtls'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { userRequest } from '../../support/heddle/user-request'

const NOON = Date.UTC(2026, 7, 20, 12)
const OURS = 'demo-bookinfo'
const N = 'networking.istio.io'
const S = 'security.istio.io'
const HOST = 'reviews.bookinfo.svc.cluster.local'
const PLACE = { cluster: 'east', namespace: 'bookinfo' }
const REVIEWS = 'east/bookinfo/workload/reviews-v1'
const PAGE = 'east/bookinfo/workload/productpage-v1'
const SERVICE = 'east/bookinfo/service/reviews'
const GATEWAY = 'east/istio-system/workload/istio-ingressgateway'
/** objects of others that have a say in ours, and namespaces without an edge to ours: whose gateway calls us is known */
const HIDDEN = /\b(sentinel[\w-]*|boutique|payments|inventory|kube-system)\b/

/** Not of Kubernetes' objects and telemetry, or what the pod itself holds, read with the user's own rights. */
const LEFT_OUT = [
  '/graph/stream',
  '/proxy',
  '/proxy/config-dump',
  '/proxy/stats',
  '/demo/scenarios',
  '/openapi.json',
  '/config/schema',
  '/alerts/series',
]

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>
const HANDLERS = import.meta.glob<Partial<Record<'GET' | 'POST', Handler>>>('/app/api/v1/**/route.ts')

describe('a team that may see namespace bookinfo alone', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(NOON, {}, { HEDDLE_AUTH: 'header' })
    const changes = [
      [S, 'PeerAuthentication', 'istio-system', { mtls: { mode: 'PERMISSIVE' } }],
      [S, 'AuthorizationPolicy', 'istio-system', { action: 'AUDIT', rules: [fromBoutique] }],
      [N, 'DestinationRule', 'boutique', { host: HOST, trafficPolicy: { tls: { mode: 'DISABLE' } } }],
      [
        N,
        'VirtualService',
        'boutique',
        { hosts: [HOST], http: [{ route: [{ destination: { host: HOST } }] }] },
      ],
      [N, 'Sidecar', 'istio-system', { egress: [{ hosts: ['*/*'] }] }],
      ['telemetry.istio.io', 'Telemetry', 'istio-system', { tracing: [{ randomSamplingPercentage: 50 }] }],
    ] as const
    for (const [group, kind, namespace, spec] of changes) {
      const name = `sentinel-${kind.toLowerCase()}`
      await apply('demo-admin', { group, kind, namespace, name, spec })
    }
    // without a policy and a route of its own the namespace has those of others
    const removed = [
      { group: S, kind: 'PeerAuthentication', name: 'default' },
      { group: N, kind: 'VirtualService', name: 'reviews' },
    ]
    const { body } = await ask('demo-admin', apiPaths.apply(), {
      changes: removed.map((ref) => ({
        op: 'delete',
        ref: { ...ref, version: 'v1', namespace: 'bookinfo' },
      })),
    })
    expect(body).toMatchObject({ status: 'applied' })
    // of two routes for one host the older counts
    await server.pass(30)
    const route = [1, 2].map((version) => ({
      destination: { host: HOST, subset: `v${version}` },
      weight: 50,
    }))
    const spec = { hosts: [HOST], http: [{ route }] }
    await apply(OURS, { group: N, kind: 'VirtualService', namespace: 'bookinfo', name: 'ours', spec })
    await server.demo.startScenario('bad-canary')
    await server.pass(150)
  })
  afterAll(() => server?.close())

  const fromBoutique = { from: [{ source: { namespaces: ['boutique'] } }] }

  async function apply(
    user: string,
    { spec, ...ref }: { group: string; kind: string; namespace: string; name: string; spec: object },
  ) {
    const { group, kind, namespace, name } = ref
    const object = { apiVersion: `${group}/v1`, kind, metadata: { namespace, name }, spec }
    const change = { op: 'create', ref: { ...ref, version: 'v1' }, object }
    const { body } = await ask(user, apiPaths.apply(), {
      changes: [change],
      reason: user === OURS ? 'ours' : 'sentinel-reason',
    })
    expect(body).toMatchObject({ status: 'applied' })
  }

  async function ask(user: string, path: string, body?: unknown) {
    const pathname = path.split('?')[0] ?? ''
    const pattern = findRoute(pathname)?.path ?? ''
    const handlers = await HANDLERS[`/app${pattern.replace(/\{(\w+)\}/g, '[$1]')}/route.ts`]?.()
    const handler = body === undefined ? handlers?.GET : handlers?.POST
    if (!handler) throw new Error(`no handler of ${path}`)
    const [asked, given] = [pattern.split('/'), pathname.split('/')]
    const params = Object.fromEntries(
      asked.flatMap((part, at) =>
        part.startsWith('{') ? [[part.slice(1, -1), decodeURIComponent(given[at] ?? '')]] : [],
      ),
    )
    const answer = await handler(userRequest(user, path, body), { params: Promise.resolve(params) })
    return { status: answer.status, body: (await answer.json()) as unknown, pattern }
  }

  const idsOf = async (path: string) =>
    ((await ask(OURS, path)).body as { items: { id: string }[] }).items.map(({ id }) => id)

  async function everyPath(): Promise<string[]> {
    const item = (name: string) => ({ ...PLACE, name })
    const ours = { ...PLACE, group: N, version: 'v1', resource: 'virtualservices', name: 'ours' }
    const changes = await idsOf(apiPaths.changes())
    return [
      `${apiPaths.graph()}?graphType=service&serviceNodes=true&idle=true`,
      apiPaths.graph(),
      apiPaths.overview(),
      apiPaths.alerts(),
      apiPaths.slos(),
      apiPaths.namespaces(),
      ...['sentinel', 'boutique', ''].map((text) => apiPaths.search({ text })),
      ...(['workloads', 'services', 'apps'] as const).map((kind) => apiPaths.items(kind)),
      apiPaths.item('workloads', item('reviews-v1')),
      apiPaths.item('services', item('reviews')),
      apiPaths.item('apps', item('productpage')),
      apiPaths.incidents(),
      apiPaths.health(),
      `${apiPaths.nodeMetrics({ node: PAGE, direction: 'inbound' })}&groupBy=peer`,
      apiPaths.namespaceMetrics(PLACE),
      apiPaths.controlPlaneMetrics({ node: 'east/istio-system/workload/istiod' }),
      apiPaths.edgeMetrics({ source: GATEWAY, target: PAGE, protocol: 'http' }),
      apiPaths.events({ node: REVIEWS }),
      apiPaths.rollouts(PLACE),
      apiPaths.logs({ subject: { node: REVIEWS } }),
      ...[REVIEWS, SERVICE, PAGE].map((node) => apiPaths.effectiveRouting(node)),
      apiPaths.overhead({ node: PAGE }),
      apiPaths.traces({ node: PAGE }),
      apiPaths.traceOperations({ node: PAGE }),
      ...(await idsOf(apiPaths.traces({ node: PAGE }))).slice(0, 1).map((id) => apiPaths.trace(id)),
      apiPaths.splits(),
      ...[SERVICE, GATEWAY].map((node) => apiPaths.splits({ node })),
      ...(await idsOf(apiPaths.splits())).map((split) => apiPaths.splitWatch({ split })),
      apiPaths.splitTargets(item('reviews')),
      apiPaths.routing(item('reviews')),
      apiPaths.mtls(),
      apiPaths.mtlsNamespaces(),
      apiPaths.config(),
      apiPaths.configObject(ours),
      apiPaths.configContext(ours),
      apiPaths.findings(),
      apiPaths.findings({ node: REVIEWS }),
      apiPaths.changes(),
      ...changes.map((id) => apiPaths.change(id)),
      ...changes.slice(0, 1).map((id) => apiPaths.changeEffect(id)),
      apiPaths.proxiesBehind(),
      apiPaths.proxyList(PLACE),
      apiPaths.proxySync(REVIEWS),
      apiPaths.status(),
      apiPaths.session(),
    ]
  }

  it('is told of nothing that lies in others, by whatever it asks', async () => {
    const told: string[] = []
    const asked = new Set<string>()
    for (const path of await everyPath()) {
      const { body, pattern, status } = await ask(OURS, path)
      asked.add(pattern)
      expect([200, 403, 404], path).toContain(status)
      for (const [at, text] of stringsIn(body)) {
        if (HIDDEN.test(text)) told.push(`${path} ${at}: ${text}`)
      }
    }
    expect(told).toEqual([])
    const all = ROUTES.filter(({ method }) => method === 'GET').map(({ path }) => path)
    expect(all.filter((path) => !asked.has(path) && !LEFT_OUT.some((end) => path.endsWith(end)))).toEqual([])
  })

  it('hears that something of others has a say, without its name', async () => {
    const { body } = await ask(OURS, apiPaths.splits())
    const { items } = body as { items: { ref: { name: string }; shadow: { why: string } | null }[] }
    expect(items.find(({ ref }) => ref.name === 'ours')?.shadow?.why).toBe(
      'VirtualService (not yours to see) is older and speaks for the same host, so proxies of the mesh read only that one.',
    )
    const mtls = (await ask(OURS, apiPaths.mtls())).body as { items: object[] }
    expect(mtls.items).toContainEqual(
      expect.objectContaining({ configured: { mode: 'STRICT', source: null, isElsewhere: true } }),
    )
    const page = (await ask(OURS, apiPaths.item('workloads', { ...PLACE, name: 'productpage-v1' }))).body as {
      edges: { source: string; share: number | null }[]
      notices: { code: string }[]
    }
    const shares = page.edges.map(({ source, share }) => [source === GATEWAY, share === null])
    expect(shares).toContainEqual([true, true])
    expect(shares).toContainEqual([false, false])
    expect(shares).not.toContainEqual([true, false])
    expect(page.notices.map(({ code }) => code)).toContain('objects-hidden')
  })

  it('is not told who else has no proxy, where callers without one would be refused', async () => {
    const scope = { cluster: 'east', namespace: 'bookinfo' }
    const judged = async (user: string) =>
      Preflight.parse(
        (await ask(user, apiPaths.mtlsPreflight(), { scope, mode: 'STRICT', window: '5m' })).body,
      )
    const ours = await judged(OURS)
    expect(stringsIn(ours).filter(([, text]) => HIDDEN.test(text))).toEqual([])
  })
})

/** Every text of an answer with the way to it. */
function stringsIn(value: unknown, at = ''): [string, string][] {
  if (typeof value === 'string') return [[at, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    [`${at}.`, key] as [string, string],
    ...stringsIn(inner, `${at}.${key}`),
  ])
}
