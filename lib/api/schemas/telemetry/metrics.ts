/** `GET /api/v1/metrics/node`, `/metrics/edge` and `/metrics/control-plane`: series for charts. */
import { z } from 'zod'
import { Notice } from '../common'

export const METRIC_NAMES = [
  'requests',
  'errors',
  'latency',
  'requestBytes',
  'responseBytes',
  'requestSize',
  'responseSize',
  'requestMessages',
  'responseMessages',
  'tcpSentBytes',
  'tcpReceivedBytes',
  'tcpOpened',
  'tcpClosed',
  'proxies',
  'pushes',
  'pushTime',
  'rejects',
  'configEvents',
  'conflicts',
  'certificates',
  'cpu',
  'memory',
  'goroutines',
] as const

export const METRIC_UNITS = [
  'requests/s',
  'ms',
  'bytes/s',
  'bytes',
  'messages/s',
  'connections/s',
  'events/s',
  'count',
  'cores',
] as const

export const MetricSeries = z.object({
  metric: z.enum(METRIC_NAMES),
  /** the line within its chart: a code class (`2xx`), a quantile (`p99`), a direction (`sent`) */
  name: z.string(),
  unit: z.enum(METRIC_UNITS),
  /** of which version, peer, code or pod, where the answer is grouped; `others` are all that have no line */
  group: z.string().optional(),
  /** [epoch milliseconds, value]; null is a gap, never 0; one point per step, ascending */
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
})
export type MetricSeries = z.infer<typeof MetricSeries>

/** Requests per second by latency and time: a column per step, a cell per bucket. */
export const Heatmap = z.object({
  /** upper bounds of the buckets, milliseconds, ascending; null: no bound */
  boundsMs: z.array(z.number().nullable()),
  /** lower bound of the first bucket, milliseconds */
  fromMs: z.number(),
  /** [epoch milliseconds, requests per second in each bucket]; null: nothing was measured then */
  columns: z.array(z.tuple([z.number(), z.array(z.number()).nullable()])),
})
export type Heatmap = z.infer<typeof Heatmap>

export const MetricAnswer = z.object({
  from: z.number(),
  to: z.number(),
  stepSeconds: z.number(),
  /** what each rate is taken over */
  rateSeconds: z.number(),
  series: z.array(MetricSeries),
  /** the same so long before, at the instants of now; null: not asked */
  earlier: z
    .object({
      offsetSeconds: z.number(),
      series: z.array(MetricSeries),
      queries: z.record(z.string(), z.string()),
    })
    .nullable(),
  /** the busiest are shown, `more` have no line of their own; null: not grouped */
  groups: z
    .object({
      by: z.string(),
      /** metric labels that tell the groups apart */
      labels: z.array(z.string()),
      shown: z.array(z.string()),
      more: z.number(),
    })
    .nullable(),
  heatmap: Heatmap.nullable(),
  /** the PromQL asked of Prometheus, by question */
  queries: z.record(z.string(), z.string()),
  /** identities seen on the edge, busiest first (edge only) */
  principals: z
    .array(
      z.object({
        source: z.string().nullable(),
        destination: z.string().nullable(),
        mutualTls: z.boolean().nullable(),
        /** null of TCP, which has none */
        requestsPerSecond: z.number().nullable(),
        /** both ways together; null of requests, which are counted instead */
        bytesPerSecond: z.number().nullable(),
      }),
    )
    .nullable(),
  notices: z.array(Notice),
})
export type MetricAnswer = z.infer<typeof MetricAnswer>
