/** What the graph as a table shows, as the address says it. Pure. */
import type { Sort } from '@/components/ui/table/table-sort'

export interface GraphTableState {
  rows: 'nodes' | 'edges'
  filter: string
  /** null: the worst or busiest first */
  sort: Sort | null
}

/** `?rows=edges&filter=reviews&sort=-rate`; what is unknown or absent reads as the default. */
export function parseTableState(params: URLSearchParams): GraphTableState {
  const sort = params.get('sort') ?? ''
  return {
    rows: params.get('rows') === 'edges' ? 'edges' : 'nodes',
    filter: params.get('filter') ?? '',
    sort: /^-?[a-zA-Z0-9]+$/.test(sort)
      ? { column: sort.replace(/^-/, ''), isDescending: sort.startsWith('-') }
      : null,
  }
}

/** The query string after a change: defaults are left out, keys of others stay. */
export function withTableState(params: URLSearchParams, patch: Partial<GraphTableState>): URLSearchParams {
  const next = new URLSearchParams(params)
  const put = (key: string, text: string) => (text === '' ? next.delete(key) : next.set(key, text))
  if (patch.filter !== undefined) put('filter', patch.filter)
  if (patch.rows !== undefined) {
    put('rows', patch.rows === 'nodes' ? '' : patch.rows)
    // the columns are others
    if (patch.sort === undefined) put('sort', '')
  }
  if (patch.sort !== undefined) {
    put('sort', patch.sort === null ? '' : `${patch.sort.isDescending ? '-' : ''}${patch.sort.column}`)
  }
  return next
}
