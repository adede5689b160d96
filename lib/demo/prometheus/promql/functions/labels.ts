import {
  METRIC_NAME,
  labelSetOf,
  labelValue,
  withLabel,
  type LabelSet,
} from '@/lib/demo/prometheus/label-set'
import type { Matcher } from '@/lib/demo/prometheus/promql/syntax/matcher'
import { PromqlExecutionError } from '@/lib/demo/prometheus/promql/syntax/errors'
import { mergeEqualRows, type Frame, type Row } from '@/lib/demo/prometheus/promql/frame'
import { RegexSyntaxError, anchoredRegex } from '@/lib/demo/prometheus/promql/syntax/regex'

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/

function valueOf(row: Row, name: string): string {
  return name === METRIC_NAME ? row.metric : labelValue(row.labels, name)
}

function withValue(row: Row, name: string, value: string): Row {
  return name === METRIC_NAME
    ? { metric: value, labels: row.labels }
    : { metric: row.metric, labels: withLabel(row.labels, name, value) }
}

/** Sets `target` from the parts a pattern finds in `source`; rows it does not match stay as they are. */
export function replaceLabel(
  frame: Frame,
  target: string,
  replacement: string,
  source: string,
  pattern: string,
): Frame {
  let regex: RegExp
  try {
    regex = anchoredRegex(pattern)
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error
    throw new PromqlExecutionError(`invalid regular expression in label_replace(): ${pattern}`)
  }
  if (!LABEL_NAME.test(target)) {
    throw new PromqlExecutionError(`invalid destination label name in label_replace(): ${target}`)
  }
  const rows = frame.rows.map((row) => {
    const found = regex.exec(valueOf(row, source))
    return found ? withValue(row, target, expand(replacement, found)) : row
  })
  return mergeEqualRows({ ...frame, rows })
}

/** Go's Regexp.Expand: `$1`, `${name}`, the longest name taken, an unknown one empty, `$$` a dollar. */
function expand(template: string, found: RegExpExecArray): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (_, bare?: string, braced?: string) => {
    const name = bare ?? braced
    if (name === undefined) return '$'
    return (/^\d+$/.test(name) ? found[Number(name)] : found.groups?.[name]) ?? ''
  })
}

/** Sets `target` to the values of other labels, joined. */
export function joinLabels(
  frame: Frame,
  target: string,
  separator: string,
  sources: readonly string[],
): Frame {
  const wrong = sources.find((source) => !LABEL_NAME.test(source))
  if (wrong !== undefined)
    throw new PromqlExecutionError(`invalid source label name in label_join(): ${wrong}`)
  if (!LABEL_NAME.test(target)) {
    throw new PromqlExecutionError(`invalid destination label name in label_join(): ${target}`)
  }
  const rows = frame.rows.map((row) =>
    withValue(row, target, sources.map((source) => valueOf(row, source)).join(separator)),
  )
  return mergeEqualRows({ ...frame, rows })
}

/** The labels `absent` can tell: those the selector asks for by equality, once each. */
export function labelsOfAbsent(matchers: readonly Matcher[]): LabelSet {
  const told = new Map<string, string>()
  const unclear = new Set<string>()
  for (const { name, op, value } of matchers) {
    if (name === METRIC_NAME) continue
    if (op === '=' && !told.has(name)) told.set(name, value)
    else unclear.add(name)
  }
  return labelSetOf([...told].filter(([name]) => !unclear.has(name)))
}
