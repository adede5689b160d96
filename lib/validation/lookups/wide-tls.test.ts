import { expect, it } from 'vitest'
import { object } from '@/tests/support/checkers/checks'
import { readMeshSettings, createWorld } from '../world'
import { serverMode } from './wide-tls'

it('asks the oldest policy of a namespace, and one that is not made yet last', () => {
  const policy = (name: string, mode: string, creationTimestamp?: string) => {
    const made = object('security.istio.io/v1', 'PeerAuthentication', `shop/${name}`, { mtls: { mode } })
    return { ...made, metadata: { ...made.metadata, ...(creationTimestamp ? { creationTimestamp } : {}) } }
  }
  const modeOf = (...policies: ReturnType<typeof policy>[]) =>
    serverMode(createWorld(policies, readMeshSettings(null)), 'shop')
  const old = policy('z', 'STRICT', '2026-01-01T00:00:00Z')
  expect(modeOf(policy('a', 'PERMISSIVE', '2026-02-01T00:00:00Z'), old)).toBe('STRICT')
  expect(modeOf(policy('a', 'PERMISSIVE'), old)).toBe('STRICT')
  expect(modeOf(policy('b', 'STRICT'), policy('a', 'PERMISSIVE'))).toBe('PERMISSIVE')
})
