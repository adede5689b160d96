import { describe, expect, it } from 'vitest'
import { rankedHits } from './search-hits'

const items = ['reviews', 'reviews-v1', 'product-reviews', 'previewer', 'ratings'].map((name) => ({
  name,
  place: name === 'ratings' ? 'review-team' : 'bookinfo',
}))
const find = (text: string) => rankedHits(items, text).map((hit) => hit.name)

describe('rankedHits', () => {
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
})
