import { describe, expect, it } from 'vitest'
import { hopsOf } from './hops'

const edge = (source: string, target: string) => ({ source, target })
const callers = (...ids: string[]) => ids.map((id) => ({ id }))

describe('hopsOf', () => {
  it('reaches one step where all that are hurt ask the origin itself', () => {
    const edges = ['a', 'b', 'c', 'd'].map((id) => edge(id, 'origin'))
    expect(hopsOf({ callers: callers('a', 'b', 'c', 'd'), edges }, ['origin'])).toBe(1)
  })
  it('reaches the farthest of a chain, and not beyond whom it hurts', () => {
    const edges = [edge('web', 'api'), edge('api', 'origin'), edge('user', 'web')]
    expect(hopsOf({ callers: callers('api', 'web'), edges }, ['origin'])).toBe(2)
  })
  it('begins at any id of the origin, and ends in a circle', () => {
    const edges = [edge('a', 'service'), edge('service', 'a'), edge('b', 'a')]
    expect(hopsOf({ callers: callers('a', 'b'), edges }, ['origin', 'service'])).toBe(2)
  })
  it('never asks for more than the graph takes', () => {
    const chain = Array.from({ length: 9 }, (_, n) => edge(`n${n + 1}`, `n${n}`))
    expect(hopsOf({ callers: callers('n1', 'n9'), edges: chain }, ['n0'])).toBe(1)
    expect(hopsOf({ callers: callers('n5', 'n9'), edges: chain }, ['n0'])).toBe(5)
  })
  it('falls back to the number of callers where no edge is known', () => {
    expect(hopsOf({ callers: callers('a', 'b'), edges: [] }, ['origin'])).toBe(2)
    expect(hopsOf({ callers: [], edges: [] }, ['origin'])).toBe(1)
  })
})
