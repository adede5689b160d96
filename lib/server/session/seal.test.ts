import { expect, it } from 'vitest'
import { createSealer } from './seal'

it('reads back what the same secret sealed, and nothing else', () => {
  const sealed = createSealer('one').seal('a token')
  expect(sealed).not.toContain('token')
  expect(createSealer('one').open(sealed)).toBe('a token')
  expect(createSealer('two').open(sealed)).toBeUndefined()
  expect(createSealer(null).open(sealed)).toBeUndefined()
})

it.each(['', 'AAAA', 'not base64 at all!', 'A'.repeat(200)])('does not open %j', (text) => {
  expect(createSealer('one').open(text)).toBeUndefined()
})

it('does not open what was altered', () => {
  const sealer = createSealer('one')
  const bytes = Buffer.from(sealer.seal('a token'), 'base64url')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  expect(sealer.open(bytes.toString('base64url'))).toBeUndefined()
})
