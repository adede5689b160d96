import { describe, expect, it } from 'vitest'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import {
  decodeBuildInfo,
  decodeInstantVector,
  decodeLabelValues,
  decodeMatrix,
  decodeRetention,
  decodeScrapeInterval,
  decodeVectorEnvelope,
  explainRefusal,
} from './decode'

const vector = (...values: string[]) => ({
  status: 'success',
  data: {
    resultType: 'vector',
    result: values.map((value, index) => ({ metric: { i: String(index) }, value: [1700000000.123, value] })),
  },
})

describe('an instant vector', () => {
  it('keeps infinities, and reads NaN as no answer', () => {
    const { samples } = decodeInstantVector(vector('1.5', 'NaN', '+Inf', '-Inf', '0', '1e-9'))
    expect(samples.map((sample) => sample.value)).toEqual([1.5, null, Infinity, -Infinity, 0, 1e-9])
    expect(samples[0]?.labels).toEqual({ i: '0' })
  })

  it('keeps the warnings of a partial answer', () => {
    expect(decodeInstantVector({ ...vector('1'), warnings: ['a store is away'] }).warnings).toEqual([
      'a store is away',
    ])
  })

  it("says what VictoriaMetrics' cluster only marks", () => {
    const said = ['part of its storage did not answer']
    expect(decodeInstantVector({ ...vector('1'), isPartial: true }).warnings).toEqual(said)
    expect(decodeInstantVector({ ...vector('1'), isPartial: false }).warnings).toEqual([])
    expect(decodeVectorEnvelope({ ...vector(), isPartial: true })).toEqual(said)
    const range = { status: 'success', data: { resultType: 'matrix', result: [] } }
    expect(decodeMatrix({ ...range, isPartial: true }).warnings).toEqual(said)
  })

  it.each([
    ['nothing', undefined],
    ['a web page', '<html>'],
    ['an error', { status: 'error', errorType: 'bad_data', error: 'x' }],
    ['a matrix', { status: 'success', data: { resultType: 'matrix', result: [] } }],
    [
      'a row without labels',
      { status: 'success', data: { resultType: 'vector', result: [{ value: [1, '1'] }] } },
    ],
    [
      'a number for a value',
      { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, 1] }] } },
    ],
    [
      'a label that is no text',
      { status: 'success', data: { resultType: 'vector', result: [{ metric: { a: 1 }, value: [1, '1'] }] } },
    ],
  ])('%s is an error of the upstream', (_what, body) => {
    expect(() => decodeInstantVector(body)).toThrow(UpstreamError)
  })
})

it('reads a matrix into epoch milliseconds', () => {
  const body = {
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [
        {
          metric: { a: 'b' },
          values: [
            [1700000000.5, '1'],
            [1700000015, 'NaN'],
          ],
        },
      ],
    },
  }
  expect(decodeMatrix(body).series).toEqual([
    {
      labels: { a: 'b' },
      points: [
        [1700000000500, 1],
        [1700000015000, null],
      ],
    },
  ])
})

it('reads label values, also none', () => {
  expect(decodeLabelValues({ status: 'success', data: ['b', 'a'] })).toEqual(['a', 'b'])
  expect(decodeLabelValues({ status: 'success', data: null })).toEqual([])
})

// shapes as the products' own documentation and source give them
describe('build information', () => {
  const info = (data: Record<string, unknown>) => ({ status: 'success', data })
  it.each([
    [
      'Prometheus',
      info({ version: '2.42.0', revision: 'r', branch: 'b', goVersion: 'go1.19' }),
      null,
      '2.42.0',
    ],
    ['Thanos', info({ version: '0.37.2', revision: 'r', branch: 'b', goVersion: 'go1.23' }), null, '0.37.2'],
    [
      'Mimir',
      info({ application: 'Grafana Mimir', version: '2.14.0', revision: 'r', goVersion: 'g', features: {} }),
      null,
      '2.14.0',
    ],
    ['VictoriaMetrics', info({ version: '2.24.0' }), null, '2.24.0'],
  ] as const)('names %s', (product, body, server, version) => {
    expect(decodeBuildInfo(body, server)).toEqual({ product, version })
  })
})

describe('the scrape interval', () => {
  const config = (yaml: string) => ({ status: 'success', data: { yaml } })
  it.each([
    ['global:\n  scrape_interval: 15s\n', 15],
    ['global:\n  scrape_interval: 1m\n  evaluation_interval: 5s\n', 60],
    ['global:\n  scrape_interval: 1m30s\n', 90],
    ['scrape_configs: []\n', 60],
    ['{}', 60],
    ['', null],
    ['\t- broken: [', null],
  ])('%j', (yaml, seconds) => {
    expect(decodeScrapeInterval(config(yaml))).toBe(seconds)
  })
})

describe('retention', () => {
  it.each([
    ['15d', 1_296_000],
    ['15d or 10GB', 1_296_000],
    ['10GB or 2w', 1_209_600],
    ['10y', 315_360_000],
    ['10GB', null],
    ['', null],
  ])('%s', (storageRetention, seconds) => {
    expect(decodeRetention({ status: 'success', data: { storageRetention } })).toBe(seconds)
  })
})

describe('a refusal', () => {
  it('of the question is told apart from one of the moment', () => {
    const body = { status: 'error', errorType: 'execution', error: 'too many samples' }
    expect(explainRefusal(422, body)).toEqual({
      kind: 'query',
      message: 'Prometheus refuses the query: too many samples',
    })
    expect(explainRefusal(503, { ...body, errorType: 'unavailable' })?.kind).toBe('http')
  })

  it('by something that is no Prometheus explains nothing', () => {
    expect(explainRefusal(502, '<html>')).toBeUndefined()
  })
})
