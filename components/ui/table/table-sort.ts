/** Order of a table's rows. Pure. */

export interface Sort {
  column: string
  isDescending: boolean
}

export interface Sortable<T> {
  id: string
  /** null sorts last, whichever way */
  sortBy?: (row: T) => string | number | null
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Rows by one column; names compare as people count (`v2` before `v10`), equal rows keep their order. */
export function sortedRows<T>(rows: readonly T[], columns: readonly Sortable<T>[], sort: Sort): T[] {
  const by = columns.find((column) => column.id === sort.column)?.sortBy
  if (!by) return [...rows]
  const sign = sort.isDescending ? -1 : 1
  // the value is asked for once a row, not once a comparison
  return rows
    .map((row) => ({ row, value: by(row) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null)
      const order =
        typeof a === 'string' || typeof b === 'string' ? names.compare(String(a), String(b)) : a - b
      return order * sign
    })
    .map(({ row }) => row)
}
