import { expect, it } from 'vitest'
import { boundsAround, countInTime } from './in-time'

const BOUNDS = ['+Inf', '500', '1000', '250.0', '2500']
const counts = new Map([
  ['250.0', 10],
  ['500', 60],
  ['1000', 80],
])

it.each([
  [500, { lower: '500', upper: null }, 60],
  [250, { lower: '250.0', upper: null }, 10],
  [750, { lower: '500', upper: '1000' }, 70],
  [100, { lower: null, upper: '250.0' }, 4],
])('takes %d ms from its bounds', (threshold, bounds, expected) => {
  const found = boundsAround(threshold, BOUNDS)
  expect(found).toEqual(bounds)
  expect(found && countInTime(threshold, found, counts)).toBe(expected)
})

it('says nothing above the largest bound, without bounds, and of bounds nobody measured', () => {
  expect(boundsAround(3_000, BOUNDS)).toBeUndefined()
  expect(boundsAround(500, [])).toBeUndefined()
  expect(countInTime(1_500, { lower: '1000', upper: '2500' }, counts)).toBeNull()
})
