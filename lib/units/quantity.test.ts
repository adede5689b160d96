import { expect, it } from 'vitest'
import { parseQuantity } from './quantity'

it.each([
  ['100m', 0.1],
  ['2', 2],
  ['0.5', 0.5],
  ['128Mi', 134_217_728],
  ['1Gi', 1_073_741_824],
  ['500k', 500_000],
  ['1e3', 1000],
  ['', null],
  [undefined, null],
  ['much', null],
  ['12 Mi', null],
  ['-1', null],
])('%j is %j', (text, value) => {
  const read = parseQuantity(text)
  if (value === null) expect(read).toBeNull()
  else expect(read).toBeCloseTo(value, 9)
})
