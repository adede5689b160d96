'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import type { ReactNode } from 'react'
import { useMemo, useRef, useState } from 'react'
import classes from './DataTable.module.css'

export interface Column<T> {
  id: string
  name: string
  /** said on hover of the header: what the figure means */
  meaning?: string
  /** CSS grid track */
  width: string
  align?: 'left' | 'right'
  cell: (row: T) => ReactNode
  /** null sorts last, whichever way */
  sortBy?: (row: T) => string | number | null
}

const ROW_PX = 32

/** A dense, sortable table that draws only the rows in view. Right-aligned figures, units in the cells. */
export function DataTable<T>({
  label,
  rows,
  columns,
  keyOf,
  initialSort,
  selected,
  onChoose,
}: {
  label: string
  rows: readonly T[]
  columns: readonly Column<T>[]
  keyOf: (row: T) => string
  initialSort: { column: string; isDescending: boolean }
  selected?: string | null
  onChoose?: (row: T) => void
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [sort, setSort] = useState(initialSort)
  const sorted = useMemo(() => sortedRows(rows, columns, sort), [rows, columns, sort])
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
    getItemKey: (index) => {
      const row = sorted[index]
      return row === undefined ? index : keyOf(row)
    },
  })
  const tracks = { gridTemplateColumns: columns.map((column) => column.width).join(' ') }
  return (
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="region" aria-label={label}>
      <div role="table" aria-label={label} aria-rowcount={sorted.length + 1} className={classes.table}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row} style={tracks}>
            {columns.map((column) => {
              const isSorted = sort.column === column.id
              return (
                <div
                  key={column.id}
                  role="columnheader"
                  className={classes.header}
                  data-align={column.align}
                  aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
                >
                  {column.sortBy ? (
                    <button
                      type="button"
                      title={column.meaning}
                      onClick={() =>
                        setSort({
                          column: column.id,
                          isDescending: isSorted ? !sort.isDescending : column.align === 'right',
                        })
                      }
                    >
                      {column.name}
                      <span aria-hidden className={classes.arrow} data-on={isSorted || undefined}>
                        {isSorted && sort.isDescending ? '↓' : '↑'}
                      </span>
                    </button>
                  ) : (
                    <span title={column.meaning}>{column.name}</span>
                  )}
                </div>
              )
            })}
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = sorted[item.index]
            if (row === undefined) return null
            const key = keyOf(row)
            return (
              <div
                key={key}
                role="row"
                aria-rowindex={item.index + 2}
                aria-selected={onChoose ? key === selected : undefined}
                className={classes.row}
                data-choosable={onChoose ? true : undefined}
                style={{
                  ...tracks,
                  position: 'absolute',
                  inset: '0 0 auto',
                  transform: `translateY(${item.start}px)`,
                }}
                onClick={onChoose ? () => onChoose(row) : undefined}
              >
                {columns.map((column) => (
                  <div key={column.id} role="cell" className={classes.cell} data-align={column.align}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function sortedRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  sort: { column: string; isDescending: boolean },
): T[] {
  const by = columns.find((column) => column.id === sort.column)?.sortBy
  if (!by) return [...rows]
  const sign = sort.isDescending ? -1 : 1
  return rows.toSorted((a, b) => {
    const x = by(a)
    const y = by(b)
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    return (x < y ? -1 : x > y ? 1 : 0) * sign
  })
}
