import { describe, expect, it } from 'vitest'
import { editDistance, nearNames } from './near-names'

const place = (text: string) => {
  const [cluster = '', namespace = '', name = ''] = text.split('/')
  return { cluster, namespace, name }
}
const near = (asked: string, ...candidates: string[]) =>
  nearNames(place(asked), candidates.map(place)).map(
    (each) => `${each.cluster}/${each.namespace}/${each.name}`,
  )

describe('nearNames', () => {
  it('puts the same name elsewhere first', () => {
    expect(near('east/shop/cart', 'east/shop/card', 'west/shop/cart')).toEqual([
      'west/shop/cart',
      'east/shop/card',
    ])
  })

  it('prefers the same namespace among equally near names', () => {
    expect(near('east/b/reviews-v4', 'east/a/reviews-v1', 'east/b/reviews-v1')[0]).toBe('east/b/reviews-v1')
  })

  it('finds a name that lost or gained its ending', () => {
    expect(near('east/b/reviews', 'east/b/reviews-v1', 'east/b/ratings-v1')).toEqual(['east/b/reviews-v1'])
    expect(near('east/b/mongodb-v1', 'east/b/mongodb')).toEqual(['east/b/mongodb'])
  })

  it('proposes nothing that is another word, and few of many', () => {
    expect(near('east/b/payments', 'east/b/frontend', 'east/b/a')).toEqual([])
    const many = Array.from({ length: 50 }, (_, index) => `east/b/worker-${index}`)
    expect(near('east/b/worker', ...many)).toHaveLength(5)
  })
})

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['cart', 'cart', 0],
    ['cart', 'card', 1],
    ['cart', 'carts', 1],
    ['kitten', 'sitting', 3],
  ])('%s → %s is %s', (a, b, steps) => {
    expect(editDistance(a, b, 9)).toBe(steps)
    expect(editDistance(b, a, 9)).toBe(steps)
  })

  it('gives up above the limit', () => expect(editDistance('kitten', 'sitting', 2)).toBe(3))
})
