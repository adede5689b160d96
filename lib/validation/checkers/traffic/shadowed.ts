import type { Checker } from '@/lib/validation/finding'
import { GRPC_ROUTE, HTTP_ROUTE, VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asksNoMore, canonical } from '@/lib/validation/lookups/matches'
import { asFields, asText, items, specOf, type Fields } from '@/lib/validation/read'

/** A request that a rule takes, as far as it can be compared. */
interface Taken {
  rule: string
  match: Fields
}

/**
 * Rules that an earlier one of the same route leaves nothing for, where IST0130 and IST0131 say nothing: exact paths
 * and regular expressions below an earlier prefix, and rules of the Gateway API that repeat an earlier one.
 */
export const shadowedRules: Checker = {
  codes: { HED0012: 'warning' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const before: Taken[] = []
      for (const [rule, i] of items(specOf(object).http)) {
        for (const [match, j] of items(rule.match)) {
          const by = before.find((taken) => takesPathOf(taken.match, match))
          if (by) {
            const message = `This match is never used: rule ${by.rule} before it takes every path that begins with ${prefixOf(by.match)}. Put this rule first.`
            report('HED0012', object, ['spec', 'http', i, 'match', j], message)
          }
        }
        for (const [match] of items(rule.match)) before.push({ rule: asText(rule.name) || `#${i}`, match })
      }
    })
    for (const kind of [HTTP_ROUTE, GRPC_ROUTE] as const) {
      world.each(kind, (object) => {
        const seen = new Map<string, number>()
        for (const [rule, i] of items(specOf(object).rules)) {
          const matches = items(rule.matches).map(([match]) => match)
          const keys = (matches.length === 0 ? [{}] : matches).map((match) =>
            keyOf(match, kind === HTTP_ROUTE),
          )
          const by = keys.map((key) => seen.get(key))
          const [first] = by
          if (first !== undefined && by.every((one) => one !== undefined)) {
            const message = `Rule #${i} is never used: rule #${first} before it matches the same requests, and the first one wins. Change what it matches, or remove it.`
            report('HED0012', object, ['spec', 'rules', i], message)
          }
          for (const key of keys) if (!seen.has(key)) seen.set(key, i)
        }
      })
    }
  },
}

function prefixOf(match: Fields): string {
  return asText(asFields(match.uri).prefix)
}

/** True when a prefix takes an exact path or another prefix's requests and asks for nothing that `match` does not ask for. */
function takesPathOf(wide: Fields, match: Fields): boolean {
  const prefix = prefixOf(wide)
  const exact = asText(asFields(match.uri).exact)
  const regex = asText(asFields(match.uri).regex)
  if (prefix === '' || wide.ignoreUriCase === true || match.ignoreUriCase === true) return false
  // a regular expression always begins with a slash, so only the prefix of all is surely wider
  const isBelow = exact === '' ? regex !== '' && prefix === '/' : exact.startsWith(prefix)
  return isBelow && asksNoMore(wide, match)
}

/** A match of the Gateway API with its defaults written out. */
function keyOf(match: Fields, isHttp: boolean): string {
  if (!isHttp) return canonical(match)
  const { type, value } = asFields(match.path)
  const path = { type: asText(type) || 'PathPrefix', value: asText(value) || '/' }
  return canonical({ ...match, path })
}
