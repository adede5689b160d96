import { expect, it } from 'vitest'
import { heldPrometheus, takerOn } from '@/tests/support/prometheus/held-prometheus'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { takeLatency, takeRates } from './take'

const AT = 1_800_000_000_000
const MINUTES = 60
const HOURS = 3_600

/** Codes of what is said of the nth snapshot of a mesh whose samples began a minute ago. */
async function toldOf(windowSeconds: number, { nth, isPast }: { nth: number; isPast: boolean }) {
  const { client, answer } = heldPrometheus()
  const taker = takerOn(client, manualClock(AT))
  taker.facts.sampledSince = () => Promise.resolve(AT - 60_000)
  let before: Parameters<typeof takeRates>[3] = null
  let codes: string[] = []
  for (let taken = 0; taken < nth; taken += 1) {
    const rates = takeRates(taker, windowSeconds, AT, before)
    await answer.requests()
    const whole = takeLatency(taker, await rates, before, new Set(), { isPast })
    await answer.latency()
    const { snapshot, latency } = await whole
    before = latency
    codes = snapshot.notices.map(({ code }) => code)
  }
  return codes
}

it.each([
  ['not where the next tells soon', 2 * MINUTES, { nth: 1, isPast: false }, []],
  ['by that next one', 2 * MINUTES, { nth: 2, isPast: false }, ['prometheus-young']],
  ['where the next comes late', 24 * HOURS, { nth: 1, isPast: false }, ['prometheus-young']],
  ['where there is no next', 2 * MINUTES, { nth: 1, isPast: true }, ['prometheus-young']],
])('whether a window that begins before the samples is told: %s', async (_why, window, which, codes) => {
  expect(await toldOf(window, which)).toEqual(codes)
})
