import { describe, expect, it } from 'vitest'
import { manualClock } from '@/tests/support/manual-clock'
import { createEndTables } from '@/lib/graph/build/end-tables'
import type { PrometheusClient } from '@/lib/prometheus/client'
import type { GroupedVector } from '@/lib/prometheus/grouped'
import type { Sample } from '@/lib/prometheus/decode'
import type { FactsSource } from './facts'
import { createOwnMetrics } from '../own-metrics'
import { LiveLine } from './live-line'
import type { Snapshot } from './snapshot'
import type { Taker } from './take'

const ENDS = {
  reporter: 'source',
  source_workload: 'a',
  source_workload_namespace: 'shop',
  destination_workload: 'b',
  destination_workload_namespace: 'shop',
  destination_service_name: 'b',
  destination_service_namespace: 'shop',
  request_protocol: 'http',
}
const REQUESTS: Sample[] = [{ labels: { ...ENDS, response_code: '200' }, value: 2 }]
const LATENCY: GroupedVector = {
  groups: [
    {
      labels: ENDS,
      values: [
        { by: '10', value: 1 },
        { by: '+Inf', value: 2 },
      ],
    },
  ],
  warnings: [],
}

/** A Prometheus whose answers come when the test says so. */
function heldPrometheus() {
  const requests: ((rows: Sample[]) => void)[] = []
  const latency: ((answer: GroupedVector) => void)[] = []
  let latencyQuestions = 0
  const client: Pick<PrometheusClient, 'instant' | 'grouped'> = {
    instant: (query) =>
      query.includes('istio_requests_total')
        ? new Promise((resolve) => requests.push((samples) => resolve({ samples, warnings: [] })))
        : Promise.resolve({ samples: [], warnings: [] }),
    grouped: () => {
      latencyQuestions += 1
      return new Promise((resolve) => latency.push(resolve))
    },
  }
  const next = async <T>(asked: ((answer: T) => void)[], answer: T) => {
    await expect.poll(() => asked.length).toBeGreaterThan(0)
    asked.shift()?.(answer)
  }
  return {
    client,
    answer: { requests: () => next(requests, REQUESTS), latency: () => next(latency, LATENCY) },
    isAsked: (what: 'requests' | 'latency') => () => (what === 'requests' ? requests : latency).length > 0,
    latencyQuestions: () => latencyQuestions,
  }
}

const FACTS = { recorded: new Set<never>(), scrapeIntervalSeconds: 15 }

function lineOn(client: Pick<PrometheusClient, 'instant' | 'grouped'>, start: number) {
  const clock = manualClock(start)
  const taker: Taker = {
    prometheus: client as PrometheusClient,
    facts: { current: () => FACTS, get: () => Promise.resolve(FACTS) } as unknown as FactsSource,
    inventories: () => Promise.resolve([]),
    tables: createEndTables(),
    scope: [],
    latencyBudgetMs: 60_000,
    refresh: { lagMs: 5_000, keepMs: 60_000 },
    defaultCluster: 'east',
    clock,
    log: { write: () => {} } as unknown as Taker['log'],
    metrics: createOwnMetrics(),
    onTaken: () => {},
  }
  return { clock, line: new LiveLine(taker, 120) }
}

const hasLatency = (snapshot: Snapshot | null) => snapshot?.topology.flows[0]?.histogram != null

describe('the present of a window', () => {
  it('keeps the quantiles that come while the next traffic is on its way', async () => {
    const { client, answer, isAsked } = heldPrometheus()
    const { clock, line } = lineOn(client, 1_800_000_000_000)
    const first = line.read()
    await answer.requests()
    expect(hasLatency(await first)).toBe(false)
    await expect.poll(isAsked('latency')).toBe(true)
    // traffic of the next instant is asked for before the first quantiles are there, which take long
    clock.advance(20_000)
    await expect.poll(isAsked('requests')).toBe(true)
    const settled = line.settled
    await answer.latency()
    await settled
    expect(hasLatency(line.state.snapshot)).toBe(true)
    const before = line.state.snapshot
    await answer.requests()
    await expect.poll(() => line.state.snapshot !== before).toBe(true)
    expect(line.state.snapshot?.at).toBeGreaterThan(before?.at ?? Infinity)
    // quantiles rest now: they may keep Prometheus busy a quarter of the time
    await line.settled
    expect(hasLatency(line.state.snapshot)).toBe(true)
    line.close()
  })

  it('asks for quantiles once at a time, however long they take', async () => {
    const { client, answer, isAsked, latencyQuestions } = heldPrometheus()
    const { clock, line } = lineOn(client, 1_800_000_000_000)
    const first = line.read()
    await answer.requests()
    await first
    await expect.poll(isAsked('latency')).toBe(true)
    const seen = new Set([line.state.snapshot?.at])
    // two more instants come and go before Prometheus has answered
    for (const count of [2, 3]) {
      clock.advance(20_000)
      await answer.requests()
      await expect.poll(() => seen.add(line.state.snapshot?.at).size).toBe(count)
    }
    const newest = line.state.snapshot?.at
    const settled = line.settled
    await answer.latency()
    await settled
    // what came is of the first instant; it is shown on the newest, which stays the newest
    expect(line.state.snapshot?.at).toBe(newest)
    expect(hasLatency(line.state.snapshot)).toBe(true)
    expect(latencyQuestions()).toBe(1)
    line.close()
  })
})
