/** Counters that are there more than once, or only look as if they were, in a real Prometheus. */
import { describe, expect, it } from 'vitest'
import { GET as getGraphRoute } from '@/app/api/v1/graph/route'
import { apiPaths } from '@/lib/api/paths'
import { Graph } from '@/lib/api/schemas/mesh/graph'
import { askRoute } from '../support/heddle/ask-route'
import { startTelemetryServer } from '../support/heddle/telemetry-server'
import { requestSeries, type Series } from '../support/prometheus/istio-metrics'
import { isPrometheusLeftOut } from '../support/prometheus/prometheus-process'

const LAST = Math.floor(Date.now() / 1000 / 60) * 60 - 120
const FIRST = LAST - 900

type Labels = Record<string, string>

/** What three callers ask, each pod of which is read with each of these sets of labels. */
const readWith = (...ways: Labels[]): Series[] =>
  ['web-v1', 'app-v1', 'job-v1'].flatMap((workload) =>
    requestSeries({
      from: { namespace: 'shop', workload },
      to: { namespace: 'shop', workload: 'cart-v1' },
      reporter: 'source',
      perSecond: 5,
    }).flatMap((series) =>
      ways.map((way) => {
        const pod = { namespace: 'shop', pod: `${workload}-abc`, instance: `${workload}:15020`, job: 'pods' }
        return { ...series, labels: { ...series.labels, ...pod, ...way } }
      }),
    ),
  )

/** What a graph of one of these, a moment of the past, says of them. */
async function saidOf(series: readonly Series[]) {
  const server = await startTelemetryServer(series, FIRST, LAST)
  try {
    const path = apiPaths.graph({ graphType: 'workload', window: '5m', at: LAST * 1000 })
    const { edges, notices } = await askRoute(getGraphRoute, path, Graph)
    const perSecond = edges.reduce((sum, edge) => sum + (edge.requestsPerSecond ?? 0), 0)
    return {
      perSecond: Math.round(perSecond),
      said: notices.map(({ code, message }) => `${code}: ${message}`),
    }
  } finally {
    await server.close()
  }
}

const TOLD = (times: number, labels: string) => [
  expect.stringContaining(
    `prometheus-doubled: Prometheus has counters of the mesh ${times} times, apart in ${labels} alone`,
  ),
]

describe.skipIf(isPrometheusLeftOut)('counters of a mesh', () => {
  it.each([
    ['read once', readWith({ prometheus_replica: 'a' }), 15, []],
    [
      'of two replicas of Prometheus',
      readWith({ prometheus_replica: 'a' }, { prometheus_replica: 'b' }),
      30,
      TOLD(2, 'prometheus_replica'),
    ],
    [
      'of pods that two jobs scrape, one of which keeps more of their labels',
      readWith({ app: 'shop' }, { job: 'monitors', instance: '10.0.0.1:15090' }),
      30,
      TOLD(2, 'instance and job'),
    ],
    [
      'of several pods, whose names no label has',
      readWith({ pod: '', instance: 'a:1' }, { pod: '', instance: 'b:1' }),
      30,
      [],
    ],
    [
      'by a label of somebody’s own',
      readWith({ request_operation: 'a' }, { request_operation: 'b' }),
      30,
      [],
    ],
  ])('%s', async (_what, series, perSecond, said) => {
    expect(await saidOf(series)).toEqual({ perSecond, said })
  })

  it('of a Prometheus that was replaced within the last minutes', async () => {
    // the new one's first sample is younger than what one looks back for
    const series = readWith({ replica: 'a' }, { replica: 'b' })
    const since = (one: Series) => (one.labels.replica === 'b' ? LAST - 120 : FIRST)
    expect((await saidOf(series.map((one) => ({ ...one, from: since(one) })))).said).toEqual([])
  })
})
