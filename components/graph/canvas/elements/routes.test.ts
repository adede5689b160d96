import { describe, expect, it } from 'vitest'
import { findNextInDirection, segmentsOf } from './routes'

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

describe('findNextInDirection', () => {
  const positions = new Map([
    ['a', { x: 0, y: 0 }],
    ['near', { x: 100, y: 20 }],
    ['far', { x: 300, y: 0 }],
    ['below', { x: 10, y: 80 }],
  ])

  it('takes the nearest within the direction', () => {
    expect(findNextInDirection('a', 'ArrowRight', positions)).toBe('near')
    expect(findNextInDirection('a', 'ArrowDown', positions)).toBe('below')
    expect(findNextInDirection('near', 'ArrowLeft', positions)).toBe('a')
  })

  it('stops at the rim and for other keys', () => {
    expect(findNextInDirection('a', 'ArrowUp', positions)).toBeUndefined()
    expect(findNextInDirection('a', 'Enter', positions)).toBeUndefined()
  })
})
