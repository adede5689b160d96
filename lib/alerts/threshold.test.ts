import { describe, expect, it } from 'vitest'
import { thresholdOf, unitOf } from './threshold'

describe('thresholdOf', () => {
  it.each([
    ['sum(rate(a[5m])) > 0.05', 'sum(rate(a[5m]))', '>', 0.05],
    ['a / b >= 1e3', 'a / b', '>=', 1000],
    ['a{code=~"5..|0"}\n  /  b\n < -2', 'a{code=~"5..|0"}\n  /  b', '<', -2],
    ['min(expiry) - time() < 1209600', 'min(expiry) - time()', '<', 1209600],
    ['sum(a > 3) > 2', 'sum(a > 3)', '>', 2],
    ['a{x=")>("} > 1', 'a{x=")>("}', '>', 1],
  ])('splits %s', (expression, value, operator, limit) => {
    expect(thresholdOf(expression)).toEqual({ value, operator, limit })
  })

  it.each([
    'absent(up)',
    'a or b > 1',
    'a > 5 and b > 1',
    'a > b',
    'a > b > 1',
    'a > bool 1',
    '> 1',
    'a{x="unclosed > 1',
  ])('leaves %s whole', (expression) => {
    expect(thresholdOf(expression)).toBeUndefined()
  })
})

it.each([
  ['sum by (a) (rate(x[5m])) / sum by (a) (rate(y[5m]))', 0.05, 'ratio'],
  [
    'histogram_quantile(0.99, sum by (le) (rate(istio_request_duration_milliseconds_bucket[5m])))',
    1000,
    'ms',
  ],
  ['sum(rate(istio_requests_total{response_flags="UH"}[2m]))', 0.1, 'requests/s'],
  ['absent(pilot_xds)', null, 'count'],
  ['a / b', 50, 'count'],
])('%s against %s is a %s', (value, limit, unit) => {
  expect(unitOf(value, limit)).toBe(unit)
})
