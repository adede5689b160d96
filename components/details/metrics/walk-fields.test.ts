import { expect, it } from 'vitest'
import { walkFields } from './walk-fields'

const press = (key: string, held: { altKey?: boolean; ctrlKey?: boolean; metaKey?: boolean } = {}) => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...held,
})

it('walks the fields of a heatmap, from the latest, and stays inside', () => {
  expect(walkFields(press('ArrowUp'), null, 60, 12)).toEqual({ column: 59, row: 0 })
  expect(walkFields(press('ArrowLeft'), { column: 59, row: 0 }, 60, 12)).toEqual({ column: 58, row: 0 })
  expect(walkFields(press('ArrowUp'), { column: 58, row: 0 }, 60, 12)).toEqual({ column: 58, row: 1 })
  expect(walkFields(press('ArrowUp'), { column: 58, row: 11 }, 60, 12)).toEqual({ column: 58, row: 11 })
  expect(walkFields(press('ArrowRight'), { column: 59, row: 3 }, 60, 12)).toEqual({ column: 59, row: 3 })
})

it('leaves other keys alone, those of the browser, and an empty one', () => {
  expect(walkFields(press('Tab'), { column: 1, row: 1 }, 60, 12)).toBeNull()
  expect(walkFields(press('ArrowLeft', { altKey: true }), { column: 1, row: 1 }, 60, 12)).toBeNull()
  expect(walkFields(press('ArrowLeft', { metaKey: true }), { column: 1, row: 1 }, 60, 12)).toBeNull()
  expect(walkFields(press('ArrowUp'), null, 0, 12)).toBeNull()
})
