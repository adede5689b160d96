import { expect, it } from 'vitest'
import { csvOf, type CsvColumn } from './list-csv'

interface Row {
  name: string
  rate: number | null
}

const COLUMNS: CsvColumn<Row>[] = [
  { id: 'name', name: 'Name', sortBy: (row) => row.name },
  { id: 'rate', name: 'Requests', copy: { header: 'Requests (1/s)', value: (row) => row.rate } },
  { id: 'link', name: 'Graph' },
]

it.each([
  ['reviews', 12.5, 'reviews,12.5'],
  ['not measured', null, 'not measured,'],
  ['with, comma', 0, '"with, comma",0'],
  ['with "quotes"', 1, '"with ""quotes""",1'],
  ['two\nlines', 1, '"two\nlines",1'],
  ['=HYPERLINK("x")', 1, `"'=HYPERLINK(""x"")",1`],
  ['-1+1', -1, `'-1+1,-1`],
  ['endless', Infinity, 'endless,'],
])('writes %s', (name, rate, line) => {
  expect(csvOf([{ name, rate }], COLUMNS)).toBe(`Name,Requests (1/s)\r\n${line}\r\n`)
})

it('gives what a cell says beside its value a column of its own', () => {
  const sent = { header: 'Counted', value: (row: Row) => (row.rate === null ? null : 'sent') }
  const columns = [{ id: 'rate', name: 'Requests', copy: { value: (row: Row) => row.rate, beside: sent } }]
  expect(
    csvOf(
      [
        { name: 'a', rate: 2 },
        { name: 'b', rate: null },
      ],
      columns,
    ),
  ).toBe('Requests,Counted\r\n2,sent\r\n,\r\n')
})
