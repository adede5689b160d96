'use client'

import { IconArrowDown, IconFilterOff } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import type { KeyboardEvent } from 'react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { commandOf } from '@/components/keys/key-rows'
import { LINE_KEYS, rowAfter, type RowCommand } from '@/components/keys/row-keys'
import { Message } from '@/components/ui/messages/Message'
import type { Scope } from '@/lib/api/paths'
import type { LogAnswer } from '@/lib/api/schemas/telemetry/logs'
import { endWords } from '@/lib/mesh/container-end'
import { formatDate } from '@/lib/units/date'
import { LineRow, SpanRow } from './LogRow'
import { LineDetails } from './LineDetails'
import classes from './Logs.module.css'
import { indexAt, MOST_KEPT, type LogRow } from './log-rows'
import { podLabels, shortPod } from './access-words'
import { endedContainers, proxiesOf, type LogView } from './log-view'

const ROW_PX = 24
/** So near the end, new lines pull the view along. */
const NEAR_END_PX = 40

/** The lines, newest at the end; only those in view are drawn. While following it stays at the end unless scrolled away. */
export function LogList({
  rows,
  answer,
  scope,
  view,
  isLive,
  isFollowing,
}: {
  rows: readonly LogRow[]
  answer: LogAnswer
  scope: Scope
  view: LogView
  isLive: boolean
  isFollowing: boolean
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const [isAtEnd, setAtEnd] = useState(true)
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState<string | null>(null)
  const proxies = useMemo(() => proxiesOf(answer), [answer])
  const { pods, isOfSeveral } = useMemo(() => podLabels(answer, view.workload), [answer, view.workload])
  // eslint-disable-next-line react-hooks/incompatible-library -- the compiler leaves this component alone, as it should
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
    getItemKey: (index) => rows[index]?.key ?? index,
  })
  const { mark } = view
  const isDated = isOfOtherDays(rows, answer.at)
  const marked = mark === null ? -1 : indexAt(rows, mark)
  const hasMark = marked >= 0
  const isPinned = isAtEnd && !hasMark
  const last = rows.at(-1)?.key
  useEffect(() => {
    if (isPinned && last !== undefined) virtual.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: 'end' })
    // the newest row is what moves the view
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `virtual` is another object with every draw
  }, [last, isPinned])
  useEffect(() => {
    if (hasMark) virtual.scrollToIndex(marked, { align: 'center' })
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each mark: afterwards the reader scrolls
  }, [mark, hasMark])
  const toEnd = () => {
    setAtEnd(true)
    virtual.scrollToIndex(rows.length - 1, { align: 'end' })
  }
  const toggle = (key: string, index: number) => {
    setOpened((old) => {
      const next = new Set(old)
      if (!next.delete(key)) next.add(key)
      return next
    })
    // what opens below the foot of the frame would not be seen to open
    requestAnimationFrame(() => requestAnimationFrame(() => showWhole(scroller.current, index)))
  }
  const focusRow = (index: number) => {
    const row = rows[index]
    if (!row) return
    setActive(row.key)
    virtual.scrollToIndex(index)
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true }),
    )
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>, index: number, key: string) => {
    if (event.target !== event.currentTarget) return
    const command = commandOf<RowCommand>(LINE_KEYS, event)
    if (command === undefined) return
    const next = rowAfter(command, index, rows.length)
    if (command === 'toggle') toggle(key, index)
    else if (next !== null) focusRow(next)
    event.preventDefault()
  }
  const isUnread =
    answer.lines.length === 0 && answer.notices.some(({ upstream }) => upstream === 'kubernetes')
  const tabStop = rows.some((row) => row.key === active) ? active : (rows.at(-1)?.key ?? null)
  return (
    <div className={classes.frame}>
      <p className={classes.said} aria-live="off">
        {view.isPrevious ? `${endOfBefore(answer, view)} ` : ''}
        {saying(rows, answer, isLive)}
      </p>
      {rows.length === 0 ? (
        <Message
          icon={<IconFilterOff size={24} />}
          title={
            isUnread ? 'No line could be read' : answer.lines.length === 0 ? 'No lines' : 'No line passes'
          }
        >
          {isUnread
            ? 'What these containers wrote is not known; why, is said above.'
            : answer.lines.length === 0
              ? view.isPrevious && endedContainers(answer, view).length === 0
                ? 'None of these containers has restarted: there is nothing of before.'
                : 'These containers wrote nothing in this time, or what they wrote was rotated away.'
              : `${answer.lines.length} lines were read; none passes what is chosen above.`}
        </Message>
      ) : (
        <div
          ref={scroller}
          className={classes.scroller}
          data-dated={isDated || undefined}
          onScroll={(event) => {
            const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
            setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_END_PX)
          }}
        >
          <div
            role="treegrid"
            aria-label="Log lines"
            aria-rowcount={rows.length}
            style={{ height: virtual.getTotalSize() }}
            className={classes.lines}
          >
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]
              if (!row) return null
              const isOpen = opened.has(row.key)
              return (
                <div
                  key={row.key}
                  ref={virtual.measureElement}
                  role="row"
                  aria-level={1}
                  data-index={item.index}
                  aria-rowindex={item.index + 1}
                  aria-expanded={isOpen}
                  tabIndex={row.key === tabStop ? 0 : -1}
                  className={classes.item}
                  data-level={row.kind === 'line' ? (row.line.level ?? undefined) : undefined}
                  data-marked={item.index === marked || undefined}
                  style={{ transform: `translateY(${item.start}px)` }}
                  onKeyDown={(event) => onKeyDown(event, item.index, row.key)}
                  onFocus={(event) => {
                    if (event.target === event.currentTarget) setActive(row.key)
                  }}
                >
                  <div
                    role="gridcell"
                    className={classes.line}
                    data-several={isOfSeveral || undefined}
                    onClick={() => toggle(row.key, item.index)}
                  >
                    {row.kind === 'line' ? (
                      <LineRow
                        line={row.line}
                        more={row.lines - 1}
                        isProxy={proxies.has(row.line.container)}
                        pods={pods}
                        isDated={isDated}
                      />
                    ) : (
                      <SpanRow span={row.span} pods={pods} isDated={isDated} />
                    )}
                  </div>
                  {isOpen ? (
                    <div role="gridcell" className={classes.opened}>
                      <LineDetails row={row} scope={scope} />
                    </div>
                  ) : null}
                </div>
              )
            })}
          </div>
        </div>
      )}
      {isFollowing && !isAtEnd && rows.length > 0 ? (
        <button type="button" className={classes.newest} onClick={toEnd}>
          <IconArrowDown size={14} aria-hidden /> Newest lines
        </button>
      ) : null}
    </div>
  )
}

/** Scrolls no further than a row that reaches below the frame needs, and never its beginning out of sight. */
function showWhole(frame: HTMLElement | null, index: number): void {
  const row = frame?.querySelector(`[data-index="${index}"]`)?.getBoundingClientRect()
  const box = frame?.getBoundingClientRect()
  if (!frame || !row || !box) return
  const below = Math.min(row.bottom - box.bottom, row.top - box.top)
  if (below > 0) frame.scrollTop += below
}

/** Of which containers the lines are that are shown in place of the present ones. */
function endOfBefore(answer: LogAnswer, view: LogView): string {
  const [last, ...others] = endedContainers(answer, view)
  if (!last) return ''
  const { pod, container, end } = last
  const when = ` on ${formatDate(end.at, { timeZone: zoneOf() })}`
  const more = others.length === 0 ? '' : ` (the last of ${others.length + 1} that ended)`
  return `Written before ${container} in ${shortPod(pod)} ${endWords(end)}${when}${more}.`
}

function zoneOf(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Whether lines of another day than the one they were read on are among the rows: then each says its day. */
function isOfOtherDays(rows: readonly LogRow[], now: number): boolean {
  const first = rows[0]
  return first !== undefined && new Date(first.atMs).toDateString() !== new Date(now).toDateString()
}

/** How much is here, and what is not. */
function saying(rows: readonly LogRow[], answer: LogAnswer, isLive: boolean): string {
  const lines = rows.reduce((sum, row) => sum + (row.kind === 'line' ? row.lines : 0), 0)
  const spans = rows.filter((row) => row.kind === 'span').length
  const parts = [
    lines === answer.lines.length ? `${lines} lines` : `${lines} of ${answer.lines.length} lines`,
    ...(spans > 0 ? [spans === 1 ? '1 span' : `${spans} spans`] : []),
  ]
  const byLines = answer.cut.filter((one) => one.by === 'lines').length
  const byBytes = answer.cut.filter((one) => one.by === 'bytes').length
  const left: string[] = []
  if (byLines > 0) left.push(`older lines of ${containers(byLines)} are not read`)
  if (byBytes > 0) {
    left.push(
      isLive
        ? `of ${containers(byBytes)} only the newest 1 MiB is read`
        : `of ${containers(byBytes)} only the last 1 MiB before this instant is read`,
    )
  }
  if (answer.lines.length >= MOST_KEPT) left.push(`the newest ${MOST_KEPT} lines are kept`)
  return [parts.join(' and '), ...left].join('; ')
}

function containers(count: number): string {
  return count === 1 ? '1 container' : `${count} containers`
}
