/** The charts of a detail page: what each asks for, and its answers as lines. */
import type { MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import type { ChartName } from '@/lib/api/schemas/requests'
import type { Series } from '@/lib/prometheus/decode'
import {
  groupedRequests,
  meanSeries,
  quantileSeries,
  requestSeries,
  sumSeries,
  type ChartGrid,
} from './chart-series'

const DURATION = 'istio_request_duration_milliseconds'
const OUTCOME = ['request_protocol', 'response_code', 'grpc_response_status']

/** One question of a chart: a metric and what it is summed by, beside the labels of a grouping. */
export interface ChartQuestion {
  id: string
  metric: string
  by: readonly string[]
}

export interface DetailChart {
  questions: readonly ChartQuestion[]
  /** the metric by whose rate groups are ranked */
  rankedBy: string
  isTcp: boolean
  /** lines of the whole; rows by question */
  whole(rows: Rows, grid: ChartGrid): MetricSeries[]
  /** lines of one group; quantiles of groups come from the group's own buckets */
  ofGroup(rows: Rows, grid: ChartGrid): MetricSeries[]
}

type Rows = (question: string) => readonly Series[]

const REQUESTS = 'istio_requests_total'

const sizes = (rows: Rows, grid: ChartGrid): MetricSeries[] =>
  (['requestSize', 'responseSize'] as const).flatMap((metric) => [
    ...quantileSeries(metric, 'bytes', rows(`${metric}Buckets`), grid),
    ...meanSeries(metric, 'bytes', rows(`${metric}Sum`), rows(`${metric}Count`), grid),
  ])

const latency = (rows: Rows, grid: ChartGrid): MetricSeries[] => [
  ...quantileSeries('latency', 'ms', rows('latencyBuckets'), grid),
  ...meanSeries('latency', 'ms', rows('latencySum'), rows('latencyCount'), grid),
]

const requestBytes = (rows: Rows, grid: ChartGrid): MetricSeries[] => [
  ...sumSeries('requestBytes', 'received', 'bytes/s', rows('requestBytes'), grid),
  ...sumSeries('responseBytes', 'sent', 'bytes/s', rows('responseBytes'), grid),
]

const messages = (rows: Rows, grid: ChartGrid): MetricSeries[] => [
  ...sumSeries('requestMessages', 'sent by the caller', 'messages/s', rows('requestMessages'), grid),
  ...sumSeries('responseMessages', 'sent back', 'messages/s', rows('responseMessages'), grid),
]

const tcp = (rows: Rows, grid: ChartGrid): MetricSeries[] => [
  ...sumSeries('tcpReceivedBytes', 'received', 'bytes/s', rows('tcpReceivedBytes'), grid),
  ...sumSeries('tcpSentBytes', 'sent', 'bytes/s', rows('tcpSentBytes'), grid),
  ...sumSeries('tcpOpened', 'opened', 'connections/s', rows('tcpOpened'), grid),
  ...sumSeries('tcpClosed', 'closed', 'connections/s', rows('tcpClosed'), grid),
]

const latencyQuestions: ChartQuestion[] = [
  { id: 'latencyBuckets', metric: `${DURATION}_bucket`, by: ['le'] },
  { id: 'latencySum', metric: `${DURATION}_sum`, by: [] },
  { id: 'latencyCount', metric: `${DURATION}_count`, by: [] },
]

/** The heat map is made of the buckets of latency: asked with it, it costs nothing more. */
export const DETAIL_CHARTS: Record<ChartName, DetailChart> = {
  requests: {
    questions: [{ id: 'requests', metric: REQUESTS, by: OUTCOME }],
    rankedBy: REQUESTS,
    isTcp: false,
    whole: (rows, grid) => requestSeries(rows('requests'), grid),
    ofGroup: (rows, grid) => groupedRequests(rows('requests'), grid),
  },
  latency: {
    questions: latencyQuestions,
    rankedBy: REQUESTS,
    isTcp: false,
    whole: latency,
    ofGroup: latency,
  },
  heatmap: {
    questions: latencyQuestions.slice(0, 1),
    rankedBy: REQUESTS,
    isTcp: false,
    whole: () => [],
    ofGroup: () => [],
  },
  bytes: {
    questions: [
      { id: 'requestBytes', metric: 'istio_request_bytes_sum', by: [] },
      { id: 'responseBytes', metric: 'istio_response_bytes_sum', by: [] },
    ],
    rankedBy: REQUESTS,
    isTcp: false,
    whole: requestBytes,
    ofGroup: requestBytes,
  },
  sizes: {
    questions: (['request', 'response'] as const).flatMap((part) => [
      { id: `${part}SizeBuckets`, metric: `istio_${part}_bytes_bucket`, by: ['le'] },
      { id: `${part}SizeSum`, metric: `istio_${part}_bytes_sum`, by: [] },
      { id: `${part}SizeCount`, metric: `istio_${part}_bytes_count`, by: [] },
    ]),
    rankedBy: REQUESTS,
    isTcp: false,
    whole: sizes,
    ofGroup: sizes,
  },
  messages: {
    questions: [
      { id: 'requestMessages', metric: 'istio_request_messages_total', by: [] },
      { id: 'responseMessages', metric: 'istio_response_messages_total', by: [] },
    ],
    rankedBy: 'istio_request_messages_total',
    isTcp: false,
    whole: messages,
    ofGroup: messages,
  },
  tcp: {
    questions: [
      { id: 'tcpReceivedBytes', metric: 'istio_tcp_received_bytes_total', by: [] },
      { id: 'tcpSentBytes', metric: 'istio_tcp_sent_bytes_total', by: [] },
      { id: 'tcpOpened', metric: 'istio_tcp_connections_opened_total', by: [] },
      { id: 'tcpClosed', metric: 'istio_tcp_connections_closed_total', by: [] },
    ],
    rankedBy: 'istio_tcp_sent_bytes_total',
    isTcp: true,
    whole: tcp,
    ofGroup: tcp,
  },
}
