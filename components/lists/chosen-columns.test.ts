import { expect, it } from 'vitest'
import { isChosen, withColumn } from './chosen-columns'

const p99 = { id: 'p99' }
const labels = { id: 'labels', isExtra: true }
const name = { id: 'name', isFixed: true }

it('shows what is usual until somebody says otherwise', () => {
  expect([p99, labels, name].map((column) => isChosen('', column))).toEqual([true, false, true])
  const text = withColumn(withColumn('', p99, false), labels, true)
  expect(text).toBe('+labels,-p99')
  expect([p99, labels, name].map((column) => isChosen(text, column))).toEqual([false, true, true])
})

it('forgets what is usual again, and keeps what it does not know', () => {
  expect(withColumn('-p99', p99, true)).toBe('')
  expect(withColumn('+labels,-later', labels, false)).toBe('-later')
  expect(isChosen('-name', name)).toBe(true)
})
