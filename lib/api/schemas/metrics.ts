/** `GET /api/v1/metrics/node` and `/metrics/edge`: series for charts. */
import { z } from 'zod'
import { Notice } from './common'

export const METRIC_NAMES = [
  'requests',
  'errors',
  'latency',
  'requestBytes',
  'responseBytes',
  'tcpSentBytes',
  'tcpReceivedBytes',
] as const

export const MetricSeries = z.object({
  metric: z.enum(METRIC_NAMES),
  /** the line within its chart: a code class (`2xx`), a quantile (`p99`), a direction (`sent`) */
  name: z.string(),
  unit: z.enum(['requests/s', 'ms', 'bytes/s']),
  /** [epoch milliseconds, value]; null is a gap, never 0; one point per step, ascending */
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
})
export type MetricSeries = z.infer<typeof MetricSeries>

export const MetricAnswer = z.object({
  from: z.number(),
  to: z.number(),
  stepSeconds: z.number(),
  series: z.array(MetricSeries),
  /** the PromQL behind each metric, for copying */
  queries: z.record(z.string(), z.string()),
  /** identities seen on the edge, most requests first (edge only) */
  principals: z
    .array(
      z.object({
        source: z.string().nullable(),
        destination: z.string().nullable(),
        mutualTls: z.boolean().nullable(),
        requestsPerSecond: z.number(),
      }),
    )
    .nullable(),
  notices: z.array(Notice),
})
export type MetricAnswer = z.infer<typeof MetricAnswer>
