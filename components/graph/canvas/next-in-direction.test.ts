import { describe, expect, it } from 'vitest'
import { findNextInDirection } from './next-in-direction'

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
