import { describe, expect, it } from 'vitest'
import { hideNames, withoutHiddenNames } from './hidden-names'

const isHidden = (namespace: string) => namespace === 'secret' || namespace === 'istio-system'

describe('sentences', () => {
  it.each([
    [
      'STRICT by the mesh-wide PeerAuthentication istio-system/default; port 80 DISABLE by shop/own',
      'STRICT by the mesh-wide PeerAuthentication (not yours to see); port 80 DISABLE by shop/own',
    ],
    ['12 requests/s to service east/secret/cart', '12 requests/s to service (not yours to see)'],
    [
      'STRICT by secret/default. Another does not count.',
      'STRICT by (not yours to see). Another does not count.',
    ],
    ['VirtualService secret/a.b is older', 'VirtualService (not yours to see) is older'],
    ['(PeerAuthentication secret/x)', '(PeerAuthentication (not yours to see))'],
    ['bound to secret/gateway.', 'bound to (not yours to see).'],
    ['security.istio.io/v1, spec.http[0], 3/4 pods', 'security.istio.io/v1, spec.http[0], 3/4 pods'],
    ['east/secret/workload/cart', 'east/secret/workload/cart'],
    ['shop/secret stays, it is a name', 'shop/secret stays, it is a name'],
  ])('%s', (told, expected) => {
    expect(withoutHiddenNames(told, isHidden)).toBe(expected)
  })
})

it('reaches sentences and their sources however deep, and nothing else', () => {
  const answer = {
    id: 'east/secret/workload/cart',
    mtls: { mode: 'STRICT', reason: 'STRICT by secret/default' },
    steps: [
      {
        lines: [
          { text: 'rule of secret/a', object: { kind: 'VirtualService', namespace: 'secret', name: 'a' } },
          { text: 'rule of shop/a', object: { kind: 'VirtualService', namespace: 'shop', name: 'a' } },
        ],
      },
    ],
    evidence: { reasons: ['clashes with secret/b'] },
    source: { cluster: 'east', namespace: 'secret', workload: 'caller', name: 'x' },
    spec: { host: 'secret/b' },
  }
  expect(hideNames(answer, isHidden)).toEqual({
    ...answer,
    mtls: { mode: 'STRICT', reason: 'STRICT by (not yours to see)' },
    steps: [
      {
        lines: [{ text: 'rule of (not yours to see)', object: null }, answer.steps[0]?.lines[1]],
      },
    ],
    evidence: { reasons: ['clashes with (not yours to see)'] },
  })
})
