'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useRefreshInterval } from '@/components/hooks/use-refresh-interval'
import { ChartPanel, ChartSkeletons } from '@/components/metrics/ChartPanel'
import type { ChartLine, ChartRow, ChartShape } from '@/components/metrics/chart-shapes'
import { queries } from '@/lib/api/queries'
import type { AlertSeries } from '@/lib/api/schemas/telemetry/alerts'
import classes from './Alerts.module.css'

const HEIGHT = 150
const TO_COME = [{ title: 'Value', lines: 2 }]
/** beside the one that is meant: more lines hide it */
const OTHERS = 5

/** What a rule watches, over the last hour, with the line it must not cross; of one alert its own series in front. */
export default function AlertChart({
  rule,
  labels,
  since = null,
}: {
  rule: string
  labels?: Readonly<Record<string, string>>
  since?: number | null
}) {
  const answer = useQuery({ ...queries.alertSeries({ rule }), refetchInterval: useRefreshInterval() })
  const chart = useMemo(
    () => (answer.data ? shapeOf(answer.data, labels, since) : null),
    [answer.data, labels, since],
  )
  if (answer.error && !answer.data) {
    return (
      <p className={classes.error} role="alert">
        {answer.error.message}
      </p>
    )
  }
  if (!answer.data || !chart) return <ChartSkeletons charts={TO_COME} height={HEIGHT} />
  const { from, to, more } = answer.data
  if (chart.lines.length === 0 || chart.rows.length === 0) {
    return <p className={classes.description}>The expression had no value in the last hour.</p>
  }
  return (
    <div className={classes.chart}>
      <ChartPanel chart={chart} frame={{ from, to, height: HEIGHT, syncId: 'alert' }} />
      {more > 0 ? <p className={classes.description}>and {more} more series</p> : null}
    </div>
  )
}

/** The series of an alert first: it has all labels of the series, and those of the rule. */
function shapeOf(
  answer: AlertSeries,
  labels: Readonly<Record<string, string>> | undefined,
  since: number | null,
): ChartShape {
  const isMeant = (series: AlertSeries['series'][number]) =>
    labels !== undefined &&
    Object.entries(series.labels).every(([name, value]) => name === '__name__' || labels[name] === value)
  const meant = answer.series.filter(isMeant)
  const others = answer.series.filter((series) => !isMeant(series))
  const shown =
    labels && meant.length > 0 ? [...meant, ...others.slice(0, OTHERS)] : answer.series.slice(0, OTHERS + 1)
  const rows = new Map<number, ChartRow>()
  const row = (at: number) => {
    const known = rows.get(at) ?? { at }
    rows.set(at, known)
    return known
  }
  const lines = shown.map((series, index): ChartLine => {
    const key = `s${index}`
    const values = series.points.flatMap(([, value]) => (value === null ? [] : [value]))
    for (const [at, value] of series.points) row(at)[key] = value
    const isFront = meant.includes(series)
    return {
      key,
      name: nameOf(series.labels),
      colour: isFront
        ? 'var(--hd-failing)'
        : (OTHER_COLOURS[index % OTHER_COLOURS.length] ?? 'var(--hd-idle)'),
      isBold: isFront,
      last: series.points.at(-1)?.[1] ?? null,
      max: values.length > 0 ? Math.max(...values) : null,
    }
  })
  const { threshold } = answer
  if (threshold) {
    const limit: ChartLine = {
      key: 'limit',
      name: `limit: ${threshold.operator}`,
      colour: 'var(--hd-text-3)',
      dash: '4 3',
      last: threshold.limit,
      max: threshold.limit,
    }
    // the limit holds where the value was not measured, too
    for (let at = answer.from; at <= answer.to; at += answer.stepSeconds * 1000)
      row(at).limit = threshold.limit
    lines.push(limit)
  }
  return {
    id: 'alert',
    title: 'Value',
    unit: answer.unit,
    isStacked: false,
    rows: [...rows.values()].sort((a, b) => a.at - b.at),
    lines,
    queries: [answer.query],
    ...(since !== null && since >= answer.from ? { marks: [{ at: since, label: 'began to hold' }] } : {}),
  }
}

const OTHER_COLOURS = [
  'var(--hd-accent)',
  'var(--hd-client-error)',
  'var(--hd-healthy)',
  'var(--hd-degraded)',
  'var(--hd-idle)',
  'var(--hd-quantile-90)',
]

function nameOf(labels: Readonly<Record<string, string>>): string {
  const values = Object.entries(labels).flatMap(([name, value]) => (name === '__name__' ? [] : [value]))
  return values.length === 0 ? 'value' : values.join(' / ')
}
