/** Label matchers of silences, routes and filters. https://prometheus.io/docs/alerting/latest/configuration/#matcher */

export type Labels = Readonly<Record<string, string>>

export interface Matcher {
  name: string
  value: string
  isRegex: boolean
  isEqual: boolean
}

/** Whether all matchers hold; a missing label is an empty one. Throws SyntaxError for a bad pattern. */
export function holds(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ name, value, isRegex, isEqual }) => {
    const have = labels[name] ?? ''
    const isSame = isRegex ? new RegExp(`^(?:${value})$`).test(have) : have === value
    return isSame === isEqual
  })
}

/** `severity="critical"`, `job=~"a|b"`; throws a RangeError for anything else. */
export function parseMatcher(text: string): Matcher {
  const found = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(text)
  const [, name, operator, raw = ''] = found ?? []
  if (name === undefined || operator === undefined) throw new RangeError(`bad matcher format: ${text}`)
  const quoted = /^"(.*)"$/s.exec(raw)?.[1]
  return {
    name,
    value: quoted === undefined ? raw : quoted.replace(/\\(["\\])/g, '$1'),
    isRegex: operator.endsWith('~'),
    isEqual: !operator.startsWith('!'),
  }
}

export const isMatched = (texts: readonly string[], labels: Labels) => holds(texts.map(parseMatcher), labels)
