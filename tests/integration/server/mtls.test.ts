/** Modes of the embedded mesh, and who would be turned away by others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { POST as postPreflight } from '@/app/api/v1/mtls/preflight/route'
import { GET as getNamespacesRoute } from '@/app/api/v1/mtls/namespaces/route'
import { GET as getMtlsRoute } from '@/app/api/v1/mtls/route'
import { apiPaths, type Scope } from '@/lib/api/paths'
import { ApiError } from '@/lib/api/schemas/common'
import { MtlsList, MtlsNamespaces, Preflight } from '@/lib/api/schemas/config/mtls'
import { startDemoServer, type DemoServer } from '../../support/heddle/demo-server'
import { present } from '../../support/present'
import { until } from '../../support/until'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const STRICT_PAYMENTS = { scope: { namespace: 'payments' }, mode: 'STRICT', window: '10m' }

describe('mutual TLS of the embedded mesh', () => {
  let server: DemoServer

  beforeAll(async () => {
    server = await startDemoServer(START, { historySeconds: 900 })
  })

  afterAll(async () => {
    await server?.close()
  })

  async function modes(scope: Scope = {}): Promise<MtlsList> {
    const answer = await getMtlsRoute(new Request(`http://heddle.test${apiPaths.mtls(scope)}`))
    const parsed: unknown = await answer.json()
    expect(answer.status, JSON.stringify(parsed).slice(0, 500)).toBe(200)
    return MtlsList.parse(parsed)
  }

  const ask = (body: unknown) =>
    postPreflight(
      new Request(`http://heddle.test${apiPaths.mtlsPreflight()}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )

  async function preflight(body: unknown): Promise<Preflight> {
    const answer = await ask(body)
    const parsed: unknown = await answer.json()
    expect(answer.status, JSON.stringify(parsed).slice(0, 500)).toBe(200)
    return Preflight.parse(parsed)
  }

  it('shows configured, effective and observed of workloads and ports', async () => {
    const { items } = await modes({ namespaces: ['payments'], window: '5m' })
    const row = (id: string) => present(items.find((item) => item.id === `east/payments${id}`))
    expect(row('').configured).toEqual({
      mode: 'PERMISSIVE',
      source: { namespace: 'payments', name: 'default' },
    })
    const api = row('/payments-api').observed
    expect(api.mtlsRatio).toBeGreaterThan(0.5)
    expect(api.mtlsRatio).toBeLessThan(1)
    expect(api.plaintextCallers).toMatchObject([{ workload: null, protocol: 'http' }])
    expect(row('/fraud-check-v1').observed).toMatchObject({ mtlsRatio: 1, plaintextCallers: [] })
    expect(row('/card-tokenizer')).toMatchObject({ dataPlane: 'none', effective: { mode: 'DISABLE' } })
    expect(row('/vault-proxy').effective.mode).toBe('STRICT')
    expect(row('/vault-proxy:8201')).toMatchObject({
      configured: { mode: 'DISABLE', source: { namespace: 'payments', name: 'vault-proxy' } },
      observed: { mtlsRatio: 0, plaintextCallers: [{ workload: null, protocol: 'tcp' }] },
    })
    expect(row('/vault-proxy:8200').observed).toMatchObject({ mtlsRatio: 1, plaintextCallers: [] })
    // the sum of a namespace names the callers of all its workloads
    expect(row('').observed.plaintextCallers?.map((caller) => caller.protocol)).toEqual(['http', 'tcp'])
  })

  it('has the mesh and every namespace in one list', async () => {
    const { items } = await modes()
    expect(items[0]).toMatchObject({ id: 'east', namespace: null })
    const boutique = present(items.find((item) => item.id === 'east/boutique'))
    expect(boutique.effective).toMatchObject({ mode: 'STRICT' })
    expect(boutique.observed).toMatchObject({ mtlsRatio: 1, plaintextCallers: [] })
    expect(items.map((item) => item.id)).toEqual(items.map((item) => item.id).sort())
  })

  it('sums namespaces up, with the way each has to go', async () => {
    const answer = await getNamespacesRoute(new Request(`http://heddle.test${apiPaths.mtlsNamespaces()}`))
    const { items } = MtlsNamespaces.parse(await answer.json())
    const of = (id: string) => present(items.find((item) => item.id === id))
    expect(of('east/payments')).toMatchObject({
      configured: { mode: 'PERMISSIVE', source: { name: 'default' } },
      state: 'plaintext',
      dataPlanes: { none: 1 },
      // payments-api, ledger and vault-proxy by its port 8201
      states: { broken: 0, plaintext: 3 },
      path: { stage: 'permissive', next: { mode: 'STRICT' }, back: { mode: 'UNSET' } },
    })
    expect(of('east/payments').observed).toMatchObject({ plaintextCount: 2 })
    expect(of('east/boutique')).toMatchObject({ path: { stage: 'strict', back: { mode: 'PERMISSIVE' } } })
    expect(of('east/legacy').path).toMatchObject({ stage: 'outside', withProxy: 0 })
    // the mesh counts what its namespaces count
    const others = items.filter((item) => item.namespace !== null)
    expect(of('east').states.plaintext).toBe(others.reduce((sum, item) => sum + item.states.plaintext, 0))
    const { items: rows } = await modes()
    const worst = new Set(rows.filter((row) => row.state === 'broken').map((row) => row.namespace))
    expect(new Set(others.flatMap((item) => (item.states.broken > 0 ? [item.namespace] : [])))).toEqual(worst)
  })

  it('writes the edit it judged, and nothing else', async () => {
    const { edit } = await preflight(STRICT_PAYMENTS)
    expect(edit).toMatchObject([
      {
        op: 'patch',
        ref: { cluster: 'east', kind: 'PeerAuthentication', namespace: 'payments', name: 'default' },
        patch: [{ op: 'replace', path: '/spec/mtls/mode', value: 'STRICT' }],
      },
    ])
    expect(edit[0]?.resourceVersion).toMatch(/^\d+$/)
    const inherit = await preflight({ scope: { namespace: 'payments' }, mode: 'UNSET', window: '5m' })
    expect(inherit.edit).toMatchObject([{ op: 'delete', ref: { name: 'default' } }])
    const port = await preflight({
      scope: { namespace: 'payments', workload: 'ledger', port: 8080 },
      mode: 'STRICT',
      window: '5m',
    })
    expect(port.edit).toMatchObject([
      {
        op: 'create',
        object: {
          metadata: { name: 'ledger', namespace: 'payments' },
          spec: { selector: { matchLabels: { app: 'ledger' } }, portLevelMtls: { 8080: { mode: 'STRICT' } } },
        },
      },
    ])
    expect(port.callers).toHaveLength(1)
    const same = await preflight({ scope: { namespace: 'payments' }, mode: 'PERMISSIVE', window: '5m' })
    expect([same.edit, same.verdict]).toEqual([[], 'safe'])
  })

  it('says who keeps a mode of its own, and whose pods have no proxy', async () => {
    const { evidence } = await preflight(STRICT_PAYMENTS)
    expect(evidence.keepOwn).toEqual(['payments/vault-proxy:8201'])
    expect(evidence.podsWithoutProxy).toMatchObject([{ namespace: 'payments', workload: 'card-tokenizer' }])
    expect(evidence.podsWithoutProxy[0]?.pods).toHaveLength(2)
  })

  it('names exactly the plain-text callers that STRICT on payments would refuse', async () => {
    const { verdict, callers, evidence } = await preflight(STRICT_PAYMENTS)
    expect(verdict).toBe('breaks')
    expect(callers.map((each) => [each.source.workload, each.target.workload, each.target.port])).toEqual([
      [null, 'payments-api', 8080],
      [null, 'ledger', 8080],
    ])
    for (const caller of callers) {
      expect(caller).toMatchObject({ identity: null, certain: true, protocol: 'http' })
      expect(caller.requestsPerSecond).toBeGreaterThan(0.5)
      expect(caller.lastSeen).toBeGreaterThan(START - 120_000)
    }
    expect(evidence.reasons[0]).toBe('2 callers would be refused.')
    expect(evidence.coveredSeconds).toBe(600)
    expect(evidence.possibleCallers).toEqual(
      expect.arrayContaining(['legacy/batch-reports', 'legacy/pos-terminal']),
    )
    // it has a policy of its own, which a namespace does not override
    expect(evidence.changes.map((change) => change.workload)).not.toContain('vault-proxy')
    expect(evidence.changes.find((change) => change.workload === 'card-tokenizer')?.isEnforced).toBe(false)
    expect(evidence.clashes).toEqual([])
  })

  it('breaks in truth what it said would break', async () => {
    const policy = `${server.demo.kubernetesUrl}/apis/security.istio.io/v1/namespaces/payments/peerauthentications/default`
    const set = (mode: string) =>
      fetch(policy, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify({ spec: { mtls: { mode } } }),
      })
    expect((await set('STRICT')).status).toBe(200)
    await until('the edit is seen', async () => {
      const { items } = await modes({ namespaces: ['payments'] })
      return items[0]?.effective.mode === 'STRICT' || undefined
    })
    await server.pass(300)
    const left = await until('plain text ends', async () => {
      const { items } = await modes({ namespaces: ['payments'] })
      const api = items.find((item) => item.workload === 'payments-api' && item.port === null)
      return api?.observed.mtlsRatio === 1 ? items : undefined
    })
    const callers = left.flatMap((item) =>
      item.workload !== null && item.port === null ? (item.observed.plaintextCallers ?? []) : [],
    )
    expect(callers.map((caller) => caller.protocol)).toEqual(['tcp'])
    expect((await preflight(STRICT_PAYMENTS)).evidence.reasons).toEqual(['No mode changes anywhere.'])
    // the way back names those who were silenced
    const back = await preflight({ scope: { namespace: 'payments' }, mode: 'PERMISSIVE', window: '10m' })
    expect([back.verdict, back.callers]).toEqual(['safe', []])
    expect(back.evidence.readmitted.map(({ target }) => target.workload)).toEqual(['payments-api', 'ledger'])
    expect((await set('PERMISSIVE')).status).toBe(200)
    await until('the way back is seen', async () => {
      const { items } = await modes({ namespaces: ['payments'] })
      return items[0]?.effective.mode === 'PERMISSIVE' || undefined
    })
  })

  it('calls safe what was watched and refuses nobody', async () => {
    const { verdict, callers, evidence } = await preflight({
      scope: { namespace: 'payments', workload: 'fraud-check-v1' },
      mode: 'STRICT',
      window: '10m',
    })
    expect([verdict, callers]).toEqual(['safe', []])
    expect(evidence.requestsPerSecond).toBeGreaterThan(0)
  })

  it('does not call safe what it has not seen', async () => {
    const long = await preflight({
      scope: { namespace: 'payments', workload: 'fraud-check-v1' },
      mode: 'STRICT',
      window: '6h',
    })
    expect(long.verdict).toBe('insufficient')
    expect(long.evidence.reasons[0]).toMatch(/^Telemetry covers .* of the window of 6 h/)
    // a week in 60 steps is 2.8 h each: what there is of telemetry is still told, and rates are over all of it
    const week = await preflight({ ...STRICT_PAYMENTS, window: '7d' })
    expect(week.evidence.coveredSeconds).toBeGreaterThan(600)
    expect(week.evidence.reasons.join(' ')).not.toContain('There is no telemetry')
  })

  it('finds the DestinationRule whose callers DISABLE would turn away', async () => {
    const { verdict, callers, evidence } = await preflight({
      scope: { namespace: 'payments', workload: 'ledger' },
      mode: 'DISABLE',
      window: '5m',
    })
    expect(verdict).toBe('breaks')
    expect(evidence.clashes).toMatchObject([{ rule: { name: 'ledger' }, mode: 'ISTIO_MUTUAL' }])
    expect(callers.map((caller) => caller.source.workload).sort()).toEqual(['payments-api', 'settlement'])
    expect(callers[0]?.identity).toMatch(/^spiffe:\/\//)
    for (const caller of callers) expect(caller.lastSeen).toBeGreaterThan(START - 120_000)
  })

  it('names the callers that would come without the identity a policy asks for', async () => {
    const disabled = (workload: string, namespace = 'boutique') =>
      preflight({ scope: { namespace, workload }, mode: 'DISABLE', window: '5m' })
    const redis = await disabled('redis-cart')
    expect(redis.verdict).toBe('breaks')
    expect(redis.callers.map(({ source, reason, certain }) => [source.workload, certain, reason])).toEqual([
      [
        'cartservice',
        true,
        'boutique/cartservice would send plain text and prove no identity, for which AuthorizationPolicy boutique/redis-from-cart asks.',
      ],
    ])
    // one of its rules asks for an identity on some paths only
    const api = await disabled('payments-api', 'payments')
    expect([api.verdict, api.callers]).toEqual(['insufficient', []])
    expect(api.evidence.reasons[0]).toBe(
      'AuthorizationPolicy payments/deny-admin asks for the identity of who calls payments-api, which plain text does not prove.',
    )
    expect(await disabled('currencyservice')).toMatchObject({ verdict: 'safe', callers: [] })
  })

  it('changes one port by the policy that is named', async () => {
    const { verdict, callers, evidence } = await preflight({
      ref: { namespace: 'payments', name: 'vault-proxy', port: 8201 },
      mode: 'STRICT',
      window: '10m',
    })
    expect(evidence.changes).toMatchObject([
      { workload: 'vault-proxy', port: 8201, before: 'DISABLE', after: 'STRICT' },
    ])
    expect([verdict, callers.map((caller) => [caller.protocol, caller.target.port])]).toEqual([
      'breaks',
      [['tcp', 8201]],
    ])
  })

  it.each<[string, unknown, number, string]>([
    [
      'a port without a workload',
      { scope: { namespace: 'payments', port: 8080 }, mode: 'STRICT' },
      400,
      'invalid-parameter',
    ],
    [
      'a namespace that is not there',
      { scope: { namespace: 'nowhere' }, mode: 'STRICT' },
      404,
      'namespace-not-found',
    ],
    [
      'a workload that is not there',
      { scope: { namespace: 'payments', workload: 'x' }, mode: 'STRICT' },
      404,
      'workload-not-found',
    ],
    [
      'a policy that is not there',
      { ref: { namespace: 'payments', name: 'x' }, mode: 'STRICT' },
      404,
      'object-not-found',
    ],
    [
      'a port of a policy without a selector',
      { ref: { namespace: 'payments', name: 'default', port: 8080 }, mode: 'STRICT' },
      400,
      'invalid-parameter',
    ],
    ['a cluster that is not there', { scope: { cluster: 'x' }, mode: 'STRICT' }, 404, 'cluster-not-found'],
    ['a mode that is none', { scope: {}, mode: 'MAYBE' }, 400, 'invalid-body'],
    ['neither scope nor ref', { mode: 'STRICT' }, 400, 'invalid-body'],
  ])('refuses %s', async (_name, body, status, code) => {
    const answer = await ask(body)
    expect([answer.status, ApiError.parse(await answer.json()).error.code]).toEqual([status, code])
  })
})
