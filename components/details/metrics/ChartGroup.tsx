'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useMemo } from 'react'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import {
  ChartPanel,
  ChartSkeletons,
  type ChartFrame,
  type ChartToCome,
} from '@/components/metrics/ChartPanel'
import type { ChartShape } from '@/components/metrics/chart-shapes'
import charts from '@/components/metrics/MetricCharts.module.css'
import { NOT_MEASURED_WORDS } from '@/components/ui/health/health-words'
import { Failure } from '@/components/ui/messages/Failure'
import { Notices } from '@/components/ui/messages/Notices'
import plain from '@/components/ui/Plain.module.css'
import type { queries } from '@/lib/api/queries'
import type { Notice } from '@/lib/api/schemas/common'
import type { MetricAnswer } from '@/lib/api/schemas/telemetry/metrics'
import { formatCount } from '@/lib/units/number'

export const PLOT_HEIGHT = 168

export interface Shared {
  syncId: string
  onZoom: NonNullable<ChartFrame['onZoom']>
  marks: NonNullable<ChartFrame['marks']>
  /** said once for the page: a group does not say it again */
  said?: readonly Notice[]
  /** the page says that Prometheus never answered, and why */
  isUnmeasured?: boolean
}

/** What stands above charts that could not be asked for again. */
export function staleNotice({
  isRefetchError,
  error,
}: {
  isRefetchError: boolean
  error: Error | null
}): Notice[] {
  return isRefetchError && error ? [{ code: 'stale', message: `These charts are old: ${error.message}` }] : []
}

/** The charts of one question; nothing measured is said in one line. */
export function ChartGroup({
  query,
  shapesOf,
  skeletons,
  whenNone,
  isLikely = true,
  shared,
  extra,
}: {
  query: ReturnType<typeof queries.nodeMetrics>
  shapesOf: (answer: MetricAnswer) => ChartShape[]
  /** before there is an answer */
  skeletons: readonly ChartToCome[]
  whenNone: string
  /** false: there will be nothing as far as one knows, so only a line is kept */
  isLikely?: boolean
  shared: Shared
  extra?: (answer: MetricAnswer) => ReactNode
}) {
  const answer = useQuery({
    ...query,
    refetchInterval: useRefreshInterval(),
    placeholderData: keepPreviousData,
  })
  const shapes = useMemo(() => (answer.data ? shapesOf(answer.data) : []), [answer.data, shapesOf])
  if (!answer.data) {
    if (answer.error) {
      if (shared.isUnmeasured) return <p className={plain.note}>{NOT_MEASURED_WORDS}</p>
      return (
        <Failure
          error={answer.error}
          title="The charts cannot be drawn"
          onRetry={() => void answer.refetch()}
        />
      )
    }
    if (!isLikely) {
      return (
        <p className={plain.note} aria-busy>
          …
        </p>
      )
    }
    return <ChartSkeletons charts={skeletons} height={PLOT_HEIGHT} />
  }
  const { from, to, notices, groups } = answer.data
  const { said = [], ...frame } = shared
  const more = groups?.more ?? 0
  return (
    <>
      <Notices
        notices={[...staleNotice(answer), ...notices].filter(
          (one) => !said.some(({ message }) => message === one.message),
        )}
      />
      {shapes.length === 0 ? <p className={plain.note}>{whenNone}</p> : null}
      {more > 0 && shapes.length > 0 ? (
        <p className={plain.note}>
          The {groups?.shown.length} busiest have a line; {formatCount(more)} more do not.
        </p>
      ) : null}
      <div className={charts.charts}>
        {shapes.map((chart) => (
          <ChartPanel key={chart.id} chart={chart} frame={{ from, to, height: PLOT_HEIGHT, ...frame }} />
        ))}
        {extra?.(answer.data)}
      </div>
    </>
  )
}
