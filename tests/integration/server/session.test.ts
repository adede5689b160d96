/** Signing in with a token: who may see and change what, on the embedded API server with its users. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GET as getAlerts } from '@/app/api/v1/alerts/route'
import { GET as getChanges } from '@/app/api/v1/changes/route'
import { GET as getConfigList } from '@/app/api/v1/config/route'
import { POST as applyRoute } from '@/app/api/v1/config/apply/route'
import { POST as previewRoute } from '@/app/api/v1/config/preview/route'
import { GET as openStream } from '@/app/api/v1/graph/stream/route'
import { POST as preflight } from '@/app/api/v1/mtls/preflight/route'
import { GET as getRouting } from '@/app/api/v1/routing/route'
import { DELETE as signOut, GET as getSession, POST as signIn } from '@/app/api/v1/session/route'
import { GET as search } from '@/app/api/v1/search/route'
import { GET as getSlos } from '@/app/api/v1/slos/route'
import { GET as getSplitTargets } from '@/app/api/v1/splits/targets/route'
import { GET as getSplitWatch } from '@/app/api/v1/splits/watch/route'
import { AlertList } from '@/lib/api/schemas/telemetry/alerts'
import { ApplyAnswer, ChangeList, ConfigList, PreviewAnswer } from '@/lib/api/schemas/config/changes'
import { SearchAnswer } from '@/lib/api/schemas/search'
import { SessionAnswer } from '@/lib/api/schemas/session'
import { SloList } from '@/lib/api/schemas/telemetry/slos'
import { reconcileWorkloads } from '@/lib/demo/kubernetes/controller'
import { kubernetesHandler } from '@/lib/demo/kubernetes/handler'
import { ObjectStore } from '@/lib/demo/kubernetes/object-store'
import { createWorld } from '@/lib/demo/world/create-world'
import { readConfig } from '@/lib/server/config/config'
import { createLog } from '@/lib/server/log'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { manualClock, type ManualClock } from '../../support/heddle/manual-clock'
import { present } from '../../support/present'
import { kubeconfigText } from '../../support/kubernetes/kubeconfig-text'
import { serveLoopback } from '../../support/loopback'
import { ALERTING_RULE } from '../../support/prometheus/alerting-rule'

const NOW = Date.UTC(2026, 7, 20, 12)
const REF = { group: 'networking.istio.io', version: 'v1', kind: 'VirtualService' }
const LABEL = [{ op: 'add', path: '/metadata/labels', value: { by: 'test' } }]
const REVIEWS = { op: 'patch', ref: { ...REF, namespace: 'bookinfo', name: 'reviews' }, patch: LABEL }

describe('a Heddle with sign-in by token', () => {
  let clock: ManualClock
  let up: Upstreams
  let asked: { user: string; write: boolean; path: string }[]
  let address: string
  let store: ObjectStore
  const closers: (() => unknown)[] = []

  beforeEach(async () => {
    store = new ObjectStore(createWorld({ seed: 7 }).objects, { now: () => NOW })
    reconcileWorkloads(store, NOW)
    const handler = kubernetesHandler({ store, now: () => NOW })
    asked = []
    const server = await serveLoopback((request, response) => {
      const { method = '', url = '', headers } = request
      const isStored = method !== 'GET' && !url.includes('dryRun=All') && !url.includes('selfsubject')
      const user = String(headers['impersonate-user'] ?? headers.authorization ?? 'heddle').replace(
        'Bearer ',
        '',
      )
      asked.push({ user, write: isStored, path: url })
      // kubeconfig without a user: the administrator of the embedded cluster
      handler(request, response)
    })
    address = server.url
    closers.push(server.close)
    clock = manualClock(NOW)
    await start({ HEDDLE_AUTH: 'token', HEDDLE_SESSION_KEY: 'a-key-for-tests-only' })
  })

  afterEach(async () => {
    setUpstreams(null)
    for (const close of closers.splice(0).reverse()) await close()
  })

  async function start(env: Record<string, string>) {
    const config = readConfig({
      PROMETHEUS_URL: 'http://127.0.0.1:1',
      KUBECONFIG: kubeconfigText(address),
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
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const codeOf = async (response: Response | Promise<Response>) => {
    const answer = await response
    return [answer.status, ((await answer.json()) as { error: { code: string } }).error.code]
  }
  const enter = (token: string, headers: Record<string, string> = {}) =>
    signIn(request('session', 'POST', { token }, headers))
  async function cookieOf(token: string) {
    const response = await enter(token)
    expect(response.status).toBe(200)
    return { cookie: present(response.headers.get('set-cookie')?.split(';')[0]) }
  }

  it('shows nothing and takes nothing before somebody signed in', async () => {
    expect(await codeOf(getChanges(request('changes', 'GET')))).toEqual([401, 'signed-out'])
    expect(await codeOf(applyRoute(request('config/apply', 'POST', { changes: [REVIEWS] })))).toEqual([
      401,
      'signed-out',
    ])
    const answer = await getSession(request('session', 'GET'))
    expect(SessionAnswer.parse(await answer.json())).toEqual({
      mode: 'token',
      user: null,
      expiresAt: null,
      problem: 'signed-out',
    })
  })

  it('takes a token the API server knows, in a cookie nobody can read', async () => {
    const response = await enter('demo-viewer', { 'x-forwarded-proto': 'https' })
    const cookie = present(response.headers.get('set-cookie'))
    expect(cookie).toMatch(/^heddle_session=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=28800; Secure$/)
    expect(cookie).not.toContain('viewer')
    expect(SessionAnswer.parse(await response.json())).toMatchObject({ mode: 'token', user: 'demo-viewer' })
    expect((await enter('demo-viewer')).headers.get('set-cookie')).not.toContain('Secure')
    expect(await codeOf(enter('stolen'))).toEqual([401, 'token-refused'])
    expect(await codeOf(enter('x'.repeat(3_000)))).toEqual([400, 'token-too-long'])
    expect(await codeOf(enter('demo-admin', { origin: 'http://evil.test' }))).toEqual([403, 'cross-origin'])
  })

  it('writes with the user’s own rights and records with Heddle’s', async () => {
    const cookie = await cookieOf('demo-payments')
    const [first] = store.list('VirtualService', 'payments')
    const ref = { ...REF, namespace: 'payments', name: 'fresh' }
    const object = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'fresh', namespace: 'payments' },
      spec: { hosts: ['fresh'], http: [{ route: [{ destination: { host: 'fresh' } }] }] },
    }
    expect(first?.metadata.name).not.toBe('fresh')
    const response = await applyRoute(
      request('config/apply', 'POST', { changes: [{ op: 'create', ref, object }] }, cookie),
    )
    expect(ApplyAnswer.parse(await response.json()).status).toBe('applied')
    const writes = asked
      .filter(({ write }) => write)
      .map(({ user, path }) => [
        user,
        /configmaps|namespaces$/.test(path.split('?')[0] ?? '') ? 'record' : 'object',
      ])
    expect(writes.filter(([, what]) => what === 'object')).toEqual([['demo-payments', 'object']])
    expect(new Set(writes.filter(([, what]) => what === 'record').map(([user]) => user))).not.toContain(
      'demo-payments',
    )
    const list = ChangeList.parse(
      await (await getChanges(request('changes', 'GET', undefined, cookie))).json(),
    )
    expect(list.items.find(({ knownBy }) => knownBy === 'record')).toMatchObject({ author: 'demo-payments' })
  })

  it('tells a viewer in the preview that it may not, and refuses the apply', async () => {
    const cookie = await cookieOf('demo-viewer')
    const response = await previewRoute(request('config/preview', 'POST', { changes: [REVIEWS] }, cookie))
    expect(PreviewAnswer.parse(await response.json())).toMatchObject({
      changes: [{ allowed: false, dryRun: { ok: false, code: 'forbidden' } }],
      rights: { user: 'demo-viewer', isShared: false },
    })
    expect(await codeOf(applyRoute(request('config/apply', 'POST', { changes: [REVIEWS] }, cookie)))).toEqual(
      [403, 'forbidden'],
    )
    expect(asked.some(({ write }) => write)).toBe(false)
  })

  it('ends with its time, its key and its sign-out', async () => {
    const cookie = await cookieOf('demo-viewer')
    expect((await getChanges(request('changes', 'GET', undefined, cookie))).status).toBe(200)
    clock.advance(8 * 3_600_000 + 1)
    expect(await codeOf(getChanges(request('changes', 'GET', undefined, cookie)))).toEqual([
      401,
      'session-expired',
    ])
    const out = await signOut(request('session', 'DELETE', undefined, cookie))
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
    const fresh = await cookieOf('demo-viewer')
    await start({ HEDDLE_AUTH: 'token', HEDDLE_SESSION_KEY: 'another-key-for-tests' })
    expect(await codeOf(getChanges(request('changes', 'GET', undefined, fresh)))).toEqual([
      401,
      'session-expired',
    ])
  })

  it('takes users from the header of a proxy, and shows them their namespaces only', async () => {
    await start({ HEDDLE_AUTH: 'header' })
    expect(await codeOf(getConfigList(request('config', 'GET')))).toEqual([401, 'no-user-header'])
    const as = (user: string) => ({ 'x-forwarded-user': user })
    const list = async (user: string, query = '') => {
      const response = await getConfigList(request(`config${query}`, 'GET', undefined, as(user)))
      return ConfigList.parse(await response.json()).items.map(({ ref }) => ref.namespace)
    }
    expect(new Set(await list('demo-viewer')).size).toBeGreaterThan(1)
    // nobody knows this user: it may see nothing, whatever it asks for
    expect(await list('stranger')).toEqual([])
    expect(await list('stranger', '?namespaces=bookinfo')).toEqual([])
    const names = async (user: string) => {
      const response = await search(request('search?text=reviews', 'GET', undefined, as(user)))
      return SearchAnswer.parse(await response.json()).items.map(({ name }) => name)
    }
    expect(await names('demo-viewer')).toContain('reviews')
    expect(await names('stranger')).toEqual([])
    const write = applyRoute(request('config/apply', 'POST', { changes: [REVIEWS] }, as('stranger')))
    expect(await codeOf(write)).toEqual([403, 'forbidden'])
    expect(asked.some(({ write: isWrite }) => isWrite)).toBe(false)
  })

  it('tells of alerts and objectives in what its user may see, and of nothing beside', async () => {
    await start({ HEDDLE_AUTH: 'header' })
    const labels = { alertname: 'Errors', namespace: 'bookinfo', workload: 'reviews-v1' }
    const alert = { state: 'firing' as const, labels, annotations: {}, activeAt: NOW, value: 1 }
    const rule = { ...ALERTING_RULE, lastEvaluationAt: NOW }
    up.prometheus.alertingRules = () => Promise.resolve([{ ...rule, alerts: [alert] }])
    const as = (user: string, path: string) => request(path, 'GET', undefined, { 'x-forwarded-user': user })
    const told = async (user: string) => {
      const list = AlertList.parse(await (await getAlerts(as(user, 'alerts'))).json())
      const slos = SloList.parse(await (await getSlos(as(user, 'slos'))).json())
      return {
        alerts: list.items.map(({ name }) => name),
        rules: list.rules.map(({ state }) => state),
        objectives: [...slos.items, ...slos.problems].length,
      }
    }
    expect(await told('stranger')).toEqual({ alerts: [], rules: ['inactive'], objectives: 0 })
    const viewer = await told('demo-viewer')
    expect(viewer).toMatchObject({ alerts: ['Errors'], rules: ['firing'] })
    expect(viewer.objectives).toBeGreaterThan(4)
  })

  it.each([
    [
      'a split',
      () => getSplitWatch,
      `splits/watch?split=${encodeURIComponent('east/bookinfo/VirtualService/reviews#http[1]')}`,
    ],
    [
      'what a service may be split into',
      () => getSplitTargets,
      'splits/targets?cluster=east&namespace=bookinfo&service=reviews',
    ],
    ['what routes a service', () => getRouting, 'routing?cluster=east&namespace=bookinfo&service=reviews'],
    ['changes of a namespace', () => getChanges, 'changes?cluster=east&namespace=bookinfo'],
  ])('refuses %s in a namespace its user may not see', async (_what, get, path) => {
    await start({ HEDDLE_AUTH: 'header' })
    const as = (user: string) => request(path, 'GET', undefined, { 'x-forwarded-user': user })
    expect(await codeOf(get()(as('stranger')))).toEqual([403, 'namespace-forbidden'])
    expect((await get()(as('demo-viewer'))).status).not.toBe(403)
  })

  it('judges no mode of what its user may not see', async () => {
    await start({ HEDDLE_AUTH: 'header' })
    const ask = (scope: object) =>
      codeOf(
        preflight(
          request(
            'mtls/preflight',
            'POST',
            { scope, mode: 'STRICT', window: '1h' },
            {
              'x-forwarded-user': 'stranger',
            },
          ),
        ),
      )
    expect(await ask({ namespace: 'payments' })).toEqual([403, 'namespace-forbidden'])
    expect(await ask({})).toEqual([403, 'mesh-forbidden'])
  })

  it('ends a live feed with the session it was opened in', async () => {
    const cookie = await cookieOf('demo-viewer')
    const response = await openStream(request('graph/stream', 'GET', undefined, cookie))
    expect(response.status).toBe(200)
    const ended = present(response.body).pipeTo(new WritableStream())
    clock.advance(10 * 60_000)
    await ended
  })

  it('does not start half protected', () => {
    const read = (env: Record<string, string>) => () =>
      readConfig({ PROMETHEUS_URL: 'http://p:9090', ...env })
    expect(read({ HEDDLE_AUTH: 'oidc' })).toThrow(/HEDDLE_AUTH.*proxy that does OIDC/)
    expect(read({ HEDDLE_AUTH: 'token' })).toThrow(/HEDDLE_AUTH.*no Kubernetes API/)
    expect(read({ HEDDLE_SESSION_KEY: 'short' })).toThrow(/HEDDLE_SESSION_KEY/)
  })
})
