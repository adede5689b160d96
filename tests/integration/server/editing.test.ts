/** What the configuration pages ask beside the objects themselves, on the embedded mesh: context, schema, checks. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getContext } from '@/app/api/v1/config/[group]/[version]/[resource]/[namespace]/[name]/context/route'
import { GET as getObject } from '@/app/api/v1/config/[group]/[version]/[resource]/[namespace]/[name]/route'
import { POST as checkRoute } from '@/app/api/v1/config/check/route'
import { GET as getList } from '@/app/api/v1/config/route'
import { GET as getSchema } from '@/app/api/v1/config/schema/route'
import { ConfigDetail, ConfigList } from '@/lib/api/schemas/config/changes'
import { CheckAnswer, MOST_EDITED_CHARACTERS, SchemaAnswer } from '@/lib/api/schemas/config/editing'
import { ObjectContext } from '@/lib/api/schemas/config/object-context'
import { findSchemaAt } from '@/lib/istio/kind-schema'
import { setUpstreams } from '@/lib/server/upstreams'
import { serveDemo, startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { present } from '../../support/present'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const REVIEWS = 'networking.istio.io/v1/virtualservices/bookinfo/reviews'
const REF = { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService' }

describe('editing the embedded mesh', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(START, { historySeconds: 300 })
  })

  afterAll(async () => {
    await server?.close()
  })

  const at = (path: string) => {
    const [group = '', version = '', resource = '', namespace = '', name = ''] = path.split('/')
    return { params: Promise.resolve({ group, version, resource, namespace, name }) }
  }
  const get = (path: string) => new Request(`http://heddle.test/api/v1/${path}`)
  const context = async (path: string) => {
    const answer = await getContext(get(`config/${path}/context?cluster=east`), at(path))
    const body: unknown = await answer.json()
    expect(answer.status, JSON.stringify(body)).toBe(200)
    return ObjectContext.parse(body)
  }
  const post = (body: unknown) =>
    checkRoute(
      new Request('http://heddle.test/api/v1/config/check', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
  const check = async (documents: string, more: object = {}) => {
    const answer = await post({ cluster: 'east', namespace: 'bookinfo', documents, ...more })
    const body: unknown = await answer.json()
    expect(answer.status, JSON.stringify(body)).toBe(200)
    return CheckAnswer.parse(body)
  }

  it('lists the mesh’s objects and the services they are about, not every service', async () => {
    const { items } = ConfigList.parse(await (await getList(get('config'))).json())
    const kinds = new Set(items.map(({ ref }) => ref.kind))
    expect(kinds).toContain('VirtualService')
    const services = items.filter(({ ref }) => ref.kind === 'Service')
    const inventory = present(server.up.inventories[0]).current().inventory
    expect(services.map(({ ref }) => ref.name)).toContain('reviews')
    expect(services.every(({ ref }) => ref.group === '' && ref.version === 'v1')).toBe(true)
    expect(services.length).toBeLessThan(present(inventory).services.length)
  })

  it('reads a service, which is shown and not changed', async () => {
    const path = '-/v1/services/bookinfo/reviews'
    const answer = await getObject(get(`config/${path}?cluster=east`), at(path))
    expect(ConfigDetail.parse(await answer.json())).toMatchObject({
      ref: { group: '', kind: 'Service', name: 'reviews' },
      object: { kind: 'Service' },
    })
    const around = await context(path)
    expect(around.whyNotWritable).toMatch(/does not change it/)
    expect(around.references?.from.map(({ ref }) => ref?.kind)).toContain('VirtualService')
  })

  it('says what a virtual service points to, whose traffic it has a say in, and that it may be changed', async () => {
    const around = await context(REVIEWS)
    expect(around.whyNotWritable).toBeNull()
    const to = present(around.references).to.map(
      ({ why, ref, text }) => `${why} ${ref ? `${ref.kind} ${ref.name}` : ''} ${text ?? ''}`,
    )
    expect(to).toContain('sends requests to Service reviews ')
    expect(to).toContain('takes the subset from DestinationRule reviews subset v2')
    expect(present(around.references).to.every(({ exists, hasPage }) => exists && hasPage)).toBe(true)
    const workloads = present(around.workloads)
    expect(workloads.items.map(({ id }) => id)).toContain('east/bookinfo/workload/reviews-v1')
    const v1 = workloads.items.find(({ id }) => id.endsWith('/reviews-v1'))
    expect(v1?.item?.inbound.http?.requestsPerSecond).toBeGreaterThan(0)
    expect(around.events).not.toBeNull()
  })

  it('stands without telemetry, and says what is missing', async () => {
    const lonely = await serveDemo(server.demo, server.clock, { PROMETHEUS_URL: 'http://127.0.0.1:1' })
    try {
      const around = await context(REVIEWS)
      const { items } = present(around.workloads)
      expect(items.map(({ item }) => [item?.health.status, item?.inbound.http])).toEqual(
        items.map(() => ['unknown', null]),
      )
      expect(around.at).toBeNull()
      expect(around.notices.map(({ code }) => code)).toContain('prometheus-not-measured')
      expect(around.references?.to.length).toBeGreaterThan(0)
    } finally {
      setUpstreams(server.up)
      await lonely.close()
    }
  })

  it.each([
    [
      'networking.istio.io',
      'v1',
      'VirtualService',
      ['spec', 'http', '[]', 'route', '[]', 'destination', 'host'],
    ],
    ['security.istio.io', 'v1', 'PeerAuthentication', ['spec', 'mtls', 'mode']],
    ['gateway.networking.k8s.io', 'v1', 'HTTPRoute', ['spec', 'rules', '[]', 'backendRefs', '[]', 'weight']],
  ])('gives the schema of %s/%s %s down to %j', async (group, version, kind, path) => {
    const answer = await getSchema(
      get(`config/schema?cluster=east&group=${group}&version=${version}&kind=${kind}`),
    )
    const { schema, notices } = SchemaAnswer.parse(await answer.json())
    expect(notices).toEqual([])
    expect(findSchemaAt(present(schema), path)?.type).toMatch(/string|integer/)
    expect(schema?.properties).not.toHaveProperty('status')
  })

  it('refuses the schema of what is not configuration', async () => {
    const answer = await getSchema(get('config/schema?cluster=east&group=&version=v1&kind=Secret'))
    expect(answer.status).toBe(404)
  })

  const text = (host: string, name = 'reviews') => `# kept
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts:
    - reviews
  http:
    - route:
        - destination:
            host: ${host}
`
  const editing = { ...REF, namespace: 'bookinfo', name: 'reviews' }

  it('finds what is wrong with a text in the place of the object, with its line', async () => {
    const bad = await check(text('nowhere'), { editing })
    expect(bad.problems).toEqual([])
    expect(bad.findings?.map(({ code, line }) => [code, line])).toContainEqual(['IST0101', 12])
    const good = await check(text('reviews'), { editing })
    expect(good.findings?.filter(({ code }) => code === 'IST0101')).toEqual([])
    expect(good.objects).toEqual([{ cluster: 'east', ...editing, line: 2 }])
  })

  it('changes nothing by checking', async () => {
    const { items } = ConfigList.parse(await (await getList(get('config'))).json())
    expect(
      server.up.findings.read()[0]?.entries?.some(({ finding }) => finding.message.includes('nowhere')),
    ).toBe(false)
    expect(items.some(({ ref }) => ref.name === 'other')).toBe(false)
  })

  it.each<[string, string, object, string, number | null, RegExp]>([
    ['a name that is taken', text('reviews'), {}, 'name-taken', 5, /exists already/],
    [
      'a namespace that is not there',
      text('reviews', 'other'),
      { namespace: 'gone' },
      'unknown-namespace',
      4,
      /no namespace gone/,
    ],
    [
      'an unknown kind',
      text('reviews').replace('VirtualService', 'VirtualServices'),
      {},
      'unknown-kind',
      3,
      /VirtualServices/,
    ],
    [
      'a Secret',
      'apiVersion: v1\nkind: Secret\nmetadata: { name: a }',
      {},
      'unknown-kind',
      2,
      /not one that Heddle changes/,
    ],
    ['YAML that does not parse', 'a: b\n  c: [', {}, 'invalid-yaml', 1, /./],
    ['a key twice', `${text('reviews', 'other')}spec: {}\n`, {}, 'invalid-yaml', 13, /unique/i],
    [
      'an object twice, in another version of its kind',
      `${text('reviews', 'other')}---\n${text('reviews', 'other').replace('/v1', '/v1beta1')}`,
      {},
      'repeated-object',
      18,
      /further up/,
    ],
    ['no object', 'just: text', {}, 'invalid-yaml', 1, /Kubernetes object/],
    ['aliases that explode', bomb(), {}, 'invalid-yaml', 1, /aliases/],
  ])('says of %s where and why', async (_what, documents, more, code, line, message) => {
    const { problems } = await check(documents, more)
    expect(problems[0]).toMatchObject({ code, line })
    expect(problems[0]?.message).toMatch(message)
  })

  it('checks several documents at once, each against the others', async () => {
    const rule = `---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: new, namespace: bookinfo }
spec: { host: ratings, subsets: [{ name: fresh, labels: { version: v1 } }] }
`
    const route = text('ratings', 'new').replace('host: ratings', 'host: ratings\n            subset: fresh')
    const both = await check(route + rule)
    expect(both.objects.map(({ kind, line }) => [kind, line])).toEqual([
      ['VirtualService', 2],
      ['DestinationRule', 15],
    ])
    expect(both.findings?.some(({ message }) => message.includes('fresh'))).toBe(false)
    const alone = await check(route)
    expect(alone.findings?.some(({ message }) => message.includes('fresh'))).toBe(true)
  })

  it('names the bound of a text that is too long', async () => {
    const answer = await post({ documents: '#'.repeat(MOST_EDITED_CHARACTERS + 1) })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(String(MOST_EDITED_CHARACTERS))
  })
})

/** Nine aliases of nine aliases of…: a billion nodes when written out. */
function bomb(): string {
  const rows = Array.from({ length: 9 }, (_, row) => {
    const value = row === 0 ? '"x"' : `*a${row - 1}`
    return `a${row}: &a${row} [${Array.from({ length: 9 }, () => value).join(', ')}]`
  })
  return `${rows.join('\n')}\n`
}
