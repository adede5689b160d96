import { anchoredRegex, plainAlternatives } from '@/lib/demo/prometheus/promql/syntax/regex'

export type MatchOperator = '=' | '!=' | '=~' | '!~'

/** One condition of a selector; an absent label has the value ''. */
export interface Matcher {
  readonly name: string
  readonly op: MatchOperator
  readonly value: string
  matches(value: string): boolean
}

/** Throws RegexSyntaxError when a pattern is not RE2. */
export function matcherOf(name: string, op: MatchOperator, value: string): Matcher {
  return { name, op, value, matches: predicate(op, value) }
}

function predicate(op: MatchOperator, value: string): (candidate: string) => boolean {
  if (op === '=') return (candidate) => candidate === value
  if (op === '!=') return (candidate) => candidate !== value
  const wanted = op === '=~'
  const plain = plainAlternatives(value)
  if (plain) return (candidate) => plain.has(candidate) === wanted
  const regex = anchoredRegex(value)
  return (candidate) => regex.test(candidate) === wanted
}
