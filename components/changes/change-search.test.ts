import { expect, it } from 'vitest'
import type { ChangeSummary } from '@/lib/api/schemas/config/changes'
import { choicesOf, filterOf, matchesFilter, matchesText, withChangeFilter } from './change-search'

const ref = {
  cluster: 'east',
  group: 'networking.istio.io',
  version: 'v1',
  kind: 'VirtualService',
  namespace: 'bookinfo',
  name: 'reviews',
}
const change: ChangeSummary = {
  id: '20260820-120000-abcdef',
  at: 0,
  author: 'kubectl-edit',
  knownBy: 'watch',
  reason: 'canary for v2',
  token: null,
  status: 'applied',
  reverts: null,
  objects: [{ ref, op: 'update', status: 'applied', resourceVersion: '7', error: null, diff: '' }],
}

it('keeps what is filtered in the address, and reads it back', () => {
  const search = {
    text: 'canary',
    object: { kind: 'VirtualService', author: 'kubectl-edit', status: 'applied' },
  }
  expect(filterOf(withChangeFilter(new URLSearchParams('window=5m'), search))).toEqual(search)
  expect(withChangeFilter(new URLSearchParams('window=5m&kind=x'), { object: {} }).toString()).toBe(
    'window=5m',
  )
})

it('finds a change by every word of it, in the namespaces looked at', () => {
  expect(matchesText(change, 'REVIEWS canary kubectl applied', [])).toBe(true)
  expect(matchesText(change, 'reviews ratings', [])).toBe(false)
  expect(matchesText(change, '', ['east/bookinfo'])).toBe(true)
  expect(matchesText(change, '', ['payments'])).toBe(false)
})

it('narrows to object, author and result', () => {
  expect(matchesFilter(change, { name: 'reviews', author: 'kubectl-edit' })).toBe(true)
  expect(matchesFilter(change, { name: 'ratings' })).toBe(false)
  expect(matchesFilter(change, { status: 'failed' })).toBe(false)
  expect(choicesOf([change, { ...change, author: null }])).toEqual({
    kind: ['VirtualService'],
    author: ['kubectl-edit'],
    status: ['applied'],
  })
})
