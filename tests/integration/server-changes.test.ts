/** The change pipeline on the embedded API server: preview, apply, history, revert, and every way they can fail. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse, stringify } from 'yaml'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { POST as revert } from '@/app/api/v1/changes/[id]/revert/route'
import { POST as previewRevert } from '@/app/api/v1/changes/[id]/revert/preview/route'
import { GET as getEffect } from '@/app/api/v1/changes/[id]/effect/route'
import { GET as getChange } from '@/app/api/v1/changes/[id]/route'
import { GET as getChanges } from '@/app/api/v1/changes/route'
import {
  DELETE,
  GET,
  POST,
  PUT,
} from '@/app/api/v1/config/[group]/[version]/[resource]/[namespace]/[name]/route'
import { POST as applyRoute } from '@/app/api/v1/config/apply/route'
import { POST as previewRoute } from '@/app/api/v1/config/preview/route'
import { GET as getConfig } from '@/app/api/v1/config/route'
import {
  ApplyAnswer,
  ChangeDetail,
  ChangeEffect,
  ChangeList,
  ChangeSummary,
  ConfigDetail,
  ConfigList,
  PreviewAnswer,
} from '@/lib/api/schemas/changes'
import { invert } from '@/lib/changes/invert'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import type { KubernetesObject } from '@/lib/demo/model'
import { createWorld } from '@/lib/demo/world/create-world'
import { settleAtStart } from '@/lib/server/changes/settle'
import { readConfig } from '@/lib/server/config/config'
import { createLog } from '@/lib/server/log'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { manualClock, type ManualClock } from '../support/manual-clock'
import { present } from '../support/present'
import { until } from '../support/until'

const NOW = Date.UTC(2026, 7, 20, 12)
const REF = { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService', namespace: 'bookinfo' }
const REVIEWS = { ...REF, name: 'reviews' }
const RULE = { ...REF, kind: 'DestinationRule', name: 'reviews' }
const MOVE = [
  { op: 'replace', path: '/spec/http/0/route/0/weight', value: 50 },
  { op: 'replace', path: '/spec/http/0/route/1/weight', value: 50 },
]

type Handler = (request: IncomingMessage, response: ServerResponse) => void

describe('changes on the embedded API server', () => {
  let store: ObjectStore
  let answerNext: Handler
  let handler: Handler
  let writes: string[]
  let address: string
  let clock: ManualClock
  let up: Upstreams
  const closers: (() => unknown)[] = []

  beforeEach(async () => {
    store = new ObjectStore(
      [
        ...createWorld({ seed: 7 }).objects,
        weighted('reviews', 'bookinfo', [90, 10]),
        rule(['v1', 'v2', 'v3']),
      ].reduce<KubernetesObject[]>(replacing, []),
      { now: () => NOW },
    )
    reconcileWorkloads(store, NOW)
    handler = kubernetesHandler({ store, now: () => NOW })
    answerNext = handler
    writes = []
    const server = createServer((request, response) => {
      const { method = '', url = '' } = request
      const isStored = method !== 'GET' && !url.includes('dryRun=All') && !url.includes('selfsubject')
      if (isStored) writes.push(`${method} ${url.split('?')[0]}`)
      answerNext(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    closers.push(() => {
      server.closeAllConnections()
      server.close()
    })
    clock = manualClock(NOW)
    await start()
  })

  afterEach(async () => {
    setUpstreams(null)
    for (const close of closers.splice(0).reverse()) await close()
  })

  /** A Heddle of its own: what only its process knew is gone. */
  async function start(env: Record<string, string> = {}, user = '{}') {
    const kubeconfig = `
apiVersion: v1
kind: Config
clusters: [{ name: c, cluster: { server: "${address}" } }]
users: [{ name: u, user: ${user} }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
current-context: x
`
    // nothing listens there: changes must work when telemetry is down
    const config = readConfig({
      PROMETHEUS_URL: 'http://127.0.0.1:1',
      KUBECONFIG: kubeconfig,
      HEDDLE_CLUSTER_NAME: 'east',
      ...env,
    })
    up = createUpstreams(config, { clock, log: createLog('error', () => undefined) })
    const made = up
    closers.push(() => made.close())
    setUpstreams(up)
    const [source] = up.inventories
    await new Promise<void>((resolve) => {
      const look = () => present(source).current().ready && (stop(), resolve())
      const stop = present(source).subscribe(look)
      look()
    })
  }

  const request = (path: string, method: string, body?: unknown, headers: Record<string, string> = {}) =>
    new Request(`http://heddle.test/api/v1/${path}`, {
      method,
      headers: { host: 'heddle.test', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const apply = (changes: unknown[], more: object = {}) =>
    applyRoute(request('config/apply', 'POST', { changes, ...more }))
  const preview = (changes: unknown[]) => previewRoute(request('config/preview', 'POST', { changes }))
  const history = async (query = '') =>
    ChangeList.parse(await (await getChanges(request(`changes${query}`, 'GET'))).json()).items
  const byId = (id: string) => ({ params: Promise.resolve({ id }) })
  const takeBack = (id: string) => revert(request(`changes/${id}/revert`, 'POST', {}), byId(id))
  const stored = (kind: string, name: string) =>
    store.get({ kind, group: 'networking.istio.io', namespace: 'bookinfo', name })
  const weights = () => {
    const spec = present(stored('VirtualService', 'reviews')).spec as {
      http: { route: { weight: number }[] }[]
    }
    return spec.http[0]?.route.map(({ weight }) => weight)
  }
  const versionOf = (kind: string) => present(stored(kind, 'reviews')).metadata.resourceVersion
  const editElsewhere = () => {
    const now = present(stored('VirtualService', 'reviews'))
    const metadata = { ...now.metadata, labels: { by: 'kubectl' } }
    store.update({ ...now, metadata })
  }
  const recordedStatuses = () =>
    store.list('ConfigMap', 'heddle').map(({ metadata }) => metadata.labels?.['heddle.io/status'])
  const at = (name: string, resource = 'virtualservices') => ({
    params: Promise.resolve({ group: REF.group, version: 'v1', resource, namespace: 'bookinfo', name }),
  })
  const addressOf = (name: string) => `config/${REF.group}/v1/virtualservices/bookinfo/${name}`

  async function refused(response: Response | Promise<Response>) {
    const answer = await response
    const body = (await answer.json()) as Record<string, unknown> & {
      error: { code: string; message: string; parameter?: string }
    }
    return { status: answer.status, ...body }
  }

  it('lists objects by kind and namespace, and reads one with every field', async () => {
    const list = async (query: string) =>
      ConfigList.parse(await (await getConfig(request(`config${query}`, 'GET'))).json()).items
    const found = await list('?kinds=VirtualService&namespaces=bookinfo')
    expect(found.map(({ ref }) => ref)).toContainEqual({ cluster: 'east', ...REVIEWS })
    expect(new Set(found.map(({ ref }) => `${ref.namespace}/${ref.kind}`))).toEqual(
      new Set(['bookinfo/VirtualService']),
    )
    expect((await list('')).length).toBeGreaterThan(found.length)
    const detail = ConfigDetail.parse(
      await (await GET(request(addressOf('reviews'), 'GET'), at('reviews'))).json(),
    )
    expect(detail.object).toEqual(stored('VirtualService', 'reviews'))
    expect(await refused(GET(request(addressOf('none'), 'GET'), at('none')))).toMatchObject({
      status: 404,
      error: { code: 'object-not-found' },
    })
    expect(await refused(GET(request(addressOf('x'), 'GET'), at('x', 'secrets')))).toMatchObject({
      status: 404,
      error: { code: 'unknown-kind' },
    })
  })

  it('previews: the difference and nothing else, dry run, permission, findings; nothing is written', async () => {
    const patch = [...MOVE, { op: 'replace', path: '/spec/http/0/route/1/destination/subset', value: 'v9' }]
    const response = await preview([{ op: 'patch', ref: REVIEWS, patch }])
    const answer = PreviewAnswer.parse(await response.json())
    const [change] = answer.changes
    const changed = present(change)
      .diff.split('\n')
      .filter((line) => /^[-+] /.test(line))
      .map((line) => line.replace(/\s+/g, ' '))
    expect(changed).toEqual([
      '- weight: 90',
      '+ weight: 50',
      '- subset: v2',
      '- weight: 10',
      '+ subset: v9',
      '+ weight: 50',
    ])
    expect(change).toMatchObject({ allowed: true, owner: null, dryRun: { ok: true, code: null } })
    expect(answer.findings?.added).toMatchObject([{ code: 'IST0101', object: { name: 'reviews' } }])
    expect(answer.findings?.resolved).toEqual([])
    // without telemetry nothing is made up
    expect(answer.impact).toMatchObject({
      requestsPerSecond: null,
      callers: null,
      services: ['east/bookinfo/service/reviews'],
    })
    expect(writes).toEqual([])
    expect(weights()).toEqual([90, 10])
  })

  it('says in the preview what the API server refuses, and applies nothing of it', async () => {
    const bad = [
      {
        op: 'patch',
        ref: REVIEWS,
        patch: [{ op: 'replace', path: '/spec/http/0/route/0/weight', value: -5 }],
      },
    ]
    const answer = PreviewAnswer.parse(await (await preview(bad)).json())
    expect(answer.changes[0]?.dryRun).toMatchObject({ ok: false, code: 'rejected' })
    expect(await refused(apply(bad))).toMatchObject({
      status: 400,
      error: { code: 'rejected', parameter: 'changes[0]' },
    })
    const typo = [{ op: 'patch', ref: REVIEWS, patch: [{ op: 'add', path: '/spec/htpp', value: [] }] }]
    expect((await refused(apply(typo))).error.message).toContain('htpp')
    expect(writes).toEqual([])
  })

  it('applies, keeps the record before and after, and takes it back', async () => {
    const response = await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }], { reason: 'canary' })
    const answer = ApplyAnswer.parse(await response.json())
    expect(answer).toMatchObject({ status: 'applied', changes: [{ status: 'applied', error: null }] })
    expect(weights()).toEqual([50, 50])
    expect(answer.changes[0]?.resourceVersion).toBe(versionOf('VirtualService'))
    const managers = present(stored('VirtualService', 'reviews')).metadata.managedFields as {
      manager: string
    }[]
    expect(managers.map(({ manager }) => manager)).toContain('heddle')
    // recorded first, marked last; the namespace is made when it is missing
    expect(writes.map((write) => write.replace(/heddle-change-.*/, '…'))).toEqual([
      'POST /api/v1/namespaces/heddle/configmaps',
      'POST /api/v1/namespaces',
      'POST /api/v1/namespaces/heddle/configmaps',
      'PATCH /apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews',
      'PATCH /api/v1/namespaces/heddle/configmaps/…',
    ])
    const readable = parse(
      (store.list('ConfigMap', 'heddle')[0]?.data as Record<string, string>)['change.yaml'] ?? '',
    ) as { objects: { before: { spec: { http: unknown[] } } }[] }
    expect(readable.objects[0]?.before.spec.http).toHaveLength(1)

    const [kept] = await history('?namespace=bookinfo&kind=VirtualService&name=reviews')
    const detail = ChangeDetail.parse(
      await (await getChange(request(`changes/${answer.id}`, 'GET'), byId(answer.id))).json(),
    )
    expect(detail.objects[0]).toMatchObject({
      before: { spec: { http: [{ route: [{ weight: 90 }, { weight: 10 }] }] } },
      after: { spec: { http: [{ route: [{ weight: 50 }, { weight: 50 }] }] } },
    })
    expect(kept).toMatchObject({ id: answer.id, status: 'applied', reason: 'canary', author: 'demo-admin' })
    expect(await history('?namespace=payments')).toEqual([])

    const back = PreviewAnswer.parse(
      await (
        await previewRevert(request(`changes/${answer.id}/revert/preview`, 'POST'), byId(answer.id))
      ).json(),
    )
    expect(back.changes[0]?.diff).toMatch(/^\+ +weight: 90$/m)
    const undone = ApplyAnswer.parse(await (await takeBack(answer.id)).json())
    expect(undone.status).toBe('applied')
    expect(weights()).toEqual([90, 10])
    expect((await history()).find(({ id }) => id === undone.id)?.reverts).toBe(answer.id)
    // a second time there is nothing as the change left it
    expect(await refused(takeBack(answer.id))).toMatchObject({ status: 409, error: { code: 'conflict' } })
    expect(await refused(takeBack('none'))).toMatchObject({
      status: 404,
      error: { code: 'change-not-found' },
    })
  })

  it('finds the change whose answer was lost by the token of its request, and nothing of another', async () => {
    await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }], { token: 'token-of-mine' })
    expect(await history('?token=token-of-mine')).toMatchObject([{ token: 'token-of-mine' }])
    expect(await history('?token=token-of-none')).toEqual([])
  })

  it('takes a change back item by item as the page does: guarded by what the change left', async () => {
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    const detail = ChangeDetail.parse(
      await (await getChange(request(`changes/${id}`, 'GET'), byId(id))).json(),
    )
    const changes = invert(detail.objects)
    editElsewhere()
    expect(await refused(apply(changes, { reverts: id }))).toMatchObject({
      status: 409,
      base: { spec: { http: [{ route: [{ weight: 50 }, {}] }] } },
      mine: { spec: { http: [{ route: [{ weight: 90 }, {}] }] } },
      theirs: { metadata: { labels: { by: 'kubectl' } } },
    })
  })

  it('tells in the preview whose rights would be used, and what it is bound to', async () => {
    const answer = PreviewAnswer.parse(await (await preview([{ op: 'delete', ref: REVIEWS }])).json())
    expect(answer).toMatchObject({
      rights: { user: 'demo-admin', isShared: true },
      requiresReason: false,
      isReadOnly: false,
      changes: [{ before: { metadata: { name: 'reviews' } }, after: null }],
    })
  })

  it('shows base, theirs and mine when somebody else was faster, and writes nothing', async () => {
    const base = present(stored('VirtualService', 'reviews'))
    editElsewhere()
    const theirs = stored('VirtualService', 'reviews')
    const mine = weighted('reviews', 'bookinfo', [50, 50])
    const change = {
      op: 'update',
      ref: REVIEWS,
      object: mine,
      base,
      resourceVersion: base.metadata.resourceVersion,
    }
    expect(await refused(apply([change]))).toMatchObject({
      status: 409,
      error: { code: 'conflict' },
      base,
      theirs,
      mine,
    })
    expect(writes).toEqual([])
  })

  it('meets the other’s write between its own reading and writing with a conflict, not by overwriting', async () => {
    answerNext = (req, res) => {
      const isOurs =
        req.method === 'PATCH' && req.url?.includes('virtualservices') && !req.url.includes('dryRun')
      if (isOurs) editElsewhere()
      handler(req, res)
    }
    const answer = await refused(apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }]))
    expect(answer).toMatchObject({
      status: 409,
      error: { code: 'conflict' },
      theirs: { metadata: { labels: { by: 'kubectl' } } },
    })
    expect(weights()).toEqual([90, 10])
    expect(writes.filter((write) => write.includes('virtualservices'))).toHaveLength(1)
    expect(recordedStatuses()).toEqual(['failed'])
  })

  it('refuses to take back what somebody changed since', async () => {
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    editElsewhere()
    const answer = await refused(takeBack(id))
    expect(answer).toMatchObject({
      status: 409,
      error: { code: 'conflict' },
      theirs: { metadata: { labels: { by: 'kubectl' } } },
    })
    expect(weights()).toEqual([50, 50])
  })

  it('writes a subset before its route, and the route before its subset goes', async () => {
    const to = (subset: string) => [
      { op: 'replace', path: '/spec/http/0/route/1/destination/subset', value: subset },
    ]
    const objectWrites = () =>
      writes.filter((one) => !one.includes('/api/v1/')).map((one) => one.split('/').at(-2))
    const added = [{ op: 'add', path: '/spec/subsets/-', value: { name: 'v4', labels: { version: 'v4' } } }]
    const first = await apply([
      { op: 'patch', ref: REVIEWS, patch: to('v4') },
      { op: 'patch', ref: RULE, patch: added },
    ])
    const { id } = ApplyAnswer.parse(await first.json())
    expect(objectWrites()).toEqual(['destinationrules', 'virtualservices'])
    writes.length = 0
    expect(ApplyAnswer.parse(await (await takeBack(id)).json()).status).toBe('applied')
    expect(objectWrites()).toEqual(['virtualservices', 'destinationrules'])
  })

  it('stops at the first failure; what was applied can be taken back', async () => {
    answerNext = (req, res) => {
      const isRoute =
        req.method === 'PATCH' && req.url?.includes('virtualservices') && !req.url.includes('dryRun')
      if (!isRoute) return handler(req, res)
      res.writeHead(403, { 'content-type': 'application/json' })
      res.end(
        JSON.stringify({ kind: 'Status', message: 'denied by the quota', reason: 'Forbidden', code: 403 }),
      )
    }
    const added = [{ op: 'add', path: '/spec/subsets/-', value: { name: 'v4', labels: { version: 'v4' } } }]
    const other = { ...REF, name: 'later' }
    const answer = ApplyAnswer.parse(
      await (
        await apply([
          { op: 'patch', ref: REVIEWS, patch: MOVE },
          { op: 'create', ref: other, object: weighted('later', 'bookinfo', [90, 10]) },
          { op: 'patch', ref: RULE, patch: added },
        ])
      ).json(),
    )
    expect(answer.status).toBe('failed')
    expect(answer.changes.map(({ ref, status, error }) => [ref.kind, status, error?.code])).toEqual([
      ['DestinationRule', 'applied', undefined],
      ['VirtualService', 'failed', 'forbidden'],
      ['VirtualService', 'skipped', 'skipped'],
    ])
    answerNext = handler
    const back = ApplyAnswer.parse(await (await takeBack(answer.id)).json())
    expect(back).toMatchObject({ status: 'applied', changes: [{ ref: { kind: 'DestinationRule' } }] })
    expect(JSON.stringify(present(stored('DestinationRule', 'reviews')).spec)).not.toContain('v4')
  })

  it.each([
    ['before the write arrived', false, 'failed', [90, 10]],
    ['after the write arrived', true, 'applied', [50, 50]],
  ])('settles at the next start a change whose process died %s', async (_, hasArrived, status, expected) => {
    answerNext = (req, res) => {
      const isOurs =
        req.method === 'PATCH' && req.url?.includes('virtualservices') && !req.url.includes('dryRun')
      if (!isOurs) return handler(req, res)
      // from here on this process reaches nothing any more
      answerNext = (_req, broken) => broken.destroy()
      if (!hasArrived) return res.destroy()
      res.end = (() => res.destroy()) as typeof res.end
      handler(req, res)
    }
    const answer = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    expect(answer).toMatchObject({ status: 'pending', changes: [{ status: 'pending' }] })
    expect(recordedStatuses()).toEqual(['pending'])
    expect(writes.filter((write) => write.includes('virtualservices'))).toHaveLength(1)

    answerNext = handler
    await start()
    await settleAtStart(up)
    // young enough to be another replica's work
    expect(recordedStatuses()).toEqual(['pending'])
    expect(await refused(takeBack(answer.id))).toMatchObject({
      status: 409,
      error: { code: 'change-pending' },
    })
    clock.advance(180_000)
    await settleAtStart(up)
    expect(recordedStatuses()).toEqual([status])
    expect(weights()).toEqual(expected)
    const one = ChangeSummary.parse(
      await (await getChange(request(`changes/${answer.id}`, 'GET'), byId(answer.id))).json(),
    )
    expect(one.status).toBe(status)
  })

  it('settles by the history too, and says when the object is neither as before nor as after', async () => {
    answerNext = (req, res) => {
      const isOurs =
        req.method === 'PATCH' && req.url?.includes('virtualservices') && !req.url.includes('dryRun')
      if (!isOurs) return handler(req, res)
      answerNext = (_req, broken) => broken.destroy()
      res.destroy()
    }
    await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])
    answerNext = handler
    editElsewhere()
    clock.advance(180_000)
    expect((await history()).filter(({ knownBy }) => knownBy === 'record')).toMatchObject([
      { status: 'unknown', objects: [{ error: { code: 'changed-since' } }] },
    ])
  })

  it('applies nothing when it cannot be recorded', async () => {
    await start({}, '{ token: demo-payments }')
    const ref = { ...REF, namespace: 'payments', name: 'fresh' }
    const create = { op: 'create', ref, object: weighted('fresh', 'payments', [90, 10]) }
    expect(await refused(apply([create]))).toMatchObject({
      status: 403,
      error: { code: 'change-not-recorded' },
    })
    expect(writes.some((write) => write.includes('virtualservices'))).toBe(false)
  })

  it('tells a viewer in the preview, and refuses the apply', async () => {
    await start({}, '{ token: demo-viewer }')
    const changes = [{ op: 'patch', ref: REVIEWS, patch: MOVE }]
    const answer = PreviewAnswer.parse(await (await preview(changes)).json())
    expect(answer.changes[0]).toMatchObject({ allowed: false, dryRun: { ok: false, code: 'forbidden' } })
    expect(await refused(apply(changes))).toMatchObject({ status: 403, error: { code: 'forbidden' } })
    expect(writes).toEqual([])
  })

  it('changes nothing when read-only, nor for pages of other sites', async () => {
    const body = { changes: [{ op: 'patch', ref: REVIEWS, patch: MOVE }] }
    const foreign = { origin: 'http://evil.test' }
    expect(await refused(applyRoute(request('config/apply', 'POST', body, foreign)))).toMatchObject({
      status: 403,
      error: { code: 'cross-origin' },
    })
    expect(
      (await refused(DELETE(request(addressOf('reviews'), 'DELETE', undefined, foreign), at('reviews'))))
        .status,
    ).toBe(403)
    await start({ HEDDLE_READ_ONLY: 'true' })
    for (const response of [
      apply(body.changes),
      takeBack('any'),
      DELETE(request(addressOf('reviews'), 'DELETE'), at('reviews')),
    ]) {
      expect(await refused(response)).toMatchObject({ status: 403, error: { code: 'read-only' } })
    }
    expect((await preview(body.changes)).status).toBe(200)
    expect(writes).toEqual([])
  })

  it('takes single objects by their address: POST, PUT as YAML, DELETE', async () => {
    const post = await POST(
      request(addressOf('fresh'), 'POST', weighted('fresh', 'bookinfo', [90, 10])),
      at('fresh'),
    )
    expect(ApplyAnswer.parse(await post.json()).status).toBe('applied')
    const now = present(stored('VirtualService', 'fresh'))
    const text = stringify({ ...now, metadata: { ...now.metadata, labels: { edited: 'yes' } } })
    const put = await PUT(
      request(addressOf('fresh'), 'PUT', text, { 'content-type': 'application/yaml' }),
      at('fresh'),
    )
    expect(ApplyAnswer.parse(await put.json()).status).toBe('applied')
    expect(stored('VirtualService', 'fresh')?.metadata.labels).toEqual({ edited: 'yes' })
    const gone = await DELETE(request(addressOf('fresh'), 'DELETE'), at('fresh'))
    const { id, status } = ApplyAnswer.parse(await gone.json())
    expect(status).toBe('applied')
    expect(stored('VirtualService', 'fresh')).toBeUndefined()
    // a deleted object comes back as it was
    expect(ApplyAnswer.parse(await (await takeBack(id)).json()).status).toBe('applied')
    expect(stored('VirtualService', 'fresh')?.metadata.labels).toEqual({ edited: 'yes' })
  })

  it('names the owner who will put a change back', async () => {
    const now = present(stored('VirtualService', 'reviews'))
    store.update({ ...now, metadata: { ...now.metadata, labels: { 'argocd.argoproj.io/instance': 'shop' } } })
    const answer = PreviewAnswer.parse(await (await preview([{ op: 'delete', ref: REVIEWS }])).json())
    expect(answer.changes[0]?.owner).toMatchObject({ tool: 'Argo CD', name: 'shop' })
  })

  it('shows what kubectl changed, with its field manager as author, and takes it back without touching the rest', async () => {
    const now = present(stored('VirtualService', 'reviews'))
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}' }
    store.update({ ...now, metadata: { ...now.metadata, annotations } })
    await start()
    const url = `${address}/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews`
    await fetch(`${url}?fieldManager=kubectl-edit`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json-patch+json' },
      body: JSON.stringify(MOVE),
    })
    const seen = await until('the change is seen', async () =>
      (await history()).find(({ knownBy }) => knownBy === 'watch'),
    )
    expect(seen).toMatchObject({ author: 'kubectl-edit', status: 'applied', objects: [{ op: 'update' }] })
    expect(seen.objects[0]?.diff).toMatch(/^\+ +weight: 50$/m)
    expect(await history('?author=kubectl-edit&namespace=bookinfo')).toContainEqual(seen)
    expect(await history('?author=somebody')).toEqual([])
    expect(await history('?node=east/bookinfo/service/reviews')).toContainEqual(seen)
    expect(await history('?node=east/bookinfo/service/ratings')).not.toContainEqual(seen)
    expect(ApplyAnswer.parse(await (await takeBack(seen.id)).json()).status).toBe('applied')
    expect(weights()).toEqual([90, 10])
    expect(stored('VirtualService', 'reviews')?.metadata.annotations).toEqual(annotations)
    // what Heddle does is recorded, not seen a second time
    const gone = ApplyAnswer.parse(await (await apply([{ op: 'delete', ref: RULE }])).json())
    await until('the watch saw it go', async () =>
      up.inventories[0]?.current().inventory?.config.every(({ kind }) => kind !== 'DestinationRule') ||
      up.elsewhere.seen().some(({ objects }) => objects[0]?.op === 'delete')
        ? true
        : undefined,
    )
    expect((await history()).filter(({ objects }) => objects[0]?.op === 'delete')).toMatchObject([
      { id: gone.id, knownBy: 'record' },
    ])
  })

  it('tells of writes before it watched by the time in managedFields alone, without a way back', async () => {
    const now = present(stored('VirtualService', 'reviews'))
    const managedFields = [{ manager: 'helm', operation: 'Update', time: '2026-08-01T00:00:00Z' }]
    store.update({ ...now, metadata: { ...now.metadata, managedFields } })
    await start()
    const found = (await history('?author=helm')).find(({ objects }) => objects[0]?.ref.name === 'reviews')
    expect(found).toMatchObject({
      knownBy: 'fields',
      at: Date.UTC(2026, 7, 1),
      objects: [{ op: 'update', diff: '' }],
    })
    expect(await refused(takeBack(present(found).id))).toMatchObject({
      error: { code: 'nothing-to-revert' },
    })
  })

  it('does not make up an effect without telemetry', async () => {
    const { id } = ApplyAnswer.parse(await (await apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }])).json())
    clock.advance(600_000)
    const answer = ChangeEffect.parse(
      await (await getEffect(request(`changes/${id}/effect`, 'GET'), byId(id))).json(),
    )
    expect(answer).toMatchObject({ before: null, after: null, touchesTraffic: true })
    expect(answer.notices.map(({ code }) => code)).toEqual(['prometheus-unreachable'])
  })

  it('asks for a reason where one is required', async () => {
    up.config.changes.requiresReason = true
    const changes = [{ op: 'patch', ref: REVIEWS, patch: MOVE }]
    expect(await refused(apply(changes))).toMatchObject({ status: 400, error: { code: 'missing-reason' } })
    expect((await apply(changes, { reason: 'because' })).status).toBe(200)
  })

  it('keeps so many records and not more', async () => {
    up.config.changes.keep.count = 2
    for (const value of [60, 61, 62]) {
      clock.advance(1_000)
      await apply([
        { op: 'patch', ref: REVIEWS, patch: [{ op: 'replace', path: '/spec/http/0/route/0/weight', value }] },
      ])
    }
    expect(store.list('ConfigMap', 'heddle')).toHaveLength(2)
    expect((await history())[0]?.objects[0]?.diff).toMatch(/^\+ +weight: 62$/m)
  })

  const object = weighted('reviews', 'bookinfo', [50, 50])
  it.each<[string, object | string, number, string]>([
    ['JSON that does not parse', '{', 400, 'invalid-json'],
    ['a body of another shape', { changes: [] }, 400, 'invalid-body'],
    ['YAML that does not parse', { op: 'update', ref: REVIEWS, yaml: 'a: [1\nb: 2' }, 400, 'invalid-yaml'],
    ['several documents', { op: 'update', ref: REVIEWS, yaml: 'a: 1\n---\nb: 2' }, 400, 'several-documents'],
    ['what is no object', { op: 'update', ref: REVIEWS, yaml: 'a: 1' }, 400, 'invalid-object'],
    [
      'an update of nobody knows which state',
      { op: 'update', ref: REVIEWS, object },
      400,
      'missing-resource-version',
    ],
    ['a kind that is not ours', { op: 'delete', ref: { ...REVIEWS, kind: 'Secret' } }, 400, 'unknown-kind'],
    ['a version nobody serves', { op: 'delete', ref: { ...REVIEWS, version: 'v9' } }, 400, 'unknown-kind'],
    [
      'a cluster that is not there',
      { op: 'delete', ref: { ...REVIEWS, cluster: 'west' } },
      404,
      'unknown-cluster',
    ],
    ['no namespace', { op: 'delete', ref: { ...REVIEWS, namespace: '' } }, 400, 'missing-namespace'],
    [
      'another namespace',
      { op: 'create', ref: { ...REVIEWS, namespace: 'payments' }, object },
      400,
      'wrong-namespace',
    ],
    [
      'a renamed object',
      { op: 'update', ref: { ...REVIEWS, name: 'ratings' }, object, resourceVersion: '1' },
      400,
      'renamed-object',
    ],
    ['another kind', { op: 'create', ref: { ...RULE, name: 'x' }, object }, 400, 'kind-mismatch'],
    ['a name that is taken', { op: 'create', ref: REVIEWS, object }, 409, 'name-taken'],
    [
      'an object that is not there',
      { op: 'delete', ref: { ...REVIEWS, name: 'none' } },
      404,
      'object-not-found',
    ],
    ['a patch without a patch', { op: 'patch', ref: REVIEWS }, 400, 'missing-patch'],
    [
      'a patch that does not fit',
      { op: 'patch', ref: REVIEWS, patch: [{ op: 'remove', path: '/spec/none' }] },
      400,
      'patch-not-applicable',
    ],
    [
      'a patch of the status',
      { op: 'patch', ref: REVIEWS, patch: [{ op: 'add', path: '/status', value: {} }] },
      400,
      'field-not-writable',
    ],
  ])('refuses %s', async (_, change, status, code) => {
    const body = typeof change === 'string' || 'changes' in change ? change : { changes: [change] }
    for (const [path, route] of [
      ['apply', applyRoute],
      ['preview', previewRoute],
    ] as const) {
      expect(await refused(route(request(`config/${path}`, 'POST', body)))).toMatchObject({
        status,
        error: { code },
      })
    }
    expect(writes).toEqual([])
  })

  it('refuses a body that is too large, an alias bomb and the same object twice', async () => {
    expect((await refused(applyRoute(request('config/apply', 'POST', ' '.repeat(5_000_001))))).status).toBe(
      413,
    )
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]`
    expect((await refused(apply([{ op: 'update', ref: REVIEWS, yaml: bomb }]))).error.code).toBe(
      'invalid-yaml',
    )
    const one = { op: 'delete', ref: REVIEWS }
    expect((await refused(apply([one, one]))).error.code).toBe('repeated-object')
  })

  it('answers 503 while the API server is away, with nothing applied', async () => {
    answerNext = (_req, res) => res.destroy()
    expect(await refused(apply([{ op: 'patch', ref: REVIEWS, patch: MOVE }]))).toMatchObject({
      status: 503,
      error: { code: 'kubernetes-unreachable' },
    })
    expect(weights()).toEqual([90, 10])
  })
})

function weighted(name: string, namespace: string, [v1, v2]: readonly [number, number]): KubernetesObject {
  const to = (subset: string, weight: number) => ({ destination: { host: 'reviews', subset }, weight })
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace },
    spec: { hosts: [name], http: [{ route: [to('v1', v1), to('v2', v2)] }] },
  }
}

function rule(subsets: readonly string[]): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'reviews', namespace: 'bookinfo' },
    spec: { host: 'reviews', subsets: subsets.map((name) => ({ name, labels: { version: name } })) },
  }
}

/** An object takes the place of one with its name. */
function replacing(objects: KubernetesObject[], object: KubernetesObject): KubernetesObject[] {
  const isSame = (one: KubernetesObject) =>
    one.kind === object.kind &&
    one.metadata.name === object.metadata.name &&
    one.metadata.namespace === object.metadata.namespace
  return [...objects.filter((one) => !isSame(one)), object]
}
