import { expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { missingLogs } from './missing-logs'

const CAUSE = 'Kubernetes: nothing listens at http://api (connection refused).'

function failures(
  count: number,
  error = new UpstreamError('kubernetes', 'network', 'nothing listens at http://api (connection refused)'),
) {
  return Array.from({ length: count }, (_, index) => ({ error, pod: `cart-${index}`, container: 'app' }))
}

it.each([
  [0, 4, []],
  [1, 4, [`${CAUSE} The log of app in cart-0 is missing.`]],
  [2, 4, [`${CAUSE} The logs of app in cart-0, app in cart-1 are missing.`]],
  [5, 9, [`${CAUSE} The logs of app in cart-0, app in cart-1, app in cart-2 and 2 more are missing.`]],
  [24, 24, [`${CAUSE} None of the 24 logs could be read.`]],
  [1, 1, [`${CAUSE} The log of app in cart-0 is missing.`]],
])('%i of %i', (failed, asked, expected) => {
  expect(missingLogs(failures(failed), asked).map(({ message }) => message)).toEqual(expected)
})

it('tells causes apart', () => {
  const late = new UpstreamError('kubernetes', 'timeout', 'no answer within 30 s')
  expect(missingLogs([...failures(2), ...failures(1, late)], 3)).toHaveLength(2)
})
