/** Findings about the embedded mesh: what is wrong now, and what an edit does to it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POST as analyzeRoute } from '@/app/api/v1/analyze/route'
import { GET as getApp } from '@/app/api/v1/apps/[cluster]/[namespace]/[name]/route'
import { GET as getFindingsRoute } from '@/app/api/v1/findings/route'
import { GET as getService } from '@/app/api/v1/services/[cluster]/[namespace]/[name]/route'
import { GET as getWorkload } from '@/app/api/v1/workloads/[cluster]/[namespace]/[name]/route'
import { apiPaths } from '@/lib/api/paths'
import { Findings, LiveFindingList } from '@/lib/api/schemas/config/analyze'
import { ItemDetail } from '@/lib/api/schemas/mesh/lists'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { present } from '../../support/present'
import { until } from '../../support/until'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const ROUTE = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews'

describe('findings of the embedded mesh', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(START, { historySeconds: 60 })
  })

  afterAll(async () => {
    await server?.close()
  })

  async function ask(query: string) {
    const answer = await getFindingsRoute(new Request(`http://heddle.test${query}`))
    return { status: answer.status, body: (await answer.json()) as unknown }
  }

  async function findings(scope: Parameters<typeof apiPaths.findings>[0] = {}): Promise<LiveFindingList> {
    const { status, body } = await ask(apiPaths.findings(scope))
    expect(status, JSON.stringify(body).slice(0, 500)).toBe(200)
    return LiveFindingList.parse(body)
  }

  it('have ids of their own, and name the objects', async () => {
    const { items, notices } = await findings()
    expect(notices).toEqual([])
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
    expect(items.map(({ id }) => id)).toEqual(items.map(({ id }) => id).sort())
    for (const { ref, object, cluster } of items) {
      expect(ref).toMatchObject({ ...object, cluster })
      expect(ref.version).toMatch(/^v\d/)
    }
  })

  it('are those of the namespaces and severities asked for', async () => {
    const { items } = await findings({ namespaces: ['east/payments'] })
    expect(items.every(({ ref }) => ref.namespace === 'payments')).toBe(true)
    const { body } = await ask('/api/v1/findings?severities=error')
    expect(LiveFindingList.parse(body).items.every(({ severity }) => severity === 'error')).toBe(true)
    expect((await ask('/api/v1/findings?severities=fatal')).status).toBe(400)
  })

  it.each([
    ['services', getService],
    ['workloads', getWorkload],
    ['apps', getApp],
  ] as const)('of one of the %s are those of what has a say there', async (kind, getItem) => {
    const { items: all } = await findings()
    const places = new Set(
      all.flatMap(({ concerns }) => concerns.filter((id) => id.includes(`/${kind.slice(0, -1)}/`))),
    )
    expect(places.size).toBeGreaterThan(2)
    let others = 0
    for (const node of [...places, `east/bookinfo/${kind.slice(0, -1)}/nobody`]) {
      const [cluster = '', namespace = '', , name = ''] = node.split('/')
      const params = Promise.resolve({ cluster, namespace, name })
      const page = await getItem(
        new Request(`http://heddle.test/api/v1/${kind}/${cluster}/${namespace}/${name}`),
        { params },
      )
      const config = page.status === 200 ? (ItemDetail.parse(await page.json()).config ?? []) : []
      const own = all.filter(
        ({ ref, concerns }) =>
          concerns.includes(node) ||
          config.some(
            (one) => one.kind === ref.kind && one.namespace === ref.namespace && one.name === ref.name,
          ),
      )
      others += all.length - own.length
      const { items } = await findings({ node })
      expect([node, items.map(({ id }) => id)]).toEqual([node, own.map(({ id }) => id)])
    }
    expect(others).toBeGreaterThan(0)
    expect((await ask('/api/v1/findings?node=reviews')).status).toBe(400)
  })

  it('follow an edit, and its way back', async () => {
    const { client } = present(server.up.inventories[0])
    const at = 'spec.http[0].route[0].destination.subset'
    const isThere = async () => {
      const { items } = await findings({ namespaces: ['bookinfo'] })
      return items.some(({ code, path }) => code === 'IST0101' && path === at)
    }
    expect(await isThere()).toBe(false)
    const patch = (value: string) =>
      client.write(ROUTE, {
        method: 'PATCH',
        contentType: 'application/json-patch+json',
        body: [{ op: 'replace', path: '/spec/http/0/route/0/destination/subset', value }],
      })
    await patch('v9')
    await until('the missing subset is found', async () => (await isThere()) || undefined)
    await patch('v2')
    await until('nothing is missing', async () => !(await isThere()) || undefined)
  })

  it('say who sends plain text to what STRICT would close, before it is closed', async () => {
    await findings()
    const entries = server.up.findings.read()[0]?.entries ?? []
    expect(entries.some(({ finding }) => finding.code === 'HED0001')).toBe(false)
    const strict = {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { namespace: 'payments', name: 'strict-for-test', creationTimestamp: '2000-01-01T00:00:00Z' },
      spec: { mtls: { mode: 'STRICT' } },
    }
    const found = (server.up.findings.whatIf('east', [strict]) ?? []).filter(
      ({ finding }) => finding.code === 'HED0001',
    )
    expect(found.map(({ object }) => object.metadata.name)).toEqual(['strict-for-test'])
    expect(found[0]?.finding.message).toMatch(/payments-api/)
  })

  it('say whose callers would give up before a service they call is done, by the calls that are seen', async () => {
    await findings()
    const { inventory } = present(server.up.inventories[0]).current()
    const edge = present(
      inventory?.config.find(
        ({ kind, metadata }) => kind === 'VirtualService' && metadata.name === 'bookinfo',
      ),
    )
    const { http } = edge.spec as { http: object[] }
    const about = (timeout: string) => {
      const hasty = {
        ...edge,
        spec: { ...(edge.spec as object), http: http.map((rule) => ({ ...rule, timeout })) },
      }
      return (server.up.findings.whatIf('east', [hasty]) ?? []).flatMap(({ object, finding }) =>
        finding.code === 'HED0013' && object.metadata.namespace === 'bookinfo'
          ? [[object.metadata.name, finding.message]]
          : [],
      )
    }
    // productpage calls reviews, which it may ask for ten seconds
    expect(about('2s')).toMatchObject([
      ['reviews', expect.stringMatching(/bookinfo\/productpage give up after 2\.00 s/)],
    ])
    expect(about('12s')).toEqual([])
  })

  it('say which of the calls there are a Sidecar would leave out', async () => {
    await findings()
    const about = (...hosts: string[]) => {
      const narrow = {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Sidecar',
        metadata: { namespace: 'boutique', name: 'default' },
        spec: { egress: [{ hosts }] },
      }
      return (server.up.findings.whatIf('east', [narrow]) ?? []).flatMap(({ finding }) =>
        finding.code === 'HED0016' ? [finding.message] : [],
      )
    }
    expect(about('./*', 'istio-system/*', 'payments/*', 'inventory/*')).toEqual([])
    expect(about('./*', 'istio-system/*', 'inventory/*')).toEqual([
      expect.stringMatching(
        /payments-api\.payments\.svc\.cluster\.local, which boutique\/paymentservice calls now/,
      ),
    ])
  })

  it('name the nodes of the graph that the object steers', async () => {
    const { items } = await findings({ namespaces: ['payments'] })
    const route = items.find(({ code }) => code === 'HED0007')
    expect(route?.concerns).toContain('east/payments/service/payments-api')
    expect(route?.concerns).toContain('east/payments/workload/payments-api')
  })

  it('are answered for documents as if they were in the cluster', async () => {
    const documents = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: bookinfo }
spec:
  hosts: [reviews]
  http:
  - route:
    - destination: { host: reviews, subset: v9 }
`
    const analyzed = async (body: object) => {
      const answer = await analyzeRoute(
        new Request('http://heddle.test/api/v1/analyze', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      )
      return { status: answer.status, body: (await answer.json()) as unknown }
    }
    const { body } = await analyzed({ documents, cluster: 'east' })
    // the service is in the cluster, the subset is not, and nothing is said about other objects
    expect(Findings.parse(body).findings).toMatchObject([{ code: 'IST0101', line: 8 }])
    expect((await analyzed({ documents, cluster: 'nowhere' })).status).toBe(404)
    expect((await analyzed({ documents, cluster: 'east', meshConfig: 'a: b' })).status).toBe(400)
  })

  it('tell a Secret that is missing, and one that cannot be used, and nothing of what is in it', async () => {
    const { client } = present(server.up.inventories[0])
    const codes = async () => {
      const { items } = await findings({ namespaces: ['payments'] })
      return items.filter(({ ref }) => ref.name === 'tls-test').map(({ code }) => code)
    }
    await client.write('/apis/networking.istio.io/v1/namespaces/payments/gateways', {
      method: 'POST',
      body: {
        apiVersion: 'networking.istio.io/v1',
        kind: 'Gateway',
        metadata: { name: 'tls-test', namespace: 'payments' },
        spec: {
          selector: { istio: 'ingressgateway' },
          servers: [
            {
              port: { number: 8443, name: 'https', protocol: 'HTTPS' },
              hosts: ['tls.example.com'],
              tls: { mode: 'SIMPLE', credentialName: 'tls-test' },
            },
          ],
        },
      },
    })
    await until('the gateway is read', async () => {
      const config = server.up.inventories[0]?.current().inventory?.config ?? []
      return config.some(({ metadata }) => metadata.name === 'tls-test') || undefined
    })
    // Secrets are looked at every two minutes
    server.clock.advance(3 * 60_000)
    await until('the Secret is missed', async () => (await codes()).includes('IST0101') || undefined)
    await client.write('/api/v1/namespaces/istio-system/secrets', {
      method: 'POST',
      body: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'tls-test', namespace: 'istio-system' },
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': btoa('hello'), 'tls.key': btoa('secret of the test') },
      },
    })
    server.clock.advance(3 * 60_000)
    await until('the Secret is found unusable', async () => (await codes()).includes('IST0161') || undefined)
    const text = JSON.stringify(await findings())
    expect(text).not.toContain('secret of the test')
    expect(text).not.toContain(btoa('secret of the test'))
  })
})
