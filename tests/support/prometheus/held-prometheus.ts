import { expect } from 'vitest'
import { createEndTables } from '@/lib/graph/build/end-tables'
import type { PrometheusClient } from '@/lib/prometheus/client'
import type { GroupedVector } from '@/lib/prometheus/grouped'
import type { Sample } from '@/lib/prometheus/decode'
import type { Clock } from '@/lib/server/clock'
import { createOwnMetrics } from '@/lib/server/own-metrics'
import type { FactsSource } from '@/lib/server/snapshots/facts'
import type { Snapshot } from '@/lib/server/snapshots/snapshot'
import type { Taker } from '@/lib/server/snapshots/take'

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

/** A Prometheus whose answers about two workloads come when the test says so. */
export function heldPrometheus() {
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

/** What takes snapshots from this Prometheus alone. */
export function takerOn(client: Pick<PrometheusClient, 'instant' | 'grouped'>, clock: Clock): Taker {
  return {
    prometheus: client as PrometheusClient,
    facts: {
      current: () => FACTS,
      get: () => Promise.resolve(FACTS),
      sampleLagSeconds: () => Promise.resolve(5),
      sampledSince: () => Promise.resolve(null),
      doubled: () => Promise.resolve(null),
    } as unknown as FactsSource,
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
}

/** Whether a snapshot has the quantiles of that Prometheus. */
export const hasLatency = (snapshot: Snapshot | null) => snapshot?.topology.flows[0]?.histogram != null
