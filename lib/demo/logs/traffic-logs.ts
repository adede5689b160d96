/**
 * What the containers of the embedded mesh write: a line per request that the metrics count, with the same codes and
 * flags, and of traced requests the very times and ids their spans bear.
 */
import type { StoredTrace, TraceStore } from '../jaeger/trace-store'
import { isFailed, requestId } from '../jaeger/span-json'
import { asRecord, asText } from '../kubernetes/json'
import type { LogLine, LogSource } from '../kubernetes/http/pods/logs'
import { stableNumber } from '../kubernetes/names'
import type { KubernetesObject, SimulatedSpan } from '../model'
import type { MetricStore } from '../prometheus/metric-store'
import { lastSampleAt, sampleValue, type Series } from '../prometheus/series'
import { matcherOf } from '../prometheus/promql/syntax/matcher'
import { findOwnerByPodName } from '@/lib/trace/nodes/pod-name'
import { createRandom, type Random } from '@/lib/statistics/random'
import { groupBy } from '@/lib/graph/group-by'
import { accessLine, type LoggedRequest } from './access-line'
import { applicationLines } from './application-line'
import { controlPlaneLines } from './control-plane-lines'
import { helperLines, isHelper } from './helper-lines'
import { lastWords } from './last-words'

export interface TrafficLogsOptions {
  metrics: MetricStore
  traces: TraceStore
  /** everything before has happened and is measured */
  writtenUntil: () => number
}

/** Lines of one container and one scrape interval; a busy proxy writes no more than these. */
const MOST_LINES = 4_000
/** The application container of a pod answers for the requests that its proxy passed in. */
const PROXY = 'istio-proxy'

export function trafficLogs({ metrics, traces, writtenUntil }: TrafficLogsOptions): LogSource {
  return {
    writtenUntil,
    *newestFirst(pod, container, range) {
      const { sinceMs, untilMs, ended } = range
      if (container === 'discovery') return yield* controlPlaneLines(pod, { sinceMs, untilMs })
      if (isHelper(pod, container)) return yield* helperLines(pod, container, range)
      if (ended) {
        const source = sourceOf(pod, container, metrics, traces)
        const asked = source.models.inbound.filter((span) => !isFailed(span))
        const served = (atMs: number, random: Random) => {
          if (asked.length > 0) return source.write(unsampled(random.pick(asked), pod, atMs, random), random)
          const counted = source.series[0]
          return counted ? source.write(ofSeries(counted, atMs, source, random), random) : []
        }
        return yield* lastWords(pod, container, { sinceMs, untilMs, ended }, served)
      }
      const source = sourceOf(pod, container, metrics, traces)
      const { ring } = metrics
      for (let index = ring.count - 1; index > ring.oldest; index -= 1) {
        const from = ring.timeAt(index - 1)
        const to = ring.timeAt(index)
        if (to <= sinceMs) return
        if (from >= untilMs) continue
        const lines = linesBetween(source, index, from, to)
        for (const line of lines.reverse()) if (line.atMs >= sinceMs && line.atMs < untilMs) yield line
      }
    },
  }
}

interface Source {
  pod: KubernetesObject
  container: string
  metrics: MetricStore
  series: readonly Series[]
  spans: readonly SimulatedSpan[]
  /** what requests of its workload look like */
  models: { inbound: SimulatedSpan[]; outbound: ReadonlyMap<string, SimulatedSpan[]> }
  /** what is written of one request: a line, or several */
  write: (request: LoggedRequest, random: Random) => string[]
}

function sourceOf(
  pod: KubernetesObject,
  container: string,
  metrics: MetricStore,
  traces: TraceStore,
): Source {
  const { name, namespace = 'default' } = pod.metadata
  const isProxy = container === PROXY
  const all = metrics.select([
    matcherOf('__name__', '=', 'istio_requests_total'),
    matcherOf('namespace', '=', namespace),
    matcherOf('pod', '=', name),
  ])
  // what the application sees is what its own proxy let in
  const series = isProxy ? all : all.filter((one) => labelOf(one, 'reporter') === 'destination')
  const workload = findOwnerByPodName(name)?.workload
  const own = traces.all().flatMap((trace: StoredTrace) =>
    trace.spans.filter(
      (span) =>
        // requests only: what the program did within one is none
        span.side !== 'internal' &&
        span.namespace === namespace &&
        (span.workload === workload || span.podName === name),
    ),
  )
  const spans = own.filter((span) => span.podName === name && (isProxy || span.side === 'server'))
  const owner = asText(asRecord(pod.metadata.labels).app) || name
  return {
    pod,
    container,
    metrics,
    series,
    spans,
    models: {
      inbound: own.filter((span) => span.side === 'server'),
      outbound: groupBy(
        own.filter((span) => span.side === 'client'),
        (span) => span.upstreamCluster.split('|')[3] ?? '',
      ),
    },
    write: (request, random) =>
      isProxy ? [accessLine(request, random)] : applicationLines(request, owner, random),
  }
}

/** Lines of one scrape interval, oldest first; the same interval, the same lines. */
function linesBetween(source: Source, index: number, from: number, to: number): LogLine[] {
  const { pod, container, metrics, series } = source
  const random = createRandom(stableNumber(`${pod.metadata.uid ?? pod.metadata.name}/${container}/${from}`))
  const lines: LogLine[] = []
  const write = (atMs: number, texts: readonly string[]) =>
    lines.push(...texts.map((text) => ({ atMs, text })))
  const traced = source.spans.filter((span) => endOf(span) >= from && endOf(span) < to)
  for (const span of traced) {
    write(endOf(span), source.write(ofSpan(span, pod), random.fork(span.spanId)))
  }
  for (const one of series) {
    const increase = increaseOf(metrics, one, index)
    const known = traced.filter((span) => isOf(span, one)).length
    const wanted = increase - known
    const times = Math.min(MOST_LINES, Math.floor(wanted) + (random.chance(wanted % 1) ? 1 : 0))
    for (let nth = 0; nth < times; nth += 1) {
      const atMs = from + random.next() * (to - from)
      write(Math.floor(atMs), source.write(ofSeries(one, atMs, source, random), random))
    }
  }
  return lines.sort((a, b) => a.atMs - b.atMs).slice(-MOST_LINES)
}

function increaseOf(metrics: MetricStore, series: Series, index: number): number {
  if (lastSampleAt(series, index) !== index) return 0
  const now = sampleValue(metrics.ring, series, index)
  const before =
    lastSampleAt(series, index - 1) === index - 1 ? sampleValue(metrics.ring, series, index - 1) : 0
  return Math.max(0, now - before)
}

/** A proxy writes its line when the request is over. */
function endOf(span: SimulatedSpan): number {
  return Math.floor(span.startMs + span.durationMs)
}

function isOf(span: SimulatedSpan, series: Series): boolean {
  return (
    (span.side === 'server') === (labelOf(series, 'reporter') === 'destination') &&
    span.responseCode === labelOf(series, 'response_code') &&
    (span.flags || '-') === labelOf(series, 'response_flags')
  )
}

function labelOf(series: Series, name: string): string {
  return series.labels.values[series.labels.names.indexOf(name)] ?? ''
}

function ofSpan(span: SimulatedSpan, pod: KubernetesObject): LoggedRequest {
  return {
    startMs: span.startMs,
    durationMs: span.durationMs,
    isInbound: span.side === 'server',
    protocol: span.protocol,
    method: span.protocol === 'grpc' ? 'POST' : span.method,
    path: span.path,
    code: span.responseCode,
    flags: span.flags === '' ? '-' : span.flags,
    host: span.host,
    cluster: span.upstreamCluster,
    podIp: ipOf(pod),
    peer: span.peerAddress,
    requestId: requestId(span.traceId),
    traceId: span.traceId,
    receivedBytes: span.requestBytes ?? 0,
    sentBytes: span.responseBytes ?? 0,
  }
}

/** A request that no trace sampled: what the labels say, and of the rest what traced ones of its workload looked like. */
function ofSeries(series: Series, atMs: number, { pod, models }: Source, random: Random): LoggedRequest {
  const isInbound = labelOf(series, 'reporter') === 'destination'
  const service = labelOf(series, 'destination_service')
  const alike = (isInbound ? models.inbound : models.outbound.get(service)) ?? []
  const model = alike.length > 0 ? random.pick(alike) : undefined
  const protocol = labelOf(series, 'request_protocol') === 'grpc' ? 'grpc' : 'http'
  const durationMs = model ? model.durationMs * random.lognormal(1, 3) : random.lognormal(9, 80)
  const request: LoggedRequest = {
    startMs: atMs - durationMs,
    durationMs,
    isInbound,
    protocol,
    method: protocol === 'grpc' ? 'POST' : (model?.method ?? 'GET'),
    path: model?.path ?? (protocol === 'grpc' ? `/${labelOf(series, 'destination_service_name')}/Get` : '/'),
    code: labelOf(series, 'response_code'),
    flags: labelOf(series, 'response_flags') || '-',
    host: model?.host ?? (labelOf(series, 'destination_service_name') || '-'),
    cluster: model?.upstreamCluster ?? clusterOf(isInbound, service),
    podIp: ipOf(pod),
    peer: model?.peerAddress ?? `10.${128 + random.int(0, 63)}.${random.int(0, 255)}.${random.int(1, 254)}`,
    requestId: random.uuid(),
    traceId: null,
    receivedBytes: model?.requestBytes ?? 0,
    sentBytes: model?.responseBytes ?? random.int(80, 4_000),
  }
  return request
}

/** A request like one that was traced, at another time and without a trace. */
function unsampled(model: SimulatedSpan, pod: KubernetesObject, atMs: number, random: Random): LoggedRequest {
  const durationMs = model.durationMs * random.lognormal(1, 3)
  const like = { ...ofSpan(model, pod), startMs: atMs - durationMs, durationMs }
  return { ...like, requestId: random.uuid(), traceId: null }
}

function clusterOf(isInbound: boolean, service: string): string {
  if (isInbound) return 'inbound|8080||'
  return service === '' || service === 'unknown' ? 'PassthroughCluster' : `outbound|80||${service}`
}

function ipOf(pod: KubernetesObject): string {
  return asText(asRecord(pod.status).podIP) || '10.0.0.1'
}
