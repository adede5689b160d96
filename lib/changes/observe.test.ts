import { describe, expect, it } from 'vitest'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { config } from '@/tests/support/graph/samples'
import { changesBetween, readingOf } from './observe'
import { writerBetween, writersOf } from './writers'

const route = (host: string, metadata: object = {}): ConfigObject => {
  const made = config('VirtualService', 'shop/cart', { hosts: [host] })
  return { ...made, metadata: { ...made.metadata, ...metadata } }
}
const between = (before: ConfigObject[], after: ConfigObject[]) =>
  changesBetween(readingOf(before), readingOf(after))
const wrote = (manager: string, time: string, more: object = {}) => ({ manager, time, ...more })

describe('changes between two readings', () => {
  it('are what came, what went and what holds something else', () => {
    const [a, b] = [route('a'), route('b')]
    expect(between([], [a])).toEqual([{ before: null, after: a }])
    expect(between([a], [])).toEqual([{ before: a, after: null }])
    expect(between([a], [b])).toEqual([{ before: a, after: b }])
  })

  it('are none of kinds that could not be read before or after: a right came or went, not the objects', () => {
    const [cart, gone] = [route('a'), config('DestinationRule', 'shop/cart', { host: 'cart' })]
    const lost = (unread: string[]) => changesBetween(readingOf([cart, gone]), readingOf([]), unread)
    expect(lost([])).toHaveLength(2)
    expect(lost(['VirtualService.networking.istio.io'])).toEqual([{ before: gone, after: null }])
  })

  it('are none where only the API server wrote: status, version, who manages what', () => {
    const later = { ...route('a', { resourceVersion: '9', managedFields: [] }), status: { ready: true } }
    expect(between([route('a')], [later])).toEqual([])
  })
})

describe('who wrote an object', () => {
  const managedFields = [
    wrote('kubectl-edit', '2026-08-20T12:00:05Z'),
    wrote('istiod', '2026-08-20T13:00:00Z', { subresource: 'status' }),
    wrote('helm', '2026-08-20T11:00:00Z'),
    wrote('broken', 'yesterday'),
    null,
  ]

  it('is each manager with its last write, without those of the status', () => {
    expect(writersOf(route('a', { managedFields })).map(({ manager }) => manager)).toEqual([
      'helm',
      'kubectl-edit',
    ])
    expect(writersOf(route('a', { managedFields: 'broken' }))).toEqual([])
  })

  it('is, between two states, the one that wrote since, even in the same second as another', () => {
    const before = route('a', { managedFields: [wrote('heddle', '2026-08-20T12:00:05Z')] })
    const after = route('b', {
      managedFields: [wrote('kubectl-edit', '2026-08-20T12:00:05Z'), wrote('heddle', '2026-08-20T12:00:05Z')],
    })
    expect(writerBetween(before, after)?.manager).toBe('kubectl-edit')
    expect(writerBetween(null, route('a'))).toBeNull()
    expect(writerBetween(before, before)).toBeNull()
  })
})
