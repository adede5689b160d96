import { describe, expect, it } from 'vitest'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { createOnceAMinute } from './once-a-minute'

const NOW = 1_700_000_040_000
const HOUR = 3_600_000

describe('what is asked once a minute', () => {
  it('is asked anew a minute later, and for each moment by itself', async () => {
    const clock = manualClock(NOW)
    const once = createOnceAMinute<number>(clock)
    let asked = 0
    const ask = (at: number) => once('rows', at, () => Promise.resolve(++asked))
    // who looks at an hour ago takes nothing from those who look at the present
    expect([await ask(NOW), await ask(NOW - HOUR), await ask(NOW), await ask(NOW - HOUR)]).toEqual([
      1, 2, 1, 2,
    ])
    clock.advance(61_000)
    expect([await ask(NOW - HOUR), await ask(NOW + 61_000)]).toEqual([3, 4])
  })

  it('is asked again at once when there was no answer', async () => {
    const once = createOnceAMinute<number>(manualClock(NOW))
    await expect(once('rows', NOW, () => Promise.reject(new Error('away')))).rejects.toThrow('away')
    expect(await once('rows', NOW, () => Promise.resolve(1))).toBe(1)
  })

  it('keeps two hundred answers', async () => {
    const once = createOnceAMinute<number>(manualClock(NOW))
    for (let each = 0; each <= 200; each += 1) await once(String(each), NOW, () => Promise.resolve(each))
    expect(await once('200', NOW, () => Promise.resolve(-1))).toBe(200)
    expect(await once('0', NOW, () => Promise.resolve(-1))).toBe(-1)
  })
})
