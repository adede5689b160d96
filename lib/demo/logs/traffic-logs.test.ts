import { describe, expect, it } from 'vitest'
import { parseAccessLog } from '@/lib/logs/access-log'
import { levelOf } from '@/lib/logs/line'
import { createManualClock } from '../clock'
import { requestId } from '../jaeger/span-json'
import { createSimulation } from '../simulation'
import { trafficLogs } from './traffic-logs'

const START = Date.UTC(2026, 7, 20, 12)

describe('logs of the embedded mesh', async () => {
  const simulation = createSimulation({
    seed: 1,
    retentionSeconds: 600,
    startMs: START,
    clock: createManualClock(START),
  })
  await simulation.fillTo(START + 120_000)
  const logs = trafficLogs({
    metrics: simulation.metrics,
    traces: simulation.traces,
    writtenUntil: () => simulation.simulatedMs(),
  })
  const pod = simulation.store
    .list('Pod', 'bookinfo')
    .find(({ metadata }) => metadata.name.startsWith('reviews-v2-'))
  const range = { sinceMs: START, untilMs: START + 120_000 }
  const read = (container: string) => (pod ? [...logs.newestFirst(pod, container, range)] : [])

  it('writes a line per request that the proxy counted, newest first, the same each time', () => {
    const lines = read('istio-proxy')
    const counted = simulation.metrics.series
      .filter(
        ({ metric, labels }) =>
          metric === 'istio_requests_total' && labels.values.includes(pod?.metadata.name ?? ''),
      )
      .reduce((sum, one) => sum + simulation.metrics.ring.read(one.row, simulation.metrics.ring.count - 1), 0)
    expect(lines.length).toBeGreaterThan(50)
    expect(Math.abs(lines.length - counted)).toBeLessThan(counted * 0.2 + 10)
    expect(lines.every((line, index) => line.atMs <= (lines[index - 1]?.atMs ?? Infinity))).toBe(true)
    expect(read('istio-proxy')).toEqual(lines)
    expect(lines.every((line) => parseAccessLog(line.text) !== undefined)).toBe(true)
  })

  it('gives traced requests the ids of their traces', () => {
    const all = simulation.traces.all().flatMap((trace) => trace.spans)
    const traced = simulation.store
      .list('Pod', 'bookinfo')
      .find(({ metadata }) => all.some((span) => span.podName === metadata.name))
    const spans = all.filter(
      (span) =>
        span.podName === traced?.metadata.name && span.startMs + span.durationMs < range.untilMs - 5_000,
    )
    const lines = traced ? [...logs.newestFirst(traced, 'istio-proxy', range)] : []
    const ids = new Set(lines.map((line) => parseAccessLog(line.text)?.requestId))
    expect(spans.length).toBeGreaterThan(0)
    expect(spans.every((span) => ids.has(requestId(span.traceId)))).toBe(true)
  })

  it('lets the application tell what its proxy let in, with levels', () => {
    const lines = read('reviews')
    expect(lines.length).toBeGreaterThan(20)
    expect(lines.every((line) => levelOf(line.text) !== null)).toBe(true)
  })

  it('keeps what a container wrote before its restart: requests as ever, and what led to its end', () => {
    const settlement = simulation.store
      .list('Pod', 'payments')
      .find(({ metadata }) => metadata.name.startsWith('settlement-'))
    const atMs = START - 2 * 86_400_000
    const ended = { reason: 'OOMKilled', atMs }
    const words = settlement
      ? [...logs.newestFirst(settlement, 'settlement', { sinceMs: atMs - 600_000, untilMs: atMs, ended })]
      : []
    expect(words.length).toBeGreaterThan(50)
    expect(words.every((line) => line.atMs < atMs && line.atMs >= atMs - 600_000)).toBe(true)
    expect(words.slice(0, 5).some(({ text }) => text.includes('allocation of 16 MiB failed'))).toBe(true)
    expect(words.some(({ text }) => text.includes('RequestLog'))).toBe(true)
  })

  it('lets a helper beside the application write its own lines', () => {
    const ledger = simulation.store
      .list('Pod', 'payments')
      .find(({ metadata }) => metadata.name.startsWith('ledger-') && !metadata.name.startsWith('ledger-db'))
    const lines = ledger ? [...logs.newestFirst(ledger, 'audit-forwarder', range)] : []
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.every(({ text }) => text.includes('batch'))).toBe(true)
  })
})
