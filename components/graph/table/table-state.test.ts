import { describe, expect, it } from 'vitest'
import { parseTableState, withTableState } from './table-state'

const read = (query: string) => parseTableState(new URLSearchParams(query))
const write = (query: string, patch: Parameters<typeof withTableState>[1]) =>
  withTableState(new URLSearchParams(query), patch).toString()

describe('the graph as a table', () => {
  it('reads its address, and defaults where it says nothing or nonsense', () => {
    expect(read('rows=edges&filter=rev&sort=-rate')).toEqual({
      rows: 'edges',
      filter: 'rev',
      sort: { column: 'rate', isDescending: true },
    })
    expect(read('rows=pods&sort=a b')).toEqual({ rows: 'nodes', filter: '', sort: null })
  })

  it('writes what is chosen and keeps what is not its own', () => {
    expect(write('as=table', { filter: 'x', sort: { column: 'name', isDescending: false } })).toBe(
      'as=table&filter=x&sort=name',
    )
    expect(write('as=table&filter=x&sort=name', { rows: 'edges' })).toBe('as=table&filter=x&rows=edges')
    expect(write('rows=edges&filter=x&sort=-p99', { rows: 'nodes', filter: '', sort: null })).toBe('')
  })
})
