'use client'

import { IconAlertTriangleFilled, IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { KeyboardEvent } from 'react'
import { useMemo, useRef, useState } from 'react'
import { commandOf } from '@/components/keys/key-rows'
import { SPAN_KEYS, type RowCommand } from '@/components/keys/row-keys'
import type { Scope } from '@/lib/api/paths'
import { formatDuration } from '@/lib/units/duration'
import { SpanDetails } from './SpanDetails'
import type { Stretch, WaterfallRow } from './waterfall'
import { stepOf, visibleRows } from './waterfall'
import classes from './TraceWaterfall.module.css'

const ROW_PX = 30
const INDENT_PX = 14
// a chain of a hundred calls must not push its names out of sight
const MOST_INDENTS = 14
const MARKS = [0, 0.25, 0.5, 0.75, 1]

/** Spans in the order of their calls with their time as bars; only the rows in view are drawn. */
export function TraceWaterfall({
  rows,
  traceId,
  startMs,
  durationMs,
  collapsed,
  onCollapse,
  scope,
}: {
  rows: readonly WaterfallRow[]
  traceId: string
  startMs: number
  durationMs: number
  collapsed: ReadonlySet<string>
  onCollapse: (key: string, isCollapsed: boolean) => void
  scope: Scope
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState<string | null>(null)
  const shown = useMemo(() => visibleRows(rows, collapsed), [rows, collapsed])
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler leaves this component alone, as it should
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
    getItemKey: (index) => shown[index]?.key ?? index,
  })
  const toggleDetails = (key: string) =>
    setOpened((old) => {
      const next = new Set(old)
      if (!next.delete(key)) next.add(key)
      return next
    })
  const focusRow = (index: number) => {
    const row = shown[index]
    if (!row) return
    setActive(row.key)
    virtual.scrollToIndex(index)
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }),
    )
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>, index: number) => {
    if (event.target !== event.currentTarget) return
    const row = shown[index]
    if (!row) return
    const command = commandOf<RowCommand>(SPAN_KEYS, event)
    if (command === undefined) return
    const step = stepOf(command, shown, index)
    if (step.kind === 'details') toggleDetails(row.key)
    else if (step.kind === 'fold') onCollapse(row.key, step.isCollapsed)
    else if (step.kind === 'go') focusRow(step.to)
    event.preventDefault()
  }
  const tabStop = shown.some((row) => row.key === active) ? active : shown[0]?.key
  return (
    <div ref={scroller} className={classes.scroller}>
      <div role="treegrid" aria-label="Spans" aria-rowcount={shown.length + 1} className={classes.grid}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row}>
            <div role="columnheader" className={classes.name}>
              Service and operation
            </div>
            <div role="columnheader" className={classes.figure}>
              Duration
            </div>
            <div role="columnheader" className={classes.time} aria-label="Time since the trace began">
              {MARKS.map((mark) => (
                <span
                  key={mark}
                  className={`num ${classes.mark}`}
                  style={{ left: `${mark * 100}%` }}
                  data-end={mark === 1 || undefined}
                >
                  {mark === 0 ? '0' : formatDuration(durationMs * mark)}
                </span>
              ))}
            </div>
          </div>
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map((item) => {
            const row = shown[item.index]
            if (!row) return null
            const isOpen = opened.has(row.key)
            return (
              <div
                key={row.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="row"
                aria-level={row.depth + 1}
                aria-rowindex={item.index + 2}
                aria-expanded={row.descendants > 0 ? !row.isCollapsed : undefined}
                tabIndex={row.key === tabStop ? 0 : -1}
                className={classes.item}
                data-error={row.span.hasError || undefined}
                style={{ transform: `translateY(${item.start}px)` }}
                onKeyDown={(event) => onKeyDown(event, item.index)}
                onFocus={(event) => {
                  if (event.target === event.currentTarget) setActive(row.key)
                }}
              >
                <div className={classes.row} role="presentation" onClick={() => toggleDetails(row.key)}>
                  <NameCell row={row} onCollapse={onCollapse} />
                  <div role="gridcell" className={`num ${classes.figure}`}>
                    {formatDuration(row.span.durationMs)}
                  </div>
                  <div role="gridcell" className={classes.time}>
                    <Bar row={row} startMs={startMs} />
                  </div>
                </div>
                {isOpen ? (
                  <div role="gridcell" aria-colspan={3} className={classes.details}>
                    <SpanDetails traceId={traceId} outline={row.span} startMs={startMs} scope={scope} />
                  </div>
                ) : null}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function NameCell({
  row,
  onCollapse,
}: {
  row: WaterfallRow
  onCollapse: (key: string, isCollapsed: boolean) => void
}) {
  const { span } = row
  return (
    <div
      role="gridcell"
      className={classes.name}
      style={{ paddingLeft: Math.min(row.depth, MOST_INDENTS) * INDENT_PX }}
    >
      {row.descendants > 0 ? (
        <button
          type="button"
          tabIndex={-1}
          className={classes.toggle}
          aria-label={row.isCollapsed ? `Show ${row.descendants} spans below` : 'Hide the spans below'}
          data-open={!row.isCollapsed || undefined}
          onClick={(event) => {
            event.stopPropagation()
            onCollapse(row.key, !row.isCollapsed)
          }}
        >
          <IconChevronRight size={14} aria-hidden />
        </button>
      ) : (
        <span className={classes.toggle} />
      )}
      {span.hasError ? (
        <IconAlertTriangleFilled size={13} className={classes.error} role="img" aria-label="failed" />
      ) : row.isCollapsed && row.hasErrorBelow ? (
        <IconAlertTriangleFilled size={13} className={classes.below} role="img" aria-label="failure below" />
      ) : null}
      <span className={classes.text} title={`${span.service}: ${span.operation}`}>
        <b>{span.service}</b> <span className={classes.operation}>{span.operation}</span>
      </span>
      {row.isCollapsed ? <span className={classes.hint}>+{row.descendants}</span> : null}
      {row.isOrphan ? <span className={classes.hint}>parent missing</span> : null}
      {row.against === null ? null : (
        <span className={classes.hint}>
          {row.against === 'begins-before' ? 'clock differs' : 'goes on after its caller'}
        </span>
      )}
      {codeOf(row) ? <span className={classes.code}>{codeOf(row)}</span> : null}
    </div>
  )
}

function Bar({ row, startMs }: { row: WaterfallRow; startMs: number }) {
  const begins = formatDuration(row.span.startMs - startMs)
  const isOnPath = row.critical.length > 0
  const words = `from ${begins}, for ${formatDuration(row.span.durationMs)}${isOnPath ? ', on the critical path' : ''}`
  return (
    <div className={classes.track} role="img" aria-label={words} title={words}>
      <span className={classes.bar} data-error={row.span.hasError || undefined} style={place(row.bar)} />
      {row.critical.map((stretch) => (
        <span key={stretch.left} className={classes.critical} style={place(stretch, 1)} />
      ))}
    </div>
  )
}

function place({ left, width }: Stretch, leastPx = 2) {
  return { left: `${left * 100}%`, width: `max(${leastPx}px, ${width * 100}%)` }
}

/** The code worth a glance: of what failed, and of HTTP other than 2xx. */
function codeOf({ span }: WaterfallRow): string | null {
  if (span.grpcStatus !== null && span.grpcStatus !== '0') return `gRPC ${span.grpcStatus}`
  if (span.httpStatus !== null && (span.hasError || !span.httpStatus.startsWith('2'))) return span.httpStatus
  return null
}
