import { describe, expect, it } from 'vitest'
import { hasLatency, heldPrometheus, takerOn } from '@/tests/support/prometheus/held-prometheus'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { createSnapshots } from './snapshots'

const AT = 1_800_000_000_000

describe('a moment of the past', () => {
  it('is asked once, and is the one snapshot with quantiles as soon as it has them', async () => {
    const { client, answer, latencyQuestions } = heldPrometheus()
    const snapshots = createSnapshots(takerOn(client, manualClock(AT)))
    const first = snapshots.past(120, AT).traffic
    await answer.requests()
    expect(hasLatency(await first)).toBe(false)
    const { whole } = snapshots.past(120, AT)
    await answer.latency()
    expect(hasLatency(await whole)).toBe(true)
    // the one without is not kept beside it
    expect(await snapshots.past(120, AT).traffic).toBe(await whole)
    expect(latencyQuestions()).toBe(1)
  })
})
