import { METRIC_NAME, type LabelSet } from '@/lib/demo/prometheus/label-set'
import { formatSample } from '@/lib/demo/prometheus/promql/format'
import type { Row } from '@/lib/demo/prometheus/promql/frame'
import type { QueryResult } from '@/lib/demo/prometheus/promql/query'

/** Label text by set: the same sets are asked for at every refresh, and a set does not change. */
const labelJson = new WeakMap<LabelSet, string>()

export function metricJson({ metric, labels }: Row): string {
  let text = labelJson.get(labels)
  if (text === undefined) {
    text = labels.names
      .map((name, at) => `${JSON.stringify(name)}:${JSON.stringify(labels.values[at])}`)
      .join()
    labelJson.set(labels, text)
  }
  if (metric === '') return `{${text}}`
  return `{"${METRIC_NAME}":${JSON.stringify(metric)}${text === '' ? '' : ','}${text}}`
}

function pointJson(atMs: number, value: number): string {
  return `[${atMs / 1000},"${formatSample(value)}"]`
}

/** The `data` of a query's answer. Format: https://prometheus.io/docs/prometheus/2.42/querying/api/ */
export function* resultJson(result: QueryResult): Generator<string> {
  yield `{"resultType":"${result.type}","result":`
  switch (result.type) {
    case 'scalar':
      yield pointJson(result.atMs, result.value)
      break
    case 'string':
      yield `[${result.atMs / 1000},${JSON.stringify(result.value)}]`
      break
    case 'vector': {
      let separator = '['
      for (const { row, value } of result.samples) {
        yield `${separator}{"metric":${metricJson(row)},"value":${pointJson(result.atMs, value)}}`
        separator = ','
      }
      yield separator === '[' ? '[]' : ']'
      break
    }
    case 'matrix': {
      let separator = '['
      for (const { row, points } of result.series) {
        const values = points.map(({ atMs, value }) => pointJson(atMs, value)).join()
        yield `${separator}{"metric":${metricJson(row)},"values":[${values}]}`
        separator = ','
      }
      yield separator === '[' ? '[]' : ']'
    }
  }
  yield '}'
}
