import { describe, expect, it } from 'vitest'
import { hoursOf } from './hour'

const FROM = 1_700_000_000_000
const flat = (keys: string[], value: number) => ({
  keys,
  points: Array.from({ length: 24 }, (_, step): [number, number] => [FROM + step * 150_000, value]),
})

describe('hoursOf', () => {
  it('keeps what was called yesterday and is silent now', () => {
    const hours = hoursOf({
      from: FROM,
      requests: [flat(['east', 'east/shop'], 5)],
      errors: [],
      before: [flat(['east', 'east/shop'], 4), flat(['east', 'east/bank'], 3)],
    })
    const bank = hours.get('east/bank')
    expect(bank?.requests.every((value) => value === null)).toBe(true)
    expect(bank?.errors.every((value) => value === null)).toBe(true)
    expect(bank?.yesterday).toEqual(Array.from({ length: 24 }, () => 3))
    expect(hours.get('east/shop')).toMatchObject({
      requests: Array.from({ length: 24 }, () => 5),
      errors: Array.from({ length: 24 }, () => 0),
      yesterday: Array.from({ length: 24 }, () => 4),
    })
    expect(hours.get('east')?.yesterday?.[0]).toBe(7)
  })
})
