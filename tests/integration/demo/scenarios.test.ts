import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ScenarioList } from '@/lib/api/schemas/status'
import { createManualClock } from '@/lib/demo/clock'
import { startDemo } from '@/lib/demo/start-demo'
import type { Demo } from '@/lib/demo/start-demo'

const NOON = Date.UTC(2026, 0, 5, 12)
let demo: Demo

beforeAll(async () => {
  demo = await startDemo({ clock: createManualClock(NOON), historySeconds: 900 })
})

afterAll(async () => {
  await demo.close()
})

interface Vector {
  data: { result: { metric: Record<string, string>; value: [number, string] }[] }
}

/** Value of an instant query that answers one number; 0 when it answers nothing. */
async function ask(query: string): Promise<number> {
  const url = `${demo.prometheusUrl}/api/v1/query?query=${encodeURIComponent(query)}`
  const { data } = (await (await fetch(url)).json()) as Vector
  return Number(data.result[0]?.value[1] ?? 0)
}

const rate = (labels: string) => ask(`sum(rate(istio_requests_total{${labels}}[1m]))`)
const tcpRate = (labels: string) => ask(`sum(rate(istio_tcp_connections_opened_total{${labels}}[1m]))`)

async function during<T>(name: string, seconds: number, look: () => Promise<T>): Promise<T> {
  await demo.startScenario(name)
  try {
    await demo.advance(seconds)
    return await look()
  } finally {
    await demo.stopScenario(name)
  }
}

describe('the embedded mesh', () => {
  it('has its history when it begins to answer', async () => {
    expect(await ask('count(count_over_time(istio_requests_total[15m]) > 170)')).toBeGreaterThan(50)
    const { data } = (await (await fetch(`${demo.jaegerUrl}/api/services`)).json()) as { data: string[] }
    expect(data).toContain('productpage.bookinfo')
    const pods = (await (await fetch(`${demo.kubernetesUrl}/api/v1/pods`)).json()) as { items: unknown[] }
    expect(pods.items.length).toBeGreaterThan(40)
    expect(demo.kubeconfig).toContain(demo.kubernetesUrl)
  })

  it('has no server errors while nothing is wrong', async () => {
    expect(await rate('reporter=~"source|waypoint", response_code=~"5..|0"')).toBe(0)
    expect(await rate('reporter=~"source|waypoint", grpc_response_status!~"0|"')).toBe(0)
    expect(await rate('reporter="source"')).toBeGreaterThan(100)
  })

  it('serves the same numbers as text', async () => {
    const text = await (await fetch(demo.scrapeUrl)).text()
    const line = /^istio_requests_total\{[^\n]*reporter="source"[^\n]*\} (\d+) \d+$/m.exec(text)
    expect(Number(line?.[1])).toBeGreaterThan(0)
  })

  it('moves traffic when a weight is patched over the Kubernetes API', async () => {
    const url = `${demo.kubernetesUrl}/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/ratings`
    const patch = async (weights: [number, number]) => {
      const response = await fetch(url, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json-patch+json' },
        body: JSON.stringify(
          weights.map((value, index) => ({
            op: 'replace',
            path: `/spec/http/0/route/${index}/weight`,
            value,
          })),
        ),
      })
      expect(response.status).toBe(200)
    }
    await patch([0, 100])
    await demo.advance(75)
    expect(await rate('reporter="source", destination_workload="ratings-v1"')).toBe(0)
    expect(await rate('reporter="source", destination_workload="ratings-v2"')).toBeGreaterThan(1)
    await patch([70, 30])
    await demo.advance(75)
    expect(await rate('reporter="source", destination_workload="ratings-v1"')).toBeGreaterThan(1)
  })
})

describe('scenarios', () => {
  it('bad-canary: the new version fails, until its weight is moved back or the scenario ends', async () => {
    const errors = 'reporter="source", destination_workload="reviews-v3", response_code="500"'
    const all = 'reporter="source", destination_workload="reviews-v3"'
    const share = await during('bad-canary', 120, async () => (await rate(errors)) / (await rate(all)))
    expect(share).toBeGreaterThan(0.1)
    expect(share).toBeLessThan(0.25)
    await demo.advance(90)
    expect(await rate(errors)).toBe(0)
  })

  it('slow-leaf: everything above is slow', async () => {
    const p95 = () =>
      ask(
        'histogram_quantile(0.95, sum by (le) (rate(istio_request_duration_milliseconds_bucket' +
          '{reporter="source", destination_workload="productpage-v1"}[1m])))',
      )
    const before = await p95()
    const slow = await during('slow-leaf', 120, p95)
    expect(slow).toBeGreaterThan(10 * before)
  })

  it('hub-outage: no endpoint is ready, and callers fail', async () => {
    const seen = await during('hub-outage', 120, async () => ({
      hub: await rate('response_flags="UH", destination_service_name="productcatalogservice"'),
      above: await rate('reporter="source", destination_workload="frontend", response_code="503"'),
    }))
    expect(seen.hub).toBeGreaterThan(5)
    expect(seen.above).toBeGreaterThan(5)
    await demo.advance(120)
    expect(await rate('response_flags="UH"')).toBe(0)
  })

  it('mtls-break: callers in plain text are refused', async () => {
    const plain =
      'reporter="destination", destination_workload="payments-api", connection_security_policy="none"'
    expect(await rate(plain)).toBeGreaterThan(1)
    const seen = await during('mtls-break', 120, async () => ({
      plain: await rate(plain),
      refused: await rate('source_workload="paymentservice", response_flags="UC", response_code="503"'),
    }))
    expect(seen.plain).toBe(0)
    expect(seen.refused).toBeGreaterThan(0.5)
    await demo.advance(90)
    expect(await rate(plain)).toBeGreaterThan(1)
  })

  it('retry-storm: the callee sees far more than its callers send', async () => {
    const of = (reporter: string) => rate(`reporter="${reporter}", destination_workload="cartservice"`)
    const factor = await during(
      'retry-storm',
      120,
      async () => (await of('destination')) / (await of('source')),
    )
    expect(factor).toBeGreaterThan(1.8)
  })

  it('egress-block: what is not registered ends in the black hole', async () => {
    const seen = await during('egress-block', 120, async () => ({
      http: await rate('destination_service_name="BlackHoleCluster", response_code="502"'),
      tcp: await tcpRate('destination_service_name="BlackHoleCluster"'),
      passed: await rate('destination_service_name="PassthroughCluster"'),
    }))
    expect(seen.http).toBeGreaterThan(0.5)
    expect(seen.tcp).toBeGreaterThan(0.1)
    expect(seen.passed).toBe(0)
  })

  it('stale-proxy: some proxies refuse the listeners istiod sends, and nothing fails', async () => {
    const seen = await during('stale-proxy', 240, async () => ({
      rejects: await ask('sum(increase(pilot_total_xds_rejects{type="lds"}[3m]))'),
      failed: await rate('reporter="source", response_code=~"5..|0"'),
    }))
    expect(seen.rejects).toBeGreaterThan(0)
    expect(seen.failed).toBe(0)
    await demo.advance(240)
    expect(await ask('sum(increase(pilot_total_xds_rejects{type="lds"}[1m]))')).toBe(0)
  })

  it('scrape-gap: nothing is scraped for a while, and every series has a hole there', async () => {
    const up = 'count(istio_requests_total)'
    await during('scrape-gap', 400, async () => expect(await ask(up)).toBe(0))
    await demo.advance(120)
    expect(await rate('reporter="source"')).toBeGreaterThan(100)
    const at = (await (await fetch(`${demo.controlUrl}/healthz`)).json()) as { now: number }
    const inGap = `count(count_over_time(istio_requests_total[60s] @ ${(at.now - 300_000) / 1000}))`
    expect(await ask(inGap)).toBe(0)
  })

  it('empty: nobody asks for anything', async () => {
    expect(await during('empty', 120, () => rate('reporter="source"'))).toBe(0)
  })

  it('leave the objects as they found them, but for what somebody changed meanwhile', async () => {
    const url = `${demo.kubernetesUrl}/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews`
    const weights = async () => {
      const { spec } = (await (await fetch(url)).json()) as {
        spec: { http: { route: { weight?: number }[] }[] }
      }
      return spec.http.at(-1)?.route.map((route) => route.weight)
    }
    const before = await weights()
    await demo.startScenario('bad-canary')
    expect((await weights())?.at(-1)).toBe(40)
    await demo.stopScenario('bad-canary')
    expect(await weights()).toEqual(before)
    await demo.startScenario('bad-canary')
    const mended = { spec: { http: [{ route: [{ destination: { host: 'reviews' } }] }] } }
    await fetch(url, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify(mended),
    })
    await demo.stopScenario('bad-canary')
    expect(await weights()).toEqual([undefined])
  })
})

describe('a Prometheus in trouble', () => {
  const query = () => fetch(`${demo.prometheusUrl}/api/v1/query?query=up`)

  it.each([
    ['prometheus-500', async () => expect((await query()).status).toBe(500)],
    ['prometheus-html', async () => expect(await (await query()).text()).toContain('<html>')],
    ['prometheus-down', () => expect(query()).rejects.toThrow()],
    ['prometheus-truncated', async () => expect((await query()).text()).rejects.toThrow()],
  ] as const)('%s', async (name, look) => {
    await demo.startScenario(name)
    await look()
    await demo.stopScenario(name)
    expect((await query()).status).toBe(200)
  })

  it('prometheus-slow outlasts a client that waits for less', async () => {
    await demo.startScenario('prometheus-slow')
    const url = `${demo.prometheusUrl}/api/v1/query?query=up`
    await expect(fetch(url, { signal: AbortSignal.timeout(200) })).rejects.toThrow()
    await demo.stopScenario('prometheus-slow')
  })
})

describe('the control address', () => {
  const post = async (path: string) => {
    const response = await fetch(`${demo.controlUrl}${path}`, { method: 'POST' })
    return { status: response.status, body: (await response.json()) as unknown }
  }

  it('lists, starts and stops scenarios, by alias too', async () => {
    const list = ScenarioList.parse(await (await fetch(`${demo.controlUrl}/scenarios`)).json())
    expect(list.items.find((item) => item.name === 'healthy')?.active).toBe(true)
    const started = ScenarioList.parse((await post('/scenarios/degraded/start')).body)
    expect(started.items.filter((item) => item.active).map((item) => item.name)).toEqual(['bad-canary'])
    const ended = ScenarioList.parse((await post('/scenarios/healthy/start')).body)
    expect(ended.items.filter((item) => item.active).map((item) => item.name)).toEqual(['healthy'])
  })

  it('refuses what it does not know', async () => {
    expect((await post('/scenarios/nonsense/start')).status).toBe(404)
    expect((await post('/nowhere')).status).toBe(404)
    expect((await post('/advance?seconds=-1')).status).toBe(400)
    expect((await fetch(`${demo.controlUrl}/advance`)).status).toBe(405)
  })

  it('lets time pass', async () => {
    const { now } = (await (await fetch(`${demo.controlUrl}/healthz`)).json()) as { now: number }
    expect((await post('/advance?seconds=30')).body).toEqual({ now: now + 30_000 })
  })

  it('does not answer pages of other origins', async () => {
    const url = new URL(`${demo.controlUrl}/scenarios/empty/start`)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request(url, { method: 'POST', headers: { origin: 'http://evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  })
})
