import { describe, expect, it } from 'vitest'
import { matchScore, rankNames, wordsOf } from './name-match'

const items = ['reviews', 'reviews-v1', 'product-reviews', 'previewer', 'ratings'].map((name) => ({
  name,
  place: name === 'ratings' ? 'review-team' : 'bookinfo',
}))
const find = (text: string) => rankNames(items, text, 40).found.map((hit) => hit.name)

describe('rankNames', () => {
  it('puts the whole name first, then beginnings, then parts, then places', () => {
    expect(find('reviews')).toEqual(['reviews', 'reviews-v1', 'product-reviews'])
    expect(find('review')).toEqual(['reviews', 'reviews-v1', 'product-reviews', 'previewer', 'ratings'])
  })

  it('wants every word met', () => {
    expect(find('reviews bookinfo')).toEqual(['reviews', 'reviews-v1', 'product-reviews'])
    expect(find('reviews nowhere')).toEqual([])
  })

  it('reads a path as words and ignores case', () => {
    expect(find('Bookinfo/REVIEWS-v1')).toEqual(['reviews-v1'])
  })

  it('gives so many and says how many there are', () => {
    expect(rankNames(items, 'review', 2)).toMatchObject({
      found: [{ name: 'reviews' }, { name: 'reviews-v1' }],
      total: 5,
    })
    expect(rankNames(items, '', 2)).toMatchObject({
      found: [{ name: 'reviews' }, { name: 'reviews-v1' }],
      total: 5,
    })
  })
})

describe('matchScore', () => {
  const score = (name: string, text: string) => matchScore({ name, place: 'page' }, wordsOf(text))

  it('prefers a name of two words that was typed whole', () => {
    expect(score('Mutual TLS', 'mutual tls')).toBeGreaterThan(score('Mutual TLS of bookinfo', 'mutual tls'))
  })

  it('finds the beginning of a later part', () => {
    expect(score('previewer-reviews', 'rev')).toBe(3)
    expect(score('previewer', 'rev')).toBe(2)
    expect(score('x', 'page')).toBe(1)
    expect(score('x', 'y')).toBe(0)
  })
})
