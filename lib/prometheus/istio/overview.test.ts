/** Questions about namespaces, asked of a store: they must count as everything else does. */
import { describe, expect, it } from 'vitest'
import { createMetricStore } from '@/lib/demo/prometheus/metric-store'
import { createQueryEngine } from '@/lib/demo/prometheus/promql/query'
import { parsePromql } from '@/lib/demo/prometheus/promql/syntax/parse'
import { outcomeOf } from '@/lib/mesh/outcome'
import { namespaceErrorsQuery, namespaceRequestsQuery } from './overview'

const MINUTE_MS = 60_000

/** Per second over a minute in which one request a second was counted with these labels; null: nothing answered. */
function asked(query: string, labels: Record<string, string>): number | null {
  const store = createMetricStore()
  const counter = store.counter('istio_requests_total', {
    reporter: 'source',
    destination_cluster: 'east',
    destination_service_namespace: 'shop',
    ...labels,
  })
  for (let at = 0; at <= MINUTE_MS; at += 15_000) {
    store.scrape(at)
    counter.add(15)
  }
  const answer = createQueryEngine({ store }).instant(parsePromql(query), MINUTE_MS)
  if (answer.type !== 'vector') throw new Error(`no vector but ${answer.type}`)
  return answer.samples[0]?.value ?? null
}

describe('errors of namespaces', () => {
  it.each([
    ['http', '200', ''],
    ['http', '404', ''],
    ['http', '503', ''],
    ['http', '0', ''],
    ['http', '-', ''],
    ['grpc', '200', '0'],
    ['grpc', '200', '14'],
    ['grpc', '200', '20'],
    ['grpc', '200', ''],
    ['grpc', '0', ''],
    // turned away before gRPC had a say: a mistake of the caller, as on the graph
    ['grpc', '403', '7'],
    ['grpc', '503', '14'],
  ] as const)('%s %s status %j counts as on the graph', (protocol, responseCode, grpcStatus) => {
    const labels = {
      request_protocol: protocol,
      response_code: responseCode,
      grpc_response_status: grpcStatus,
    }
    const { isError } = outcomeOf({ protocol, responseCode, grpcStatus })
    const options = { windowSeconds: 60 }
    expect(asked(namespaceErrorsQuery(options), labels)).toBe(isError ? 1 : null)
    expect(asked(namespaceRequestsQuery(options), labels)).toBe(1)
  })

  it('come once from the called side, where the caller has no proxy', () => {
    const labels = { reporter: 'destination', request_protocol: 'http', response_code: '500' }
    const of = (source_workload: string) =>
      asked(namespaceErrorsQuery({ windowSeconds: 60 }), { ...labels, source_workload })
    expect([of('unknown'), of('web')]).toEqual([1, null])
  })
})
