import { describe, expect, it } from 'vitest'
import { config } from '@/tests/support/graph/samples'
import { newPeerAuthentication, withPeerMode, withUnsetMode, type ModeIntent } from './peer-authentication'

const SELECTOR = { selector: { matchLabels: { app: 'vault' } } }

describe('withPeerMode', () => {
  it.each<[string, object, ModeIntent, object | null]>([
    ['sets a mode', {}, { mode: 'STRICT', port: null }, { mtls: { mode: 'STRICT' } }],
    [
      'replaces a mode',
      { mtls: { mode: 'PERMISSIVE' } },
      { mode: 'STRICT', port: null },
      { mtls: { mode: 'STRICT' } },
    ],
    [
      'keeps fields it does not know, at every depth',
      { future: 1, mtls: { mode: 'STRICT', since: 'x' } },
      { mode: 'DISABLE', port: null },
      { future: 1, mtls: { mode: 'DISABLE', since: 'x' } },
    ],
    ['inherits by saying nothing', { mtls: { mode: 'STRICT' } }, { mode: 'UNSET', port: null }, null],
    [
      'keeps a policy that has more to say',
      { ...SELECTOR, mtls: { mode: 'STRICT' }, portLevelMtls: { 1: { mode: 'DISABLE' } } },
      { mode: 'UNSET', port: null },
      { ...SELECTOR, portLevelMtls: { 1: { mode: 'DISABLE' } } },
    ],
    [
      'sets one port and leaves the others',
      { ...SELECTOR, mtls: { mode: 'STRICT' }, portLevelMtls: { 1: { mode: 'DISABLE' } } },
      { mode: 'PERMISSIVE', port: 2 },
      {
        ...SELECTOR,
        mtls: { mode: 'STRICT' },
        portLevelMtls: { 1: { mode: 'DISABLE' }, 2: { mode: 'PERMISSIVE' } },
      },
    ],
    [
      'takes out the last port with its field, which Istio refuses when empty',
      { ...SELECTOR, mtls: { mode: 'STRICT' }, portLevelMtls: { 1: { mode: 'DISABLE' } } },
      { mode: 'UNSET', port: 1 },
      { ...SELECTOR, mtls: { mode: 'STRICT' } },
    ],
    [
      'leaves nothing when the last port goes',
      { ...SELECTOR, portLevelMtls: { 1: { mode: 'DISABLE' } } },
      { mode: 'UNSET', port: 1 },
      null,
    ],
    ['reads null as nothing', { ...SELECTOR, mtls: null }, { mode: 'UNSET', port: null }, null],
  ])('%s', (_name, spec, intent, want) => {
    const before = config('PeerAuthentication', 'shop/p', spec, { labels: { team: 'a' } })
    const after = withPeerMode(before, intent)
    expect(after).toEqual({ object: want === null ? null : { ...before, spec: want } })
    expect(before.spec).toEqual(spec)
  })

  it.each([[{}], [{ selector: {} }], [{ selector: { matchLabels: {} } }]])(
    'refuses a port without a selector: %j',
    (spec) => {
      const result = withPeerMode(config('PeerAuthentication', 'shop/default', spec), {
        mode: 'STRICT',
        port: 80,
      })
      expect(result).toEqual({ problem: expect.stringContaining('only in a policy with a selector') })
    },
  )
})

describe('other edits', () => {
  it('writes inheritance down', () => {
    const before = config('PeerAuthentication', 'shop/p', { mtls: { mode: 'STRICT' }, future: 1 })
    expect(withUnsetMode(before).spec).toEqual({ mtls: { mode: 'UNSET' }, future: 1 })
  })

  it('begins a policy for a namespace, or for some pods', () => {
    expect(newPeerAuthentication({ namespace: 'shop', name: 'default' }, null).spec).toEqual({})
    expect(newPeerAuthentication({ namespace: 'shop', name: 'vault' }, { app: 'vault' })).toMatchObject({
      apiVersion: 'security.istio.io/v1',
      metadata: { namespace: 'shop', name: 'vault' },
      spec: SELECTOR,
    })
  })
})
