import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { GET as openStream } from '@/app/api/v1/graph/stream/route'
import { Notice } from '@/lib/api/schemas/common'
import { Graph, GraphPatch } from '@/lib/api/schemas/mesh/graph'
import { readConfig } from '@/lib/server/config/config'
import { createUpstreams, setUpstreams, type Upstreams } from '@/lib/server/upstreams'
import { readEvents, type EventReader, type SentEvent } from '../../support/heddle/event-stream'
import { startFakePrometheus, type FakePrometheus } from '../../support/prometheus/fake-prometheus'
import { manualClock, type ManualClock } from '../../support/heddle/manual-clock'

const START = Date.UTC(2026, 7, 20, 12, 0, 2)
const STEP_MS = 15_000

describe('the live feed', () => {
  let fake: FakePrometheus
  let clock: ManualClock
  let up: Upstreams
  let ends: AbortController[]

  beforeEach(async () => {
    fake = await startFakePrometheus()
    clock = manualClock(START)
    up = createUpstreams(readConfig({ PROMETHEUS_URL: fake.url, LOG_LEVEL: 'silent' }), { clock })
    setUpstreams(up)
    ends = []
  })

  afterEach(async () => {
    for (const end of ends) end.abort()
    setUpstreams(null)
    await up.close()
    await fake.stop()
  })

  async function open(
    query = '',
    lastId?: string,
  ): Promise<{ events: EventReader; end: AbortController; response: Response }> {
    const end = new AbortController()
    ends.push(end)
    const response = await openStream(
      new Request(`http://heddle.test/api/v1/graph/stream${query}`, {
        signal: end.signal,
        headers: lastId === undefined ? {} : { 'last-event-id': lastId },
      }),
    )
    return { events: readEvents(response), end, response }
  }

  /** Applies events until the quantiles of the moment have come. */
  async function settle(events: EventReader): Promise<SentEvent> {
    let event = await events.next()
    while (!hasLatency(event)) event = await events.next()
    return event
  }

  it('sends the whole graph, then latency as a patch, then what changed', async () => {
    const { events, response } = await open()
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(response.headers.get('cache-control')).toContain('no-transform')
    const first = await events.next()
    expect(first.name).toBe('graph')
    const graph = Graph.parse(first.data)
    expect(graph.edges[0]?.requestsPerSecond).toBe(10)
    expect(graph.edges[0]?.latencyMs).toBeNull()

    const second = await events.next()
    expect(second.name).toBe('patch')
    expect(GraphPatch.parse(second.data).edges[0]?.latencyMs?.p50).toBe(75)

    fake.requestsPerSecond = 30
    clock.advance(STEP_MS)
    const patch = GraphPatch.parse((await events.next()).data)
    expect(patch.at).toBe(graph.at + STEP_MS)
    expect(patch.edges[0]?.requestsPerSecond).toBe(30)
    // the quantiles of the moment before stay until their own come
    expect(patch.edges[0]?.latencyMs?.p50).toBe(75)
    expect(patch.removedNodes).toEqual([])
  })

  it('asks Prometheus the same for 200 viewers as for one, and forgets them when they go', async () => {
    const opened = await Promise.all(Array.from({ length: 200 }, () => open()))
    for (const { events } of opened) expect((await events.next()).name).toBe('graph')
    for (const { events } of opened.slice(0, 1)) await settle(events)
    // requests, three of TCP, buckets
    expect(fake.queries).toHaveLength(5)
    expect(up.hub.viewers).toBe(200)
    for (const { end } of opened.slice(0, 100)) end.abort()
    expect(up.hub.viewers).toBe(100)
    for (const { events, end } of opened.slice(100)) {
      await events.cancel()
      // ending twice is harmless
      end.abort()
    }
    expect(up.hub.viewers).toBe(0)
    const asked = fake.queries.length
    clock.advance(120_000)
    clock.advance(120_000)
    await up.snapshots.live(120).settled
    expect(fake.queries.length - asked).toBeLessThanOrEqual(5)
  })

  it('keeps no viewer for a request of the headers alone', async () => {
    const url = 'http://heddle.test/api/v1/graph/stream'
    const response = await openStream(new Request(url, { method: 'HEAD' }))
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    expect(response.body).toBeNull()
    expect(up.hub.viewers).toBe(0)
  })

  it('sends a reader that comes back what it missed, or the whole', async () => {
    const { events, end } = await open()
    const last = await settle(events)
    // another viewer keeps the view alive while the connection is broken
    const other = await open()
    end.abort()
    await other.events.next()
    fake.requestsPerSecond = 11
    clock.advance(STEP_MS)
    await other.events.next()

    const resumed = await open('', last.id ?? '')
    const missed = await resumed.events.next()
    expect(missed.name).toBe('patch')
    expect(GraphPatch.parse(missed.data).edges[0]?.requestsPerSecond).toBe(11)

    const stranger = await open('', 'from-another-life-7')
    expect((await stranger.events.next()).name).toBe('graph')
  })

  it('gives a reader that fell behind the whole graph instead of patches it cannot use', async () => {
    const slow = await open()
    const quick = await open()
    await settle(quick.events)
    for (let step = 1; step <= 20; step++) {
      fake.requestsPerSecond = 10 + step
      clock.advance(STEP_MS)
      let event = await quick.events.next()
      while (!isAtRate(event, 10 + step)) event = await quick.events.next()
      // both events of a moment are out before the next one
      await up.snapshots.live(120).settled
    }
    const names: string[] = []
    let event = await slow.events.next()
    while (!isAtRate(event, 30)) {
      names.push(event.name)
      event = await slow.events.next()
    }
    expect(event.name).toBe('graph')
    // the quick one was sent forty
    expect(names.length).toBeLessThan(15)
  })

  it('tells of a failure by a notice, and of the recovery by a patch without it', async () => {
    const { events } = await open()
    await settle(events)
    fake.breakage = 'html'
    clock.advance(STEP_MS)
    const told = await events.next()
    expect(told.name).toBe('notice')
    expect(Notice.parse(told.data)).toMatchObject({ code: 'prometheus-bad-answer', upstream: 'prometheus' })
    const marked = GraphPatch.parse((await events.next()).data)
    expect(marked.notices.map(({ code }) => code)).toEqual(['prometheus-bad-answer'])
    expect(marked.edges).toEqual([])
    fake.breakage = null
    clock.advance(5_000)
    expect(GraphPatch.parse((await events.next()).data).notices).toEqual([])
  })

  it('waits for a Prometheus that is not there yet', async () => {
    fake.breakage = 'html'
    const { events } = await open()
    expect((await events.next()).name).toBe('notice')
    fake.breakage = null
    clock.advance(5_000)
    expect((await events.next()).name).toBe('graph')
  })

  it('ends when the process is asked to end, whoever still listens', async () => {
    const live = await open()
    const past = await open(`?at=${(START - 600_000) / 1000}`)
    await live.events.next()
    await up.close()
    for (const { events } of [live, past]) {
      await expect(
        (async () => {
          for (;;) await events.next()
        })(),
      ).rejects.toThrow('the stream ended')
    }
    expect(up.streams.size).toBe(0)
  })

  it('sends a moment of the past once', async () => {
    const { events } = await open(`?at=${(START - 600_000) / 1000}`)
    const graph = Graph.parse((await events.next()).data)
    expect(graph.at).toBe(START - 600_000)
    expect((await events.next()).name).toBe('patch')
    expect(up.hub.viewers).toBe(0)
  })
})

function hasLatency({ data }: SentEvent): boolean {
  return (data as Graph | GraphPatch).edges[0]?.latencyMs?.p50 === 75
}

function isAtRate({ data }: SentEvent, rate: number): boolean {
  return (data as Graph | GraphPatch).edges[0]?.requestsPerSecond === rate
}
