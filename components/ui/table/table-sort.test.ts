import { describe, expect, it } from 'vitest'
import { sortedRows } from './table-sort'

interface Row {
  name: string
  rate: number | null
}
const columns = [
  { id: 'name', sortBy: (row: Row) => row.name },
  { id: 'rate', sortBy: (row: Row) => row.rate },
  { id: 'plain' },
]
const rows: Row[] = [
  { name: 'b', rate: 2 },
  { name: 'v10', rate: null },
  { name: 'a', rate: 2 },
  { name: 'v2', rate: 10 },
]
const order = (column: string, isDescending: boolean) =>
  sortedRows(rows, columns, { column, isDescending }).map((row) => row.name)

describe('sortedRows', () => {
  it('counts in names', () => expect(order('name', false)).toEqual(['a', 'b', 'v2', 'v10']))

  it('puts what was not measured last, whichever way', () => {
    expect(order('rate', true)).toEqual(['v2', 'b', 'a', 'v10'])
    expect(order('rate', false)).toEqual(['b', 'a', 'v2', 'v10'])
  })

  it('leaves the rows as they come for a column without an order', () => {
    expect(order('plain', true)).toEqual(rows.map((row) => row.name))
    expect(order('gone', false)).toEqual(rows.map((row) => row.name))
  })
})
