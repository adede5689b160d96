import { describe, expect, it } from 'vitest'
import { manualClock } from '@/tests/support/heddle/manual-clock'
import { createMemory } from './memory'

describe('memory', () => {
  it('asks once while an answer holds, and again when it has failed', async () => {
    const clock = manualClock(0)
    const memory = createMemory(clock)
    let asked = 0
    const ask = () => memory.get('a', 1_000, () => Promise.resolve((asked += 1)))
    expect([await ask(), await ask()]).toEqual([1, 1])
    clock.advance(1_000)
    expect(await ask()).toBe(2)
    const fail = () => memory.get('b', 1_000, () => Promise.reject(new Error(`${(asked += 1)}`)))
    await expect(fail()).rejects.toThrow('3')
    await expect(fail()).rejects.toThrow('4')
  })

  it('lets go of what is over before what still holds', async () => {
    const clock = manualClock(0)
    const memory = createMemory(clock)
    await memory.get('long', 3_600_000, () => Promise.resolve('kept'))
    for (let moment = 0; moment < 230; moment += 1) {
      clock.advance(15_000)
      await memory.get(`of ${moment}`, 60_000, () => Promise.resolve(moment))
    }
    expect(await memory.get('long', 3_600_000, () => Promise.resolve('asked again'))).toBe('kept')
  })
})
