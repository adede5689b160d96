'use client'

import { Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useUrlParams } from '@/components/hooks/address/use-url-params'
import { useNow } from '@/components/hooks/use-now'
import { Notices } from '@/components/ui/messages/Notices'
import { Section } from '@/components/ui/Section'
import { queries } from '@/lib/api/queries'
import type { ChangeDetail, ChangeEffect, MeasuredTraffic } from '@/lib/api/schemas/config/changes'
import { wordsOfKinds } from '@/lib/istio/unread'
import { formatDuration } from '@/lib/units/duration'
import { ABSENT } from '@/lib/units/number'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import classes from './Changes.module.css'
import { Instant } from './Instant'

const WINDOWS = [
  { value: '1m', label: '1 min' },
  { value: '5m', label: '5 min' },
  { value: '30m', label: '30 min' },
  { value: '1h', label: '1 h' },
]
const PRESET = '5m'
const WAITING_POLL_MS = 15_000

/** What the traffic it touches did before and after the change. */
export function EffectSection({ change }: { change: ChangeDetail }) {
  const { params, set } = useUrlParams()
  const window = WINDOWS.find(({ value }) => value === params.get('effect'))?.value ?? PRESET
  const now = useNow()
  const answer = useQuery({
    ...queries.changeEffect(change.id, window),
    refetchInterval: ({ state }) =>
      state.data && state.data.touchesTraffic && state.data.after === null && state.data.afterKnownAt > now
        ? WAITING_POLL_MS
        : false,
  })
  return (
    <Section
      title="Observed effect"
      aside={
        <Select
          size="xs"
          w={92}
          aria-label="Time before and after"
          data={WINDOWS}
          value={window}
          onChange={(value) => set({ effect: value === PRESET ? null : value })}
          allowDeselect={false}
        />
      }
    >
      {answer.data ? (
        <Effect effect={answer.data} now={now} />
      ) : answer.error ? (
        <p className={classes.quiet}>Not known: {answer.error.message}</p>
      ) : (
        <EffectToCome />
      )}
    </Section>
  )
}

function Effect({ effect, now }: { effect: ChangeEffect; now: number }) {
  const { before, after, touchesTraffic, afterKnownAt, unread, notices } = effect
  if (!touchesTraffic) {
    return (
      <>
        <Notices notices={notices} />
        <p className={classes.quiet}>
          {unread.length > 0
            ? `Not known: Heddle may not read ${wordsOfKinds(unread)}, so whose traffic it touches is not known.`
            : notices.length > 0
              ? 'Not known until the cluster has been read.'
              : 'The objects name and select nothing whose traffic is known.'}
        </p>
      </>
    )
  }
  return (
    <>
      <Notices notices={notices} />
      <EffectTable cellsOf={(textOf) => [before ? textOf(before) : ABSENT, after ? textOf(after) : ABSENT]} />
      {before ? null : <p className={classes.quiet}>Before: not measured.</p>}
      {after ? null : afterKnownAt > now ? (
        <p className={classes.quiet}>
          After: the time is not over; known at <Instant at={afterKnownAt} />.
        </p>
      ) : (
        <p className={classes.quiet}>After: not measured.</p>
      )}
      {unread.length > 0 ? (
        <p className={classes.quiet}>
          It may touch more traffic than this: Heddle may not read {wordsOfKinds(unread)}.
        </p>
      ) : null}
    </>
  )
}

const ROWS: readonly [string, (side: MeasuredTraffic) => string][] = [
  ['Requests', (side) => formatRate(side.requestsPerSecond)],
  ['Errors', (side) => formatRatio(side.errorRatio)],
  ['P99 latency', (side) => formatDuration(side.p99Ms)],
]

function EffectTable({
  cellsOf,
}: {
  /** before and after */
  cellsOf: (textOf: (side: MeasuredTraffic) => string) => [ReactNode, ReactNode]
}) {
  return (
    <table className={classes.effect}>
      <thead>
        <tr>
          <th scope="col">Traffic of what it touches</th>
          <th scope="col">before</th>
          <th scope="col">after</th>
        </tr>
      </thead>
      <tbody>
        {ROWS.map(([name, textOf]) => {
          const [before, after] = cellsOf(textOf)
          return (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="num">{before}</td>
              <td className="num">{after}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** The table before its figures, and the line that most often stands below. */
function EffectToCome() {
  const cell = <Skeleton height={10} width={56} ml="auto" my={4} radius="sm" />
  return (
    <div role="status" aria-label="Loading" aria-busy>
      <EffectTable cellsOf={() => [cell, cell]} />
      <p className={classes.quiet}>…</p>
    </div>
  )
}
