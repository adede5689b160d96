import { describe, expect, it } from 'vitest'
import { lookAt, QUIET_MS, type Standing } from './standing'

const HOLD = 120_000
const hold = ({ isBad }: { isBad: boolean }) => (isBad ? 0 : HOLD)
const mild = { id: 'mild', isBad: false }
const bad = { id: 'bad', isBad: true }

/** Ids told at each of the looks, which are 20 s apart unless they say when. */
function told(looks: readonly (readonly { id: string; isBad: boolean }[] | null)[], times?: number[]) {
  let standing: Standing = null
  return looks.map((items, index) => {
    const answer = lookAt(standing, items, times?.[index] ?? index * 20_000, hold)
    standing = answer.standing
    return answer.fresh.map(({ id }) => id)
  })
}

describe('what is told of looks', () => {
  it('is nothing of what was there at the first look, however long it stands', () => {
    expect(told([[mild, bad], [mild, bad], ...Array.from({ length: 9 }, () => [mild, bad])]).flat()).toEqual(
      [],
    )
  })

  it('is what is bad at once, and what is mild when it has stood', () => {
    expect(told([[], [bad, mild], [bad, mild]])).toEqual([[], ['bad'], []])
    expect(told([[], [mild], [mild], [mild]], [0, 1_000, 1_000 + HOLD - 1, 1_000 + HOLD])).toEqual([
      [],
      [],
      [],
      ['mild'],
    ])
  })

  it('is nothing of what flickers, and what flickered and came to stay', () => {
    const flicker = Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? [] : [mild]))
    expect(told(flicker).flat()).toEqual([])
    expect(told([...flicker, ...Array.from({ length: 7 }, () => [mild])]).flat()).toEqual(['mild'])
  })

  it('is what comes back only when it was gone for a while', () => {
    expect(told([[], [bad], [], [bad]], [0, 1_000, 2_000, QUIET_MS])).toEqual([[], ['bad'], [], []])
    expect(told([[], [bad], [], [bad]], [0, 1_000, 2_000, QUIET_MS + 1_000])).toEqual([
      [],
      ['bad'],
      [],
      ['bad'],
    ])
  })

  it('is the same after a look that could not be asked, and none of the first that could', () => {
    expect(told([null, [bad], [bad]]).flat()).toEqual([])
    expect(told([[], null, [bad]])).toEqual([[], [], ['bad']])
    expect(told([[], [mild], null, [mild]], [0, 1_000, 2_000, 1_000 + HOLD])).toEqual([[], [], [], ['mild']])
  })
})
