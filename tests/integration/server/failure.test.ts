import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { GET as getStatusRoute } from '@/app/api/v1/status/route'
import { ApiError } from '@/lib/api/schemas/common'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { Status } from '@/lib/api/schemas/status'
import { readConfig } from '@/lib/server/config/config'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import {
  startFakePrometheus,
  type Breakage,
  type FakePrometheus,
} from '../../support/prometheus/fake-prometheus'
import { manualClock, type ManualClock } from '../../support/heddle/manual-clock'
import { until } from '../../support/until'

const START = Date.UTC(2026, 7, 20, 12, 0, 2)
const NOTICES: readonly [Breakage, string][] = [
  ['down', 'prometheus-unreachable'],
  ['slow', 'prometheus-timeout'],
  ['error', 'prometheus-failed'],
  ['html', 'prometheus-bad-answer'],
  ['truncated', 'prometheus-bad-answer'],
  ['throttled', 'prometheus-failed'],
  ['refused', 'prometheus-refused'],
]

describe('when Prometheus breaks', () => {
  let fake: FakePrometheus
  let clock: ManualClock
  let up: Upstreams

  beforeEach(async () => {
    fake = await startFakePrometheus()
    clock = manualClock(START)
    const config = readConfig({ PROMETHEUS_URL: fake.url, LOG_LEVEL: 'silent' })
    up = createUpstreams({ ...config, prometheus: { ...config.prometheus, timeoutMs: 1000 } }, { clock })
    setUpstreams(up)
  })

  afterEach(async () => {
    setUpstreams(null)
    await up.close()
    await fake.stop()
  })

  async function get(): Promise<{ status: number; body: unknown }> {
    const response = await getGraphRoute(new Request('http://heddle.test/api/v1/graph'))
    return { status: response.status, body: await response.json() }
  }

  async function graph(): Promise<Graph> {
    const { status, body } = await get()
    expect(status, JSON.stringify(body)).toBe(200)
    return Graph.parse(body)
  }

  it.each(NOTICES)('%s: the last snapshot stays, says %s, and recovers by itself', async (breakage, code) => {
    const first = await graph()
    expect(first.at).toBe(Date.UTC(2026, 7, 20, 11, 59, 45))
    expect(first.notices).toEqual([])
    expect(first.edges[0]?.requestsPerSecond).toBe(10)
    // all between 50 and 100 ms
    expect(first.edges[0]?.latencyMs?.p50).toBe(75)

    fake.breakage = breakage
    clock.advance(60_000)
    const stale = await until('the failure shows', async () => {
      const now = await graph()
      return now.notices.length > 0 ? now : undefined
    })
    expect(stale.at).toBe(first.at)
    expect(stale.edges).toEqual(first.edges)
    expect(stale.notices).toEqual([expect.objectContaining({ code, upstream: 'prometheus' })])

    fake.breakage = null
    fake.requestsPerSecond = 20
    clock.advance(5_000)
    const fresh = await until('the recovery shows', async () => {
      const now = await graph()
      return now.notices.length === 0 ? now : undefined
    })
    expect(fresh.at).toBeGreaterThan(first.at)
    expect(fresh.edges[0]?.requestsPerSecond).toBe(20)
  })

  it.each([
    ['down', 503, 'prometheus-unreachable'],
    ['slow', 504, 'prometheus-timeout'],
    ['error', 502, 'prometheus-failed'],
    ['html', 502, 'prometheus-bad-answer'],
  ] as const)('%s from the start: %d %s, and then recovers', async (breakage, expected, code) => {
    fake.breakage = breakage
    const { status, body } = await get()
    expect(status).toBe(expected)
    expect(ApiError.parse(body).error).toMatchObject({ code, upstream: 'prometheus' })
    fake.breakage = null
    clock.advance(15_000)
    expect((await graph()).nodes).toHaveLength(2)
  })

  it('says in the status what is wrong, in words', async () => {
    const status = async () =>
      Status.parse(await (await getStatusRoute(new Request('http://heddle.test/api/v1/status'))).json())
    const before = (await status()).upstreams.find((one) => one.name === 'prometheus')
    expect(before).toMatchObject({
      reachable: true,
      product: 'Prometheus',
      version: '2.99.0',
      error: null,
      code: null,
    })
    fake.breakage = 'html'
    clock.advance(10_000)
    const after = (await status()).upstreams.find((one) => one.name === 'prometheus')
    expect(after).toMatchObject({ reachable: false, code: 'prometheus-bad-answer' })
    expect(after?.error).toContain('web page')
  })
})
