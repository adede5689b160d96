import { describe, expect, it } from 'vitest'
import { bendsOf, segmentsOf } from './segments'

describe('segmentsOf', () => {
  it('measures along and aside of the line between the ends', () => {
    const segments = segmentsOf({ x: 0, y: 0 }, { x: 100, y: 0 }, [
      { x: 25, y: 10 },
      { x: 75, y: -20 },
    ])
    expect(segments).toEqual({ weights: [0.25, 0.75], distances: [10, -20] })
  })

  it('has no answer for ends on one spot', () => {
    expect(segmentsOf({ x: 5, y: 5 }, { x: 5, y: 5 }, [{ x: 0, y: 0 }])).toBeNull()
  })
})

describe('bendsOf', () => {
  it('finds the bends again, and takes them along with the ends', () => {
    const [source, target] = [
      { x: 10, y: 20 },
      { x: 110, y: 70 },
    ]
    const bends = [
      { x: 40, y: 10 },
      { x: 90, y: 80 },
    ]
    const segments = segmentsOf(source, target, bends)
    if (!segments) throw new Error('the ends are apart')
    const rounded = (points: { x: number; y: number }[]) =>
      points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }))
    expect(rounded(bendsOf(source, target, segments))).toEqual(bends)
    const by = ({ x, y }: { x: number; y: number }) => ({ x: x + 300, y: y - 40 })
    expect(rounded(bendsOf(by(source), by(target), segments))).toEqual(bends.map(by))
  })
})
