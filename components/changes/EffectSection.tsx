'use client'

import { Select, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useUrlParams } from '@/components/hooks/use-url-params'
import { useNow } from '@/components/hooks/use-now'
import { Notices } from '@/components/ui/messages/Notices'
import { Section } from '@/components/ui/Section'
import { queries } from '@/lib/api/queries'
import type { ChangeDetail, ChangeEffect, MeasuredTraffic } from '@/lib/api/schemas/changes'
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
        <Skeleton height={96} maw={560} />
      )}
    </Section>
  )
}

function Effect({ effect, now }: { effect: ChangeEffect; now: number }) {
  const { before, after, touchesTraffic, afterKnownAt, notices } = effect
  if (!touchesTraffic) {
    return <p className={classes.quiet}>The objects name and select nothing whose traffic is known.</p>
  }
  const rows: [string, (side: MeasuredTraffic | null) => string][] = [
    ['Requests', (side) => formatRate(side?.requestsPerSecond)],
    ['Errors', (side) => formatRatio(side?.errorRatio)],
    ['P99 latency', (side) => formatDuration(side?.p99Ms)],
  ]
  return (
    <>
      <Notices notices={notices} />
      <table className={classes.effect}>
        <thead>
          <tr>
            <th scope="col">Traffic of what it touches</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, textOf]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="num">{before ? textOf(before) : ABSENT}</td>
              <td className="num">{after ? textOf(after) : ABSENT}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {before ? null : <p className={classes.quiet}>Before: not measured.</p>}
      {after ? null : afterKnownAt > now ? (
        <p className={classes.quiet}>
          After: the time is not over; known at <Instant at={afterKnownAt} />.
        </p>
      ) : (
        <p className={classes.quiet}>After: not measured.</p>
      )}
    </>
  )
}
