/** A watched split as charts: shares against what is configured, errors, latency. Pure. */
import type { ChartLine, ChartRow, ChartShape } from '@/components/metrics/chart-shapes'
import type { SplitWatch } from '@/lib/api/schemas/config/splits'

/** Versions are told apart by these; health keeps its own colours. */
const COLOURS = [
  'var(--hd-accent)',
  'color-mix(in srgb, var(--hd-client-error) 82%, var(--hd-text))',
  'color-mix(in srgb, var(--hd-healthy) 45%, var(--hd-text))',
  'var(--hd-idle)',
  'color-mix(in srgb, var(--hd-accent) 40%, var(--hd-text))',
]

type Values = readonly (number | null)[]

/**
 * The charts of a watch. Configured shares are dashed, from `since` on where the weights were changed lately: before
 * it they were others.
 */
export function watchShapes(watch: SplitWatch, since: number | null): ChartShape[] {
  const times: number[] = []
  for (let at = watch.from; at <= watch.to; at += watch.stepSeconds * 1000) times.push(at)
  const marks =
    since !== null && since >= watch.from && since <= watch.to ? [{ at: since, label: 'changed' }] : []
  const shape = (
    id: ChartShape['id'],
    title: string,
    unit: ChartShape['unit'],
    series: { name: string; values: Values; colour: string; dash?: string }[],
    queries: string[],
  ): ChartShape => ({
    id,
    title,
    unit,
    isStacked: false,
    rows: times.map((at, step): ChartRow => {
      const row: ChartRow = { at }
      for (const one of series) row[one.name] = one.values[step] ?? null
      return row
    }),
    lines: series.map(({ name, values, colour, dash }): ChartLine => {
      const measured = values.filter((value) => value !== null)
      return {
        key: name,
        name,
        colour,
        ...(dash ? { dash } : {}),
        last: measured.at(-1) ?? null,
        max: measured.length === 0 ? null : Math.max(...measured),
      }
    }),
    queries,
    marks,
  })
  const { requests = '', latency } = watch.queries
  const named = watch.backends.map((backend, place) => ({
    ...backend,
    name:
      watch.backends.filter((one) => one.name === backend.name).length > 1
        ? `${backend.name} (${place + 1})`
        : backend.name,
    colour: COLOURS[place % COLOURS.length] ?? '',
  }))
  const configured = (share: number): Values =>
    times.map((at) => (since === null || at >= since ? share : null))
  const of = (values: (backend: (typeof named)[number]) => Values) =>
    named.map((backend) => ({ name: backend.name, colour: backend.colour, values: values(backend) }))
  return [
    shape(
      'share',
      'Share of traffic',
      'ratio',
      [
        ...of((backend) => backend.share),
        ...named.map((backend) => ({
          name: `${backend.name} configured`,
          colour: backend.colour,
          dash: '5 4',
          values: configured(backend.configuredShare),
        })),
      ],
      [requests],
    ),
    ...(latency === undefined
      ? []
      : [
          shape(
            'errors',
            'Errors',
            'ratio',
            of((backend) => backend.errorRatio),
            [requests],
          ),
          shape(
            'latency',
            'P99',
            'ms',
            of((backend) => backend.p99),
            [latency],
          ),
        ]),
  ]
}
