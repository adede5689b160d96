import { describe, expect, it } from 'vitest'
import { inheriting, whyNoDelegate } from './delegates'

describe('what a rule of a delegate inherits', () => {
  it.each([
    ['rewrite', { uri: '/' }],
    ['directResponse', { status: 503 }],
    ['timeout', '5s'],
    ['retries', { attempts: 2 }],
    ['fault', { abort: { httpStatus: 500 } }],
    ['mirror', { host: 'cart' }],
    ['mirrorPercent', 10],
    ['mirrorPercentage', { value: 10 }],
    ['mirrors', [{ destination: { host: 'cart' } }]],
    ['corsPolicy', { allowMethods: ['GET'] }],
    ['headers', { request: { set: { a: 'b' } } }],
  ])('%s, where it says nothing itself', (field, value) => {
    const route = [{ destination: { host: 'pay' } }]
    expect(inheriting({ [field]: value }, { route })).toEqual({ route, [field]: value })
    expect(inheriting({ [field]: value }, { route, [field]: 'its own' })).toEqual({
      route,
      [field]: 'its own',
    })
  })

  it.each([
    ['name', 'root'],
    ['match', [{ uri: { prefix: '/a' } }]],
    ['delegate', { name: 'cart' }],
    ['route', [{ destination: { host: 'cart' } }]],
    ['redirect', { uri: '/' }],
  ])('not %s', (field, value) => {
    expect(inheriting({ [field]: value }, {})).toEqual({})
  })
})

describe('why a rule does not go on with a delegate', () => {
  const delegate = { hosts: [], exportTo: [], namespace: 'shop' }
  it.each([
    ['none of that name', undefined, 'does not exist'],
    [
      'one with hosts',
      { ...delegate, hosts: ['cart'] },
      'has hosts of its own, which a delegate may not have',
    ],
    ['one for its own namespace', { ...delegate, exportTo: ['.'] }, 'is not exported to web'],
    ['one for other namespaces', { ...delegate, exportTo: ['shop', 'pay'] }, 'is not exported to web'],
    ['one for everybody', delegate, null],
    ['one for everybody, said so', { ...delegate, exportTo: ['*'] }, null],
    ['one for this namespace', { ...delegate, exportTo: ['web'] }, null],
    ['one of this namespace', { ...delegate, namespace: 'web', exportTo: ['.'] }, null],
  ])('%s', (_, of, why) => {
    expect(whyNoDelegate(of, 'web')).toBe(why)
  })
})
