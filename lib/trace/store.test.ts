import { expect, it } from 'vitest'
import { istioServiceName, isTraceId } from './store'

it('names services as Istio does', () => {
  expect(istioServiceName('reviews', 'bookinfo')).toBe('reviews.bookinfo')
})

it.each([
  ['abc123', true],
  ['0123456789abcdef0123456789ABCDEF', true],
  ['', false],
  ['../services', false],
  ['g', false],
  ['0'.repeat(33), false],
])('trace id %j: %s', (id, expected) => {
  expect(isTraceId(id)).toBe(expected)
})
