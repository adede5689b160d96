import { describe, expect, it } from 'vitest'
import { openLock } from './lock'
import { mtlsState, worstState, type MtlsState } from './state'

const CALM = {
  effective: { mode: 'STRICT' as 'STRICT' | 'PERMISSIVE' | 'DISABLE' | null },
  clients: [] as { source: unknown; meeting: 'mutual' | 'plaintext' | 'applicationTls' | 'broken' }[],
  podsWithoutProxy: [] as string[],
  mtlsRatio: 1 as number | null,
  plaintextCallers: [] as unknown[] | null,
}
const RULE = { namespace: 'shop', name: 'r' }

describe('mtlsState', () => {
  it.each<[string, Partial<typeof CALM>, MtlsState | null]>([
    ['STRICT, all mutual', {}, 'strict'],
    ['STRICT, nothing seen', { mtlsRatio: null, plaintextCallers: null }, 'strict'],
    [
      'callers without a proxy are what STRICT is for',
      { clients: [{ source: null, meeting: 'broken' }] },
      'strict',
    ],
    [
      'a rule whose callers are turned away',
      { clients: [{ source: RULE, meeting: 'broken' }], mtlsRatio: 0 },
      'broken',
    ],
    ['a pod without a proxy', { podsWithoutProxy: ['p'] }, 'permissive'],
    ['PERMISSIVE, all mutual', { effective: { mode: 'PERMISSIVE' } }, 'permissive'],
    ['plain text seen', { effective: { mode: 'PERMISSIVE' }, mtlsRatio: 0.99 }, 'plaintext'],
    [
      'a caller in plain text whose share is not told',
      { mtlsRatio: null, plaintextCallers: [{}] },
      'plaintext',
    ],
    ['a mode nobody may read, all mutual', { effective: { mode: null } }, null],
    ['a mode nobody may read, plain text seen', { effective: { mode: null }, mtlsRatio: 0.5 }, 'plaintext'],
    ['nothing takes mutual TLS, nobody called', { effective: { mode: 'DISABLE' }, mtlsRatio: null }, 'open'],
  ])('%s: %s', (_name, parts, want) => {
    expect(mtlsState({ ...CALM, ...parts })).toBe(want)
  })

  it('takes the worst of several', () => {
    expect(worstState(['strict', 'plaintext', 'permissive'])).toBe('plaintext')
    expect(worstState([])).toBeNull()
  })
})

describe('openLock', () => {
  it.each<[number | null, 'STRICT' | 'PERMISSIVE' | 'DISABLE' | null, string | null]>([
    [1, 'STRICT', null],
    [1, 'PERMISSIVE', null],
    [null, null, null],
    [null, 'PERMISSIVE', null],
    [null, 'DISABLE', 'It takes no mutual TLS.'],
    [0.5, 'PERMISSIVE', '50 % of its traffic is plain text.'],
    [0, null, 'All of its traffic is plain text.'],
    [0.9999, null, '<0.1 % of its traffic is plain text.'],
  ])('%s of mutual TLS, %s: %s', (mtlsRatio, mode, want) => {
    expect(openLock({ mtlsRatio, mode })?.words ?? null).toBe(want)
  })
})
