import { describe, expect, it } from 'vitest'
import type { Shape } from '../../scene/scene'
import { cornersOf, loopOf } from './corners'

const end = (x: number, y: number, shape: Shape = 'circle', diameter = 36) => ({
  at: { x, y },
  shape,
  diameter,
})
/** the ring lies half outside of the shape */
const RIM = 20

describe('cornersOf', () => {
  it('runs from rim to rim', () => {
    expect(cornersOf(end(0, 0), end(300, 0), [])).toEqual([
      { x: RIM, y: 0 },
      { x: 300 - RIM, y: 0 },
    ])
  })

  it('leaves and arrives in the direction of its bends', () => {
    const bends = [
      { x: 0, y: 200 },
      { x: 300, y: 200 },
    ]
    const corners = cornersOf(end(0, 0), end(300, 0), bends)
    expect(corners).toHaveLength(4)
    expect(corners[0]?.y).toBeCloseTo(RIM)
    expect(corners.slice(1, 3)).toEqual(bends)
    expect(corners[3]?.y).toBeCloseTo(RIM)
  })

  it('meets each shape at its outline', () => {
    const startsAt = (shape: Shape, x: number, y: number) => {
      const [start] = cornersOf(end(0, 0, shape), end(x, y), [])
      return Math.hypot(start?.x ?? 0, start?.y ?? 0)
    }
    expect(startsAt('diamond', 300, 0)).toBeCloseTo(RIM)
    // half way between two tips the side is nearer
    expect(startsAt('diamond', 300, 300)).toBeCloseTo(RIM / Math.SQRT2)
    expect(startsAt('roundSquare', 300, 0)).toBeCloseTo(RIM * 0.92)
    expect(startsAt('roundSquare', 300, 300)).toBeCloseTo(RIM * 1.1)
    expect(startsAt('hexagon', 300, 0)).toBeCloseTo(RIM * 1.08)
    expect(startsAt('hexagon', 0, 300)).toBeCloseTo(RIM * 0.94)
  })

  it('never runs backwards between nodes that lie close', () => {
    const [start, tip] = cornersOf(end(0, 0), end(10, 0), [])
    expect([start?.x, tip?.x]).toEqual([10, 0])
    expect(cornersOf(end(5, 5), end(5, 5), [])).toEqual([
      { x: 5, y: 5 },
      { x: 5, y: 5 },
    ])
  })
})

it('a loop begins and ends at its own node and goes round outside of it', () => {
  const points = loopOf(end(100, 100))
  const distance = ({ x, y }: { x: number; y: number }) => Math.hypot(x - 100, y - 100)
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) throw new Error('a loop has points')
  expect(distance(first)).toBeLessThan(RIM * 1.3)
  expect(distance(last)).toBeLessThan(RIM * 1.3)
  expect(Math.max(...points.map(distance))).toBeGreaterThan(RIM * 2)
})
