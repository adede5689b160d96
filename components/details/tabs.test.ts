import { describe, expect, it } from 'vitest'
import { withParams } from '@/components/hooks/address/use-url-params'
import { DETAIL_TABS, tabOf, tabsFor } from './tabs'

describe('tabs of a detail page', () => {
  it('have ids of their own', () => {
    expect(new Set(DETAIL_TABS.map((tab) => tab.id)).size).toBe(DETAIL_TABS.length)
  })

  it.each([
    [null, 'overview'],
    ['metrics', 'metrics'],
    ['no such tab', 'overview'],
  ])('%s in the address opens %s', (asked, id) => {
    expect(tabOf(tabsFor('services'), asked)?.id).toBe(id)
  })
})

describe('parameters of a page', () => {
  it('keep what others wrote, and leave ids readable', () => {
    const params = new URLSearchParams('window=1h&tab=metrics')
    expect(withParams(params, { tab: null, by: 'peer,code', node: 'a/b' })).toBe(
      'window=1h&by=peer,code&node=a/b',
    )
  })
})
