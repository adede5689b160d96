/**
 * What is copied of a chart: one PromQL expression that gives the lines on screen, each with its name in the label
 * `line`, from the questions the chart was made of. Text in, text out; the values in the questions are quoted already.
 */
import type { ChartLine } from './chart-shapes'

/** An expression whose series are the line of this name. */
export function asLine(name: string, expression: string): string {
  return `label_replace(${expression}, "line", ${JSON.stringify(name)}, "", "")`
}

/** Several expressions as one; none for none. */
export function together(expressions: readonly (string | undefined)[]): string[] {
  const known = expressions.filter((one) => one !== undefined)
  return known.length === 0 ? [] : [known.join(' or ')]
}

/**
 * Requests by outcome as lines by class of outcome. The order is that of `lib/mesh/outcome`: of gRPC the status
 * counts unless HTTP says 4xx or 5xx, and no response comes before either.
 */
export function outcomeLines(requests: string): string {
  const rules: [replacement: string, label: string, pattern: string][] = [
    ['code not recorded', 'response_code', ''],
    ['${1}xx', 'response_code', '([0-9])..'],
    ['grpc $1', 'grpc_response_status', '([0-9]+)'],
    ['grpc OK', 'grpc_response_status', '0'],
    ['${1}xx', 'response_code', '([45])..'],
    ['no response', 'response_code', '0|-'],
  ]
  return `sum by (line) (${replaced(requests, 'line', rules)})`
}

/** Share of failed requests by some labels, from requests by outcome: 0 where none failed, as the chart draws it. */
export function failedShare(requests: string, by: readonly string[] = []): string {
  const judged = replaced(requests, 'failed', [
    ['yes', 'grpc_response_status', '[1-9][0-9]*'],
    ['', 'response_code', '4..'],
    ['yes', 'response_code', '5..|0|-'],
  ])
  const all = `sum by (${by.join(', ')}) (${requests})`
  const failed = `sum by (${[...by, 'failed'].join(', ')}) (${judged})`
  const only = 'and on (failed) label_replace(vector(1), "failed", "yes", "", "")'
  return `(sum by (${by.join(', ')}) (${failed} ${only}) or 0 * ${all}) / ${all}`
}

/** Which questions a histogram was made of; sum and count give its mean. */
export interface HistogramQuestions {
  buckets?: string | undefined
  sum?: string | undefined
  count?: string | undefined
  /** of a bound in the unit of the chart */
  factor?: number
}

/** One line of a histogram: `p99`, `average`; undefined where it was not asked for. */
export function histogramLine(
  key: string,
  { buckets, sum, count, factor = 1 }: HistogramQuestions,
): string | undefined {
  const quantile = /^p(\d+)$/.exec(key)?.[1]
  const scaled = factor === 1 ? '' : `${factor} * `
  if (quantile !== undefined) {
    return buckets && `${scaled}histogram_quantile(0.${quantile.padStart(2, '0')}, ${buckets})`
  }
  return sum !== undefined && count !== undefined ? `${scaled}(${sum}) / (${count})` : undefined
}

/** All lines of a histogram that the chart draws. */
export function histogramLines(
  lines: readonly Pick<ChartLine, 'key' | 'name'>[],
  questions: HistogramQuestions,
): string[] {
  return together(
    lines.map(({ key, name }) => {
      const expression = histogramLine(key, questions)
      return expression && asLine(name, expression)
    }),
  )
}

/** The lines of an earlier time under the names they have beside those of now. */
export function beforeLines(expression: string, ago: string): string {
  return `label_replace(${expression}, "line", ${JSON.stringify(`$1, ${ago}`)}, "line", "(.+)")`
}

function replaced(
  expression: string,
  target: string,
  rules: readonly [replacement: string, label: string, pattern: string][],
): string {
  return rules.reduce(
    (inner, [replacement, label, pattern]) =>
      `label_replace(${inner}, "${target}", "${replacement}", "${label}", "${pattern}")`,
    expression,
  )
}
