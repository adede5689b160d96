import { expect, it } from 'vitest'
import { distanceTo, lineLength, pointAlong } from './polyline'

const corner = [
  { x: 0, y: 0 },
  { x: 100, y: 0 },
  { x: 100, y: 50 },
]

it('measures along all its parts', () => {
  expect(lineLength(corner)).toBe(150)
  expect(pointAlong(corner, 0.5)).toEqual({ x: 75, y: 0 })
  expect(pointAlong(corner, 0.8)).toEqual({ x: 100, y: 20 })
  expect(pointAlong(corner, 1)).toEqual({ x: 100, y: 50 })
})

it('is as far away as its nearest spot, and its ends are ends', () => {
  expect(distanceTo(corner, { x: 40, y: 7 })).toBe(7)
  expect(distanceTo(corner, { x: 103, y: 30 })).toBe(3)
  expect(distanceTo(corner, { x: -3, y: -4 })).toBe(5)
  expect(distanceTo([{ x: 1, y: 1 }], { x: 1, y: 1 })).toBe(Infinity)
})
