import { expect, it } from 'vitest'
import { walkFields } from './walk-fields'

it('walks the fields of a heatmap, from the latest, and stays inside', () => {
  expect(walkFields('ArrowUp', null, 60, 12)).toEqual({ column: 59, row: 0 })
  expect(walkFields('ArrowLeft', { column: 59, row: 0 }, 60, 12)).toEqual({ column: 58, row: 0 })
  expect(walkFields('ArrowUp', { column: 58, row: 0 }, 60, 12)).toEqual({ column: 58, row: 1 })
  expect(walkFields('ArrowUp', { column: 58, row: 11 }, 60, 12)).toEqual({ column: 58, row: 11 })
  expect(walkFields('ArrowRight', { column: 59, row: 3 }, 60, 12)).toEqual({ column: 59, row: 3 })
})

it('leaves other keys alone, and an empty one', () => {
  expect(walkFields('Tab', { column: 1, row: 1 }, 60, 12)).toBeNull()
  expect(walkFields('ArrowUp', null, 0, 12)).toBeNull()
})
