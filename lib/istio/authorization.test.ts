import { expect, it } from 'vitest'
import { authorizationPolicy } from '@/tests/support/checkers/checks'
import { actionOf, isDryRun } from './authorization'

it.each([
  [undefined, 'ALLOW'],
  ['', 'ALLOW'],
  ['DENY', 'DENY'],
  ['AUDIT', 'AUDIT'],
])('a policy of action %j does %s', (action, does) => {
  expect(actionOf(authorizationPolicy('shop/cart', { action }))).toBe(does)
})

it.each([
  ...['true', 'True', 'TRUE', 't', 'T', '1'].map((value) => [value, true] as const),
  ...['false', '0', 'yes', 'tRUE', ''].map((value) => [value, false] as const),
])('a policy with the dry run %j is only tried: %s', (value, isTried) => {
  const policy = authorizationPolicy('shop/cart', {}, { annotations: { 'istio.io/dry-run': value } })
  expect(isDryRun(policy)).toBe(isTried)
})

it('is in force without that annotation', () => {
  expect(isDryRun(authorizationPolicy('shop/cart', {}))).toBe(false)
})
