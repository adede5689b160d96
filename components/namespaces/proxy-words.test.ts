import { describe, expect, it } from 'vitest'
import type { ListedProxy } from '@/lib/api/schemas/telemetry/proxy'
import {
  behindOf,
  certificateState,
  isOtherVersion,
  proxiesWords,
  syncWord,
  withoutWords,
} from './proxy-words'

const NOW = Date.UTC(2026, 7, 20, 12)
const type = (short: string, state: 'synced' | 'stale' | 'never-acknowledged' | 'not-sent') => ({
  short,
  state,
  words: '',
})

function proxy(patch: Partial<ListedProxy> = {}): ListedProxy {
  return {
    pod: 'a-1',
    ready: true,
    workload: 'a',
    node: 'east/shop/workload/a',
    version: '1.29.2',
    sync: { istiod: 'istiod-1', types: [type('CDS', 'synced'), type('ECDS', 'not-sent')] },
    certificateExpiresAt: NOW + 40_000_000,
    ...patch,
  }
}
const behind = proxy({
  sync: {
    istiod: 'istiod-1',
    types: [type('CDS', 'synced'), type('RDS', 'stale'), type('EDS', 'never-acknowledged')],
  },
})
const lost = proxy({ sync: { istiod: null, types: [] } })
const unasked = proxy({ sync: null })

describe('words about proxies', () => {
  it.each([
    [proxy(), 'in sync'],
    [behind, 'behind'],
    [lost, 'not connected'],
    [unasked, 'not known'],
  ])('say how each agrees with istiod', (one, words) => {
    expect(syncWord(one)).toBe(words)
  })

  it('name the kinds that are behind, and no others', () => {
    expect(behindOf(behind)).toEqual(['RDS', 'EDS'])
    expect(behindOf(unasked)).toEqual([])
  })

  it.each([
    [null, null],
    [NOW, 'ended'],
    [NOW + 60_000, 'soon'],
    [NOW + 4_000_000, 'fine'],
  ])('tell a certificate that was not renewed in time', (certificateExpiresAt, state) => {
    expect(certificateState(proxy({ certificateExpiresAt }), NOW)).toBe(state)
  })

  it('know another version only where both are known', () => {
    expect(isOtherVersion(proxy(), ['1.30.0'])).toBe(true)
    expect(isOtherVersion(proxy(), ['1.29.2', '1.30.0'])).toBe(false)
    expect(isOtherVersion(proxy({ version: null }), ['1.30.0'])).toBe(false)
    expect(isOtherVersion(proxy(), [])).toBe(false)
  })

  it('count what is amiss, and say so when nothing is', () => {
    expect(proxiesWords([proxy(), proxy()], ['1.29.2'], NOW)).toBe('2 proxies, all in sync with istiod')
    expect(proxiesWords([proxy(), behind, lost, unasked], ['1.30.0'], NOW)).toBe(
      '4 proxies: 1 behind istiod, 1 not connected to it, 1 of unknown agreement with istiod, 4 of another version than istiod (1.30.0)',
    )
    expect(withoutWords({ none: 1, ambient: 2 })).toBe(
      '1 pod without a proxy; 2 pods in ambient mode, served by the proxy of the node',
    )
    expect(withoutWords({ none: 0, ambient: 0 })).toBe('')
  })
})
