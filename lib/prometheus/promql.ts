/** PromQL is built here, never glued: label values come from URLs and from other people's clusters. */
import { windowText } from '@/lib/units/window'

export interface Matcher {
  label: string
  op: '=' | '!=' | '=~' | '!~'
  value: string
}

/**
 * A PromQL string that means exactly `value`, quotes included. Surrogate halves, which no UTF-8 label can hold,
 * become U+FFFD. Rules: https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals
 */
export function quote(value: string): string {
  const escaped = value.replace(/[\\"\p{Cc}\p{Surrogate}]/gu, (char) => {
    if (char === '\\' || char === '"') return `\\${char}`
    if (char === '\n') return '\\n'
    const code = char.codePointAt(0) ?? 0
    return code >= 0xd800 && code <= 0xdfff ? '\ufffd' : `\\u${code.toString(16).padStart(4, '0')}`
  })
  return `"${escaped}"`
}

/** A pattern that matches exactly `value` (RE2, anchored by Prometheus). */
export function literalPattern(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}

export const is = (label: string, value: string): Matcher => ({ label, op: '=', value })
export const isNot = (label: string, value: string): Matcher => ({ label, op: '!=', value })
export const matches = (label: string, pattern: string): Matcher => ({ label, op: '=~', value: pattern })

/** `label` is one of `values`; several go into one pattern. */
export function isOneOf(label: string, values: readonly string[]): Matcher {
  const [first, ...rest] = values
  if (first !== undefined && rest.length === 0) return is(label, first)
  return matches(label, values.map(literalPattern).join('|'))
}

/** `label` is none of `values`. */
export function isNoneOf(label: string, values: readonly string[]): Matcher {
  return { label, op: '!~', value: values.map(literalPattern).join('|') }
}

/** `metric{a="b",…}`. Throws when a metric or label name is none: those are ours, never a user's. */
export function selector(metric: string, matchers: readonly Matcher[] = []): string {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metric)) throw new Error(`not a metric name: ${metric}`)
  return matchers.length === 0 ? metric : `${metric}${anyMetric(matchers)}`
}

/** `{a="b",…}`: series of any metric, for matchers on `__name__`. */
export function anyMetric(matchers: readonly Matcher[]): string {
  return `{${matchers.map(({ label, op, value }) => `${labelName(label)}${op}${quote(value)}`).join(',')}}`
}

/** `rate(selector[window])` */
export function rate(selected: string, windowSeconds: number): string {
  return `rate(${selected}[${windowText(windowSeconds)}])`
}

/** `sum by (a, b) (inner)` */
export function sumBy(labels: readonly string[], inner: string): string {
  return `sum by (${labels.map(labelName).join(', ')}) (${inner})`
}

/** `count by (a, b) (inner)` */
export function countBy(labels: readonly string[], inner: string): string {
  return `count by (${labels.map(labelName).join(', ')}) (${inner})`
}

function labelName(name: string): string {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) throw new Error(`not a label name: ${name}`)
  return name
}
