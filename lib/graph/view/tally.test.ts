import { describe, expect, it } from 'vitest'
import { addFlow, emptyTally } from './tally'

describe('addFlow', () => {
  it('keeps each code and flags once, few or many, in the order they came', () => {
    const responses = Array.from({ length: 40 }, (_, n) => ({
      code: String(200 + (n >> 1)),
      flags: n % 2 === 0 ? '-' : 'UH',
      requestsPerSecond: n,
    }))
    const whole = emptyTally()
    // one by one, so that the sum grows beyond a few in between
    for (const response of responses) addFlow(whole, { ...emptyTally(), responses: [response] }, 1)
    addFlow(whole, { ...emptyTally(), responses }, 1)
    expect(whole.responses).toEqual(
      responses.map((each) => ({ ...each, requestsPerSecond: 2 * each.requestsPerSecond })),
    )
  })
})
