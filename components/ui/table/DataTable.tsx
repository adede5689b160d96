'use client'

import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual'
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { commandOf } from '@/components/keys/key-rows'
import { rowAfter, type RowCommand, TABLE_KEYS } from '@/components/keys/row-keys'
import classes from './DataTable.module.css'
import type { Sort, Sortable } from './table-sort'
import { sortedRows } from './table-sort'
import { usePrinted } from './use-printed'

export interface Column<T> extends Sortable<T> {
  name: string
  /** said on hover of the header: what the figure means */
  meaning?: string
  /** CSS grid track */
  width: string
  align?: 'left' | 'right'
  /** which way the first click sorts; figures: largest first */
  isDescendingFirst?: boolean
  cell: (row: T) => ReactNode
  /** in a copy: its header with the unit, and the plain value; absent: the name and what it is sorted by */
  copy?: {
    header?: string
    value: (row: T) => string | number | null
    /** a column of its own for what a cell says beside its value */
    beside?: { header: string; value: (row: T) => string | null }
  }
  /** shown only to those who chose it */
  isExtra?: boolean
  /** what a table is about cannot be hidden */
  isFixed?: boolean
}

const ROW_PX = 32
/** a hundred sheets are read by nobody */
const MOST_PRINTED = 1_000

/** A dense, sortable table that draws only the rows in view. Right-aligned figures, units in the cells. */
export function DataTable<T>({
  label,
  rows,
  columns,
  keyOf,
  initialSort,
  sort: chosenSort,
  onSort,
  selected,
  onChoose,
  detail,
  filter = '',
}: {
  label: string
  rows: readonly T[]
  columns: readonly Column<T>[]
  keyOf: (row: T) => string
  initialSort: Sort
  /** with `onSort`: the page keeps the order, for instance in its address */
  sort?: Sort
  onSort?: (sort: Sort) => void
  selected?: string | null
  onChoose?: (row: T) => void
  /** what stands under a row that is opened; null: nothing */
  detail?: (row: T) => ReactNode
  /** another text means other rows: the table begins at its top again */
  filter?: string
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [ownSort, setOwnSort] = useState(initialSort)
  const sort = chosenSort ?? ownSort
  const setSort = onSort ?? setOwnSort
  const isPrinted = usePrinted()
  const sorted = useMemo(() => sortedRows(rows, columns, sort), [rows, columns, sort])
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler leaves this component alone, as it should
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    rangeExtractor: (range) =>
      isPrinted
        ? Array.from({ length: Math.min(range.count, MOST_PRINTED) }, (_, index) => index)
        : defaultRangeExtractor(range),
    getItemKey: (index) => {
      const row = sorted[index]
      return row === undefined ? index : keyOf(row)
    },
  })
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
  }, [filter, sort.column, sort.isDescending])
  const tracks = useMemo(
    () => ({ gridTemplateColumns: columns.map((column) => column.width).join(' ') }),
    [columns],
  )

  /** Arrows walk the rows from link to link; what is not drawn yet is scrolled to first. */
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const from = event.target instanceof Element ? event.target.closest('[data-index]') : null
    if (!from || event.target === from) return
    const index = Number(from.getAttribute('data-index'))
    const next = rowAfter(commandOf<RowCommand>(TABLE_KEYS, event), index, sorted.length)
    if (next === null) return
    event.preventDefault()
    const nth = [...from.querySelectorAll(FOCUSABLE)].indexOf(event.target as Element)
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => {
      const row = scroller.current?.querySelector(`[data-index="${next}"]`)
      const stops = row?.querySelectorAll<HTMLElement>(FOCUSABLE)
      const stop = stops?.[nth] ?? row?.querySelector<HTMLElement>('a[href]') ?? stops?.[0]
      stop?.focus({ preventScroll: true })
    })
  }
  return (
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="region" aria-label={label}>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        style={{ minWidth: leastWidth(columns) }}
        onKeyDown={onKeyDown}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row} style={tracks}>
            {columns.map((column) => {
              const isSorted = sort.column === column.id
              const arrow = (
                <span aria-hidden className={classes.arrow} data-on={isSorted || undefined}>
                  {isSorted && sort.isDescending ? '↓' : '↑'}
                </span>
              )
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
                          isDescending: isSorted
                            ? !sort.isDescending
                            : (column.isDescendingFirst ?? column.align === 'right'),
                        })
                      }
                    >
                      {/* beside the name, never between the name and the figures it is flush with */}
                      {column.align === 'right' ? arrow : null}
                      {column.name}
                      {column.align === 'right' ? null : arrow}
                    </button>
                  ) : (
                    <span title={column.meaning}>{column.name}</span>
                  )}
                </div>
              )
            })}
          </div>
        </div>
        <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = sorted[item.index]
            if (row === undefined) return null
            const key = keyOf(row)
            const below = detail?.(row) ?? null
            return (
              <div
                key={key}
                ref={detail ? virtual.measureElement : undefined}
                data-index={item.index}
                role="row"
                aria-rowindex={item.index + 2}
                aria-current={onChoose && key === selected ? true : undefined}
                className={classes.item}
                data-choosable={onChoose ? true : undefined}
                style={{ transform: `translateY(${item.start}px)` }}
                onClick={onChoose ? () => onChoose(row) : undefined}
              >
                <Cells row={row} columns={columns} tracks={tracks} />
                {below === null ? null : (
                  <div role="cell" aria-colspan={columns.length} className={classes.below}>
                    {below}
                  </div>
                )}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

/** Scrolling moves rows without drawing again what is in them. */
const Cells = memo(function Cells<T>({
  row,
  columns,
  tracks,
}: {
  row: T
  columns: readonly Column<T>[]
  tracks: CSSProperties
}) {
  return (
    <div className={classes.row} style={tracks} role="presentation">
      {columns.map((column) => (
        <div key={column.id} role="cell" className={classes.cell} data-align={column.align}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
  // memo forgets that the component is generic
}) as <T>(props: { row: T; columns: readonly Column<T>[]; tracks: CSSProperties }) => ReactNode

const ROW_PADDING_PX = 32

/** Below this the table scrolls sideways: every column at its narrowest. */
function leastWidth(columns: readonly { width: string }[]): number {
  return columns.reduce((sum, column) => sum + Number(/(\d+)px/.exec(column.width)?.[1] ?? 0), ROW_PADDING_PX)
}

const FOCUSABLE = 'a[href], button'
