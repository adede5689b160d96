import { describe, expect, it } from 'vitest'
import type { MetricSeries } from '@/lib/api/schemas/telemetry/metrics'
import { chartShapes, drawnKey, drawnRows, isErrorClass } from './chart-shapes'

type Values = readonly (number | null)[]
const series = (metric: MetricSeries['metric'], name: string, values: Values): MetricSeries => ({
  metric,
  name,
  unit: metric === 'latency' ? 'ms' : metric.endsWith('Bytes') ? 'bytes/s' : 'requests/s',
  points: values.map((value, index) => [index * 1000, value]),
})
const shapes = (...all: MetricSeries[]) =>
  chartShapes({ series: all, queries: { requests: 'sum(rate(x[1m]))' } })
const column = (chart: ReturnType<typeof shapes>[number] | undefined, key: string) =>
  chart?.rows.map((row) => row[key])

describe('the requests chart', () => {
  const [requests] = shapes(
    series('requests', '5xx', [1, null, null]),
    series('requests', '4xx', [2, 2, null]),
    series('requests', 'grpc UNAVAILABLE', [1, 1, null]),
    series('requests', '2xx', [9, 9, null]),
    series('requests', 'grpc OK', [5, 5, null]),
  )

  it('stacks successes below, then 4xx, errors on top', () => {
    expect(requests?.lines.map((line) => line.name)).toEqual([
      '2xx',
      'grpc OK',
      '4xx',
      '5xx',
      'grpc UNAVAILABLE',
    ])
    expect(requests?.isStacked).toBe(true)
  })

  it('paints errors red and nothing else', () => {
    const reds = requests?.lines.filter((line) => line.colour.includes('failing')).map((line) => line.name)
    expect(reds).toEqual(['5xx', 'grpc UNAVAILABLE'])
  })

  it('reads an absent class as zero where others were measured, and as a gap where none was', () => {
    expect(column(requests, '5xx')).toEqual([1, 0, null])
    expect(column(requests, '2xx')).toEqual([9, 9, null])
  })

  it('takes last and max from what was measured', () => {
    const [grown] = shapes(series('requests', '2xx', [3, 7, 5, null]))
    expect(grown?.lines[0]).toMatchObject({ last: 5, max: 7 })
  })

  it('carries the query for copying', () => {
    expect(requests?.queries).toHaveLength(1)
    expect(requests?.queries[0]).toMatch(/^sum by \(line\) \(.*sum\(rate\(x\[1m\]\)\)/)
  })
})

describe('drawnRows', () => {
  const [requests] = shapes(
    series('requests', '2xx', [0, 0, 9, 9, 9, 9]),
    series('requests', '5xx', [0, 0, 0, 1, 0, 0]),
  )
  const drawn = (key: string) => requests && drawnRows(requests).map((row) => row[drawnKey({ key })])

  it('leaves out where an upper floor stays at zero, and keeps how it rises and falls', () => {
    expect(drawn('5xx')).toEqual([null, null, 0, 1, 0, null])
  })

  it('draws all of the ground floor, and keeps the values for reading', () => {
    expect(drawn('2xx')).toEqual([0, 0, 9, 9, 9, 9])
    expect(column(requests, '5xx')).toEqual([0, 0, 0, 1, 0, 0])
  })
})

describe('the error chart', () => {
  it('divides errors by all requests of the same instant, and has no value without requests', () => {
    const charts = shapes(
      series('requests', '2xx', [9, 10, 0, null]),
      series('requests', '5xx', [1, null, 0, null]),
      series('errors', 'errors', [1, 0, 0, null]),
    )
    expect(column(charts[1], 'errors')).toEqual([0.1, 0, null, null])
    expect(charts[1]).toMatchObject({ id: 'errors', unit: 'ratio' })
  })
})

describe('charts', () => {
  it('leaves out what nothing was measured for', () => {
    expect(shapes()).toEqual([])
    expect(
      shapes(series('latency', 'p50', [null, null]), series('tcpSentBytes', 'sent', [1, 2])),
    ).toHaveLength(1)
  })

  it('keeps gaps of latency and names the quantiles', () => {
    const [latency] = shapes(series('latency', 'p99', [1, null, 3]), series('latency', 'p50', [1, 2, null]))
    expect(latency?.lines.map((line) => line.name)).toEqual(['P50', 'P99'])
    expect(column(latency, 'p99')).toEqual([1, null, 3])
    expect(latency?.lines[0]).toMatchObject({ last: 2, max: 2 })
  })

  it('tells what goes in from what comes back', () => {
    const [bytes] = shapes(series('requestBytes', 'received', [1]), series('responseBytes', 'sent', [2]))
    expect(bytes?.lines.map((line) => line.name)).toEqual(['requests', 'responses'])
  })
})

it.each([
  ['2xx', false],
  ['4xx', false],
  ['grpc OK', false],
  ['code not recorded', false],
  ['5xx', true],
  ['no response', true],
  ['grpc UNAVAILABLE', true],
])('%s is an error: %s', (name, isError) => expect(isErrorClass(name)).toBe(isError))

describe('the legend', () => {
  const [chart] = shapes(
    series(
      'requests',
      '2xx',
      Array.from({ length: 90 }, (_, at) => (at < 20 ? 4 : null)),
    ),
  )

  it('has no last value for a line that ended a while before the chart does', () => {
    expect(chart?.lines.map(({ last, max }) => [last, max])).toEqual([[null, 4]])
  })

  it('keeps that of a line whose newest points are still to come', () => {
    const [late] = shapes(series('requests', '2xx', [4, 5, null]))
    expect(late?.lines[0]?.last).toBe(5)
  })
})
