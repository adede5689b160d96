'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { IconCircleCheck, IconHourglass, IconAlertTriangle } from '@tabler/icons-react'
import { useId, useMemo, useState } from 'react'
import { useNow } from '@/components/hooks/use-now'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { ChartPanel, ChartSkeletons } from '@/components/metrics/ChartPanel'
import { createCursor, CursorContext } from '@/components/metrics/cursor'
import chartClasses from '@/components/metrics/MetricCharts.module.css'
import { Failure } from '@/components/ui/messages/Failure'
import { Notices } from '@/components/ui/messages/Notices'
import { Section } from '@/components/ui/Section'
import type { Scope } from '@/lib/api/paths'
import { queries } from '@/lib/api/queries'
import type { SplitWatch } from '@/lib/api/schemas/config/splits'
import { formatRate } from '@/lib/units/rate'
import { formatRatio } from '@/lib/units/ratio'
import { Evidence } from './Evidence'
import { watchShapes } from './shapes'
import classes from './Watch.module.css'

const HEIGHT = 190
const TO_COME = [
  // of two versions, and what is configured of each
  { title: 'Share of traffic', lines: 4 },
  { title: 'Errors', lines: 2 },
  { title: 'P99', lines: 2 },
]
/** After a change somebody waits for each scrape. */
const WATCHING_MS = 5_000
const WATCHING_FOR_MS = 15 * 60_000

/** Configured against observed over time, errors and latency of each version, and whether it has converged. */
export function WatchPanel({ id, since, scope }: { id: string; since: number | null; scope: Scope }) {
  const now = useNow()
  const isWatching = since !== null && now - since < WATCHING_FOR_MS
  const usual = useRefreshInterval()
  const answer = useQuery({
    ...queries.splitWatch({ split: id, since, window: '10m', at: scope.at ?? null }),
    staleTime: 0,
    refetchInterval: isWatching && usual !== false ? WATCHING_MS : usual,
    placeholderData: keepPreviousData,
  })
  const { data } = answer
  return (
    <Section title="Configured and observed" aside="last 10 min, rates over 1 min">
      {data ? (
        <>
          {answer.isRefetchError ? (
            <Notices
              notices={[{ code: 'stale', message: `These figures are old: ${answer.error.message}` }]}
            />
          ) : null}
          <Notices notices={data.notices} />
          <Verdict verdict={data.verdict} />
          <Charts watch={data} since={since} />
          <Callers watch={data} />
          <Evidence watch={data} />
        </>
      ) : answer.error ? (
        <Failure
          error={answer.error}
          title="The split cannot be watched"
          onRetry={() => void answer.refetch()}
        >
          {' '}
          Weights can be changed all the same.
        </Failure>
      ) : (
        <ChartSkeletons charts={TO_COME} height={HEIGHT} />
      )}
    </Section>
  )
}

const ICONS = { converged: IconCircleCheck, waiting: IconHourglass, stuck: IconAlertTriangle }
const WORDS = { converged: 'Converged', waiting: 'Waiting', stuck: 'Not converging' }

function Verdict({ verdict }: { verdict: SplitWatch['verdict'] }) {
  const Icon = ICONS[verdict.status]
  return (
    <p className={classes.verdict} data-status={verdict.status} data-code={verdict.code} role="status">
      <Icon size={16} aria-hidden />
      <span>
        <strong>{WORDS[verdict.status]}.</strong> {verdict.message}
      </span>
    </p>
  )
}

function Charts({ watch, since }: { watch: SplitWatch; since: number | null }) {
  const syncId = useId()
  const [cursor] = useState(createCursor)
  const shapes = useMemo(() => watchShapes(watch, since), [watch, since])
  return (
    <CursorContext value={cursor}>
      <div className={chartClasses.charts}>
        {shapes.map((chart) => (
          <ChartPanel
            key={chart.id}
            chart={chart}
            frame={{ from: watch.from, to: watch.to, height: HEIGHT, syncId }}
          />
        ))}
      </div>
    </CursorContext>
  )
}

const MOST_CALLERS = 12

function Callers({ watch }: { watch: SplitWatch }) {
  if (watch.callers.length === 0) return null
  return (
    <details className={classes.details}>
      <summary>
        {watch.callers.length === 1 ? '1 caller' : `${watch.callers.length} callers`} and how each splits
      </summary>
      <table className={classes.callers}>
        <thead>
          <tr>
            <th scope="col">Caller</th>
            <th scope="col">Requests</th>
            {watch.backends.map((backend, place) => (
              <th key={place} scope="col">
                {backend.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {watch.callers.slice(0, MOST_CALLERS).map((caller) => (
            <tr key={caller.name}>
              <th scope="row">{caller.name}</th>
              <td className="num">{formatRate(caller.requestsPerSecond)}</td>
              {caller.shares.map((share, place) => (
                <td key={place} className="num">
                  {formatRatio(share)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
