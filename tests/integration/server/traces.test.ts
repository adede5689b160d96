/** Searching traces of the embedded mesh by what their spans are, in each kind of store, and a trace too large to send whole. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GET as getStatus } from '@/app/api/v1/status/route'
import { GET as getTraces } from '@/app/api/v1/traces/route'
import { GET as getTrace } from '@/app/api/v1/traces/[id]/route'
import { GET as getOperations } from '@/app/api/v1/traces/operations/route'
import { apiPaths, type TraceFilter } from '@/lib/api/paths'
import { Status } from '@/lib/api/schemas/status'
import { OperationList, TraceAnswer, TraceList } from '@/lib/api/schemas/telemetry/traces'
import { createManualClock } from '@/lib/demo/clock'
import { startDemo, type Demo } from '@/lib/demo/start-demo'
import { setUpstreams } from '@/lib/server/upstreams'
import { serveDemo } from '../../support/heddle/demo-server'
import { manualClock } from '../../support/heddle/manual-clock'
import { serveLoopback } from '../../support/loopback'

const START = Date.UTC(2026, 7, 20, 12, 0, 0)
const NODE = 'east/bookinfo/workload/productpage-v1'
const LARGE = 50_000
const LARGE_ID = 'abcdef0123456789'

/** A store that holds one trace of so many spans, each calling five. */
function storeOfOne(): Promise<{ url: string; close: () => void }> {
  const spans = Array.from({ length: LARGE }, (_, n) => ({
    traceID: LARGE_ID,
    spanID: (n + 1).toString(16).padStart(16, '0'),
    operationName: `step ${n % 50}`,
    references:
      n === 0
        ? []
        : [
            {
              refType: 'CHILD_OF',
              traceID: LARGE_ID,
              spanID: (Math.floor((n - 1) / 5) + 1).toString(16).padStart(16, '0'),
            },
          ],
    startTime: START * 1000 + n,
    duration: LARGE - n,
    tags: [{ key: 'http.status_code', type: 'string', value: '200' }],
    processID: 'p1',
  }))
  const body = JSON.stringify({
    data: [{ traceID: LARGE_ID, spans, processes: { p1: { serviceName: 'page.shop', tags: [] } } }],
  })
  return serveLoopback((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(body)
  })
}

describe.each(['jaeger', 'tempo'] as const)('traces in %s', (kind) => {
  let demo: Demo
  const closers: (() => unknown)[] = []

  beforeAll(async () => {
    demo = await startDemo({
      clock: createManualClock(START),
      historySeconds: 1_800,
      seed: 1,
      scenario: 'hub-outage',
    })
    closers.push(() => demo.close())
    await start(kind === 'jaeger' ? { JAEGER_URL: demo.jaegerUrl } : { TEMPO_URL: demo.tempoUrl })
  })
  afterAll(async () => {
    setUpstreams(null)
    for (const close of closers.reverse()) await close()
  })

  async function start(store: { JAEGER_URL: string } | { TEMPO_URL: string }) {
    const up = await serveDemo(demo, manualClock(START + 1_000), store)
    closers.push(() => up.close())
  }

  const at = (path: string) => new Request(`http://heddle.test${path}`)
  it('finds the traces of a namespace by the spans of its own workloads, and says which took part', async () => {
    const place = { cluster: 'east', namespace: 'bookinfo' }
    const ask = async (filter: Partial<TraceFilter> = {}) =>
      TraceList.parse(
        await (await getTraces(at(apiPaths.traces({ ...place, window: '1h', limit: 20, ...filter })))).json(),
      )
    const { items, notices } = await ask()
    expect(notices).toEqual([])
    expect(items.length).toBe(20)
    expect(items.every(({ startMs }, index) => startMs <= (items[index - 1]?.startMs ?? Infinity))).toBe(true)
    for (const { node } of items) {
      expect(node?.spans).toBeGreaterThan(0)
      expect(node?.services.every((name) => name.endsWith('.bookinfo'))).toBe(true)
    }
    const longest = Math.max(...items.map(({ node }) => node?.durationMs ?? 0))
    const slow = await ask({ minDurationMs: Math.floor(longest) })
    expect(slow.items.length).toBeGreaterThan(0)
    expect(slow.items.length).toBeLessThan(20)
    expect(slow.items.every(({ node }) => (node?.durationMs ?? 0) >= Math.floor(longest))).toBe(true)
    const operations = OperationList.parse(
      await (await getOperations(at(apiPaths.traceOperations(place)))).json(),
    ).items
    expect(operations.some((name) => name.includes('reviews'))).toBe(true)
    const nowhere = await ask({ namespace: 'no-such' })
    expect(nowhere.items).toEqual([])
    const both = await getTraces(at(`${apiPaths.traces({ ...place })}&node=${NODE}`))
    expect(both.status).toBe(400)
  })

  async function search(filter: Partial<TraceFilter>) {
    const response = await getTraces(at(apiPaths.traces({ node: NODE, window: '1h', limit: 100, ...filter })))
    return TraceList.parse(await response.json()).items
  }
  async function spansOf(id: string) {
    const response = await getTrace(at(apiPaths.trace(id)), { params: Promise.resolve({ id }) })
    return TraceAnswer.parse(await response.json()).trace.spans
  }

  it('lists the operations of a node', async () => {
    const response = await getOperations(at(apiPaths.traceOperations({ node: NODE })))
    const { items } = OperationList.parse(await response.json())
    expect(items.some((name) => name.startsWith('reviews.bookinfo.svc'))).toBe(true)
  })

  it('finds traces in which one of the node’s own spans meets everything that is asked', async () => {
    const all = await search({})
    expect(all.length).toBeGreaterThan(5)
    const [first] = all
    const operation = (await spansOf(first?.id ?? '')).find((span) => span.nodeId === NODE)?.operation ?? ''
    for (const filter of [
      { operation },
      { status: '200' },
      { tags: 'http.method=GET response_flags=-' },
      { minDurationMs: 20 },
      { maxDurationMs: 20 },
    ]) {
      const found = await search(filter)
      expect(found.length, JSON.stringify(filter)).toBeGreaterThan(0)
      for (const { id } of found.slice(0, 5)) {
        const own = (await spansOf(id)).filter((span) => span.nodeId === NODE)
        const isMet = own.some(
          (span) =>
            (filter.operation === undefined || span.operation === filter.operation) &&
            (filter.status === undefined || span.httpStatus === filter.status) &&
            (filter.tags === undefined ||
              (span.tags['http.method'] === 'GET' && span.tags['response_flags'] === '-')) &&
            (filter.minDurationMs === undefined || span.durationMs >= filter.minDurationMs) &&
            (filter.maxDurationMs === undefined || span.durationMs <= filter.maxDurationMs),
        )
        expect(isMet, `${id} ${JSON.stringify(filter)}`).toBe(true)
      }
    }
    expect(await search({ tags: 'http.method=BREW' })).toEqual([])
  })

  it('says what its spans are whatever store they came from', async () => {
    const [first] = await search({ status: '200' })
    const spans = await spansOf(first?.id ?? '')
    expect(first).toMatchObject({
      spans: spans.length,
      services: [...new Set(spans.map((one) => one.service))].sort(),
    })
    const own = spans.filter((span) => span.nodeId === NODE)
    expect(own.map((span) => span.kind)).toContain('client')
    expect(own.every((span) => span.podName?.startsWith('productpage-v1-'))).toBe(true)
    expect(own.every((span) => span.parentId === null || spans.some((one) => one.id === span.parentId))).toBe(
      true,
    )
    const failed = await search({ node: 'east/boutique/workload/frontend', errors: true })
    expect(failed.length).toBeGreaterThan(0)
    expect(failed.every((trace) => trace.hasError)).toBe(true)
  })

  it('leaves tags and logs out of an outline, and nothing else', async () => {
    const [first] = await search({ status: '200' })
    const id = first?.id ?? ''
    const ask = async (path: string) =>
      TraceAnswer.parse(await (await getTrace(at(path), { params: Promise.resolve({ id }) })).json()).trace
    const [whole, outline] = [await ask(apiPaths.trace(id)), await ask(apiPaths.traceOutline(id))]
    expect(whole.spans.every((span) => Object.keys(span.tags).length > 5)).toBe(true)
    expect(outline).toEqual({ ...whole, spans: whole.spans.map((span) => ({ ...span, tags: {}, logs: [] })) })
  })

  it('names the store and says whether it answers', async () => {
    const { upstreams } = Status.parse(await (await getStatus(at('/api/v1/status'))).json())
    expect(upstreams.find((one) => one.name === kind)).toMatchObject({
      name: kind,
      configured: true,
      product: kind === 'jaeger' ? 'Jaeger' : 'Tempo',
    })
  })

  it.each(['status=99', 'tags=oops', 'operation='])('refuses %s', async (query) => {
    expect((await getTraces(at(`/api/v1/traces?node=${NODE}&${query}`))).status).toBe(400)
  })

  // made up span by span in Jaeger's form
  if (kind === 'jaeger') {
    it('answers a part of 50,000 spans, parents with their children, and says so', async () => {
      const store = await storeOfOne()
      closers.push(store.close)
      await start({ JAEGER_URL: store.url })
      const response = await getTrace(at(apiPaths.trace(LARGE_ID)), {
        params: Promise.resolve({ id: LARGE_ID }),
      })
      const { trace } = TraceAnswer.parse(await response.json())
      expect(trace.spans).toHaveLength(20_000)
      expect(trace.warnings.join()).toMatch(/50000 spans/)
      const ids = new Set(trace.spans.map((span) => span.id))
      expect(trace.spans.every((span) => span.parentId === null || ids.has(span.parentId))).toBe(true)
    })
  }
})
