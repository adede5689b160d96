import type { TrafficHour } from '@/lib/api/schemas/mesh/overview'
import { formatRate } from '@/lib/units/rate'
import classes from './Sparkline.module.css'

const WIDTH = 120
const HEIGHT = 24

/** One hour of requests with their failed part, over the same hour of the day before; gaps stay gaps. */
export function Sparkline({ hour, height = HEIGHT }: { hour: TrafficHour | null; height?: number }) {
  if (!hour)
    return <svg className={classes.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} style={{ height }} aria-hidden />
  const top = Math.max(...[...hour.requests, ...(hour.yesterday ?? [])].map((value) => value ?? 0), 1e-9)
  const x = (index: number) => (index / Math.max(1, hour.requests.length - 1)) * WIDTH
  const y = (value: number) => HEIGHT - 1 - (value / top) * (HEIGHT - 2)
  const hasErrors = hour.errors.some((value) => (value ?? 0) > 0)
  return (
    <svg
      className={classes.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      style={{ height }}
      role="img"
      aria-label={wordsOf(hour)}
    >
      <title>{wordsOf(hour)}</title>
      <path className={classes.area} d={areas(hour.requests, x, y)} />
      {hour.yesterday ? <path className={classes.yesterday} d={lines(hour.yesterday, x, y)} /> : null}
      <path className={classes.line} d={lines(hour.requests, x, y)} />
      {hasErrors ? <path className={classes.errors} d={areas(hour.errors, x, y)} /> : null}
    </svg>
  )
}

function wordsOf({ requests, yesterday }: TrafficHour): string {
  const known = requests.filter((value) => value !== null)
  const last = requests.at(-1) ?? null
  const then = yesterday?.at(-1) ?? null
  return [
    known.length === 0
      ? 'No requests were measured in the last hour'
      : `Requests in the last hour: ${formatRate(Math.min(...known))} to ${formatRate(Math.max(...known))}`,
    last === null ? null : `now ${formatRate(last)}`,
    then === null ? null : `at this time yesterday ${formatRate(then)} (dashed)`,
  ]
    .filter(Boolean)
    .join(', ')
}

type Values = readonly (number | null)[]
type Scale = (value: number) => number

/** Runs of measured points: what lies between them is not known. */
function runs(values: Values): { index: number; value: number }[][] {
  const found: { index: number; value: number }[][] = []
  let run: { index: number; value: number }[] | null = null
  for (const [index, value] of values.entries()) {
    if (value === null) {
      run = null
      continue
    }
    if (run === null) found.push((run = []))
    run.push({ index, value })
  }
  return found
}

const at = (x: number, y: number) => `${x.toFixed(1)},${y.toFixed(1)}`

function lines(values: Values, x: Scale, y: Scale): string {
  return runs(values)
    .map((run) => `M${run.map(({ index, value }) => at(x(index), y(value))).join('L')}`)
    .join('')
}

function areas(values: Values, x: Scale, y: Scale): string {
  return runs(values)
    .map((run) => {
      const first = run[0]?.index ?? 0
      const last = run.at(-1)?.index ?? 0
      const above = run.map(({ index, value }) => at(x(index), y(value))).join('L')
      return `M${at(x(first), y(0))}L${above}L${at(x(last), y(0))}Z`
    })
    .join('')
}
