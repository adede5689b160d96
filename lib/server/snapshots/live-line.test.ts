import { describe, expect, it } from 'vitest'
import { hasLatency, heldPrometheus, takerOn } from '@/tests/support/prometheus/held-prometheus'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { LiveLine } from './live-line'

function lineOn(client: Parameters<typeof takerOn>[0], start: number) {
  const clock = manualClock(start)
  return { clock, line: new LiveLine(takerOn(client, clock), 120) }
}

/** A line that has its first figures. */
async function measuredLine() {
  const prometheus = heldPrometheus()
  const { clock, line } = lineOn(prometheus.client, 1_800_000_000_000)
  const first = line.read()
  await prometheus.answer.requests()
  return { ...prometheus, clock, line, before: await first }
}

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

  it('leaves the last figures standing while Prometheus is slow, and says so', async () => {
    const { answer, isAsked, clock, line, before } = await measuredLine()
    clock.advance(120_000)
    const late = line.read()
    await expect.poll(isAsked('requests')).toBe(true)
    clock.advance(5_000)
    expect(await late).toBe(before)
    // two minutes old: that is said at once
    expect(line.state).toMatchObject({ snapshot: before, failure: { code: 'prometheus-slow' } })
    // who comes now does not wait for what the first one gave up waiting for
    const later = line.read()
    clock.advance(1)
    expect(await later).toBe(before)
    await answer.requests()
    await expect.poll(() => line.state.snapshot !== before).toBe(true)
    expect(line.state.failure).toBeNull()
    line.close()
  })

  it('says that figures of just now are late only when they are very late', async () => {
    const { answer, isAsked, clock, line } = await measuredLine()
    clock.advance(20_000)
    await expect.poll(isAsked('requests')).toBe(true)
    clock.advance(5_000)
    expect(line.state.failure).toBeNull()
    clock.advance(10_000)
    expect(line.state.failure).toMatchObject({ code: 'prometheus-slow' })
    await answer.requests()
    await expect.poll(() => line.state.failure).toBeNull()
    line.close()
  })

  it('forgets a failure that nobody looks at any more, so that it is not told after it is over', async () => {
    const failing = () => Promise.reject(new UpstreamError('prometheus', 'network', 'refused'))
    const { clock, line } = lineOn({ instant: failing, grouped: failing }, 1_800_000_000_000)
    await expect(line.read()).rejects.toThrow('refused')
    expect(line.state.failure).not.toBeNull()
    clock.advance(61_000)
    await expect.poll(() => line.state.failure).toBeNull()
    line.close()
  })
})
