import { describe, expect, it } from 'vitest'
import type { MetricAnswer, MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import { detailShapes } from './detail-shapes'
import { heatLevels, LEVELS } from './heat-levels'
import { metricsWindow, parseMetricsView } from './metrics-view'

const series = (
  metric: MetricSeries['metric'],
  name: string,
  values: (number | null)[],
  more: Partial<MetricSeries> = {},
): MetricSeries => ({
  metric,
  name,
  unit: 'requests/s',
  points: values.map((value, index) => [index * 1000, value]),
  ...more,
})

const answer = (more: Partial<MetricAnswer>) => ({
  series: [],
  queries: { requests: 'sum(x)' },
  earlier: null,
  groups: null,
  ...more,
})

describe('charts of a detail page', () => {
  it('sets all requests of before over the stack of now, as a line that is no floor of it', () => {
    const [chart] = detailShapes(
      answer({
        series: [series('requests', '2xx', [5, 6])],
        earlier: {
          offsetSeconds: 3600,
          series: [series('requests', '2xx', [3, 4]), series('requests', '5xx', [1, null])],
          queries: { requests: 'sum(x offset 1h)' },
        },
      }),
      'p95',
    )
    const line = chart?.lines.at(-1)
    expect(line).toMatchObject({ name: 'all, 1 h before', isApart: true, max: 4 })
    expect(chart?.rows.map((row) => row[line?.key ?? ''])).toEqual([4, 4])
    expect(chart?.queries).toHaveLength(1)
    expect(chart?.queries[0]).toContain('"all, 1 h before"')
  })

  it('draws one line for each group and says how many have none', () => {
    const grouped = answer({
      groups: { by: 'peer', labels: ['source_workload'], shown: ['a', 'b'], more: 40 },
      series: [
        series('requests', 'requests', [8, 8], { group: 'a' }),
        series('errors', 'errors', [2, 0], { group: 'a' }),
        series('requests', 'requests', [null, 2], { group: 'b' }),
        series('requests', 'requests', [5, 5], { group: 'others' }),
        series('latency', 'p95', [20, 30], { group: 'a', unit: 'ms' }),
        series('latency', 'p99', [40, 50], { group: 'a', unit: 'ms' }),
      ],
    })
    const shapes = detailShapes(grouped, 'p99')
    expect(shapes.map(({ title }) => title)).toEqual(['Requests', 'Errors', 'Duration, P99'])
    expect(shapes[0]?.lines.map(({ name }) => name)).toEqual(['a', 'b', 'and 40 more'])
    expect(shapes[0]?.rows[0]?.b).toBe(0)
    expect(shapes[1]?.rows.map((row) => row.a)).toEqual([0.25, 0])
    expect(shapes[2]?.lines[0]?.last).toBe(50)
  })

  it('keeps gaps as gaps', () => {
    const [chart] = detailShapes(
      answer({ series: [series('tcpOpened', 'opened', [1, null, 2], { unit: 'connections/s' })] }),
      'p95',
    )
    expect(chart?.rows.map((row) => row.opened)).toEqual([1, null, 2])
  })
})

describe('fields of a heat map', () => {
  it('shows rare ones beside many, and leaves empty ones out', () => {
    const levels = heatLevels([
      [0, [100, 0, 1]],
      [1, null],
    ])
    expect(levels[LEVELS - 1]).toEqual([[0, 0]])
    expect(levels[0]).toEqual([[0, 2]])
    expect(levels.flat()).toHaveLength(2)
  })
})

describe('what an address asks of charts', () => {
  it('reads choices, and leaves comparison out of groups', () => {
    const view = parseMetricsView(
      new URLSearchParams('by=peer&compare=1h&quantile=p50&reporter=x'),
      'outbound',
    )
    expect(view).toEqual({
      direction: 'outbound',
      groupBy: 'peer',
      reporter: 'once',
      compare: 'none',
      quantile: 'p50',
    })
  })

  it('looks further back live than at a chosen time', () => {
    expect(metricsWindow('2m', null)).toBe('30m')
    expect(metricsWindow('2m', 1)).toBe('2m')
  })
})
