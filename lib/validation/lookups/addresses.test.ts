import { describe, expect, it } from 'vitest'
import { isCidr, isIp, isSubnet } from './addresses'

describe('addresses', () => {
  it.each(['10.0.0.1', '255.255.255.255', '::', '::1', '2001:db8::1', '1:2:3:4:5:6:7:8', '::ffff:10.0.0.1'])(
    '%s is one',
    (text) => expect(isIp(text)).toBe(true),
  )
  it.each([
    '',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    'a.b.c.d',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '12345::',
    'example.com',
  ])('%j is none', (text) => expect(isIp(text)).toBe(false))
  it.each([
    ['10.0.0.0/8', true],
    ['::/0', true],
    ['10.0.0.0/33', false],
    ['10.0.0.0', false],
    ['10.0.0.0/', false],
    ['10.0.0.0/8/8', false],
  ])('%s as a range: %s', (text, expected) => expect(isCidr(text)).toBe(expected))

  it('takes a subnet with and without bits', () => {
    expect(['10.0.0.1', '10.0.0.0/8', 'x', 'x/8'].map(isSubnet)).toEqual([true, true, false, false])
  })
})
