/** Where an alert's expression draws the line: its value without the comparison can be drawn all the time. Pure. */

export interface Threshold {
  /** the expression without its comparison */
  value: string
  operator: '>' | '>=' | '<' | '<=' | '==' | '!='
  limit: number
}

const COMPARISON = /(>=|<=|==|!=|>|<)\s*(-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/
const SET_OPERATOR = /\b(?:and|or|unless)\b/

/**
 * The comparison with a number an expression ends with, where it is of the whole expression: nothing before it
 * binds more loosely. Undefined for any other expression, which is then drawn as it is.
 */
export function thresholdOf(expression: string): Threshold | undefined {
  const text = expression.trim()
  const found = COMPARISON.exec(text)
  if (!found) return undefined
  const value = text.slice(0, found.index).trim()
  const bare = withoutNested(value)
  // `a or b > 1` compares b alone, and `a > b > 1` has two comparisons
  if (value === '' || bare === null || SET_OPERATOR.test(bare) || /[<>]|[=!]=|\bbool\s*$/.test(bare))
    return undefined
  return { value, operator: found[1] as Threshold['operator'], limit: Number(found[2]) }
}

export type ValueUnit = 'ratio' | 'ms' | 'requests/s' | 'count'

/** What the value of an expression is measured in, as far as its metrics and their names tell. */
export function unitOf(value: string, limit: number | null): ValueUnit {
  const bare = withoutNested(value.trim()) ?? ''
  if (/\//.test(bare) && (limit === null || Math.abs(limit) <= 1)) return 'ratio'
  if (/histogram_quantile/.test(value) && /_milliseconds_bucket/.test(value)) return 'ms'
  if (/\b(?:i?rate)\s*\(\s*istio_requests_total/.test(value) && !/\//.test(bare)) return 'requests/s'
  return 'count'
}

/** The text outside of brackets and strings; null where they do not close. */
function withoutNested(text: string): string | null {
  let depth = 0
  let quote = ''
  let bare = ''
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (quote !== '') {
      if (char === '\\' && quote !== '`') at++
      else if (char === quote) quote = ''
    } else if (char === '"' || char === "'" || char === '`') quote = char
    else if (char === '(' || char === '{' || char === '[') depth++
    else if (char === ')' || char === '}' || char === ']') depth--
    else if (depth === 0) bare += char
    if (depth < 0) return null
  }
  return depth === 0 && quote === '' ? bare : null
}
