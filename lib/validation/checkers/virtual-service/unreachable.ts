import type { Checker } from '@/lib/validation/finding'
import { VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asksNoMore, canonical } from '@/lib/validation/lookups/matches'
import { asFields, asText, findNumber, items, specOf, type Fields } from '@/lib/validation/read'

/** Rules that an earlier one leaves no requests for, and matches that repeat an earlier one. */
export const unreachable: Checker = {
  codes: { IST0130: 'warning', IST0131: 'info' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const spec = specOf(object)
      for (const protocol of ['http', 'tcp', 'tls'] as const) {
        const rules = items(spec[protocol])
        const seen = new Map<string, string>()
        const prefixes: PrefixMatch[] = []
        let catchAll: string | undefined
        for (const [rule, i] of rules) {
          const path = ['spec', protocol, i]
          const name = nameOf(rule, i)
          const matches = items(rule.match)
          if (matches.length === 0) {
            if (catchAll !== undefined) {
              const message = `Rule ${name} is never used: rule ${catchAll} before it takes every request. Only the last rule may be without matches; give the earlier one a match, or remove one.`
              report('IST0130', object, path, message)
            }
            catchAll = name
            continue
          }
          if (catchAll !== undefined) {
            const message = `Rule ${name} is never used: rule ${catchAll} before it has no matches and takes every request. Move rule ${catchAll} to the end.`
            report('IST0130', object, path, message)
            continue
          }
          let repeated = 0
          for (const [match, j] of matches) {
            const key = canonical(protocol === 'http' ? { ...match, name: undefined } : match)
            const before = seen.get(key)
            if (before !== undefined) {
              repeated++
              const message = `Match ${nameOf(match, j)} of rule ${name} repeats one of rule ${before} and is never used. Remove it, or change what it matches.`
              report('IST0131', object, [...path, 'match', j], message)
              continue
            }
            seen.set(key, name)
            const prefix = protocol === 'http' ? findPrefix(match) : undefined
            if (!prefix) continue
            const wider = prefixes.find(
              (one) => covers(one.conditions, prefix) && takesAllOf(one.match, match),
            )
            if (wider) {
              const message = `Match ${nameOf(match, j)} of rule ${name} (prefix ${prefix.prefix}) is never used: ${wider.name} takes the prefix ${wider.conditions.prefix} before it. Put the longer prefix first.`
              report('IST0131', object, [...path, 'match', j], message)
            }
            prefixes.push({ name: `rule ${name}`, conditions: prefix, match })
          }
          if (repeated === matches.length) {
            const message = `Rule ${name} is never used: all of its matches are taken by rules before it. Remove it, or change its matches.`
            report('IST0130', object, path, message)
          }
        }
      }
    })
  },
}

interface Conditions {
  prefix: string
  port: number
  method: string
  authority: string
  maps: readonly Readonly<Record<string, string>>[]
}

interface PrefixMatch {
  name: string
  conditions: Conditions
  match: Fields
}

function nameOf(part: Fields, index: number): string {
  return asText(part.name) || `#${index}`
}

/** `=exact` or `^prefix`; empty for a regular expression or nothing, as istiod compares them. */
function textMatch(value: unknown): string {
  const { exact, prefix } = asFields(value)
  return asText(exact) !== '' ? `=${asText(exact)}` : asText(prefix) !== '' ? `^${asText(prefix)}` : ''
}

function textMatches(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(asFields(value)).map(([key, match]) => [key, textMatch(match)]))
}

function findPrefix(match: Fields): Conditions | undefined {
  const prefix = asText(asFields(match.uri).prefix)
  if (prefix === '') return undefined
  return {
    prefix,
    port: findNumber(match.port) ?? 0,
    // without a method istiod's comparison assumes GET
    method: textMatch(match.method) || '=GET',
    authority: textMatch(match.authority),
    maps: [match.headers, match.queryParams, match.withoutHeaders].map(textMatches),
  }
}

/** True when `wide`, standing first, takes what `narrow` would; equal prefixes are told apart by other rules. */
function covers(wide: Conditions, narrow: Conditions): boolean {
  return (
    wide.prefix !== narrow.prefix &&
    narrow.prefix.startsWith(wide.prefix) &&
    wide.port === narrow.port &&
    wide.method.startsWith(narrow.method) &&
    wide.authority.startsWith(narrow.authority) &&
    wide.maps.every((map, index) => coversMap(map, narrow.maps[index] ?? {}))
  )
}

/** istiod's comparison passes over sources, gateways and case, and takes some conditions the wrong way round. */
function takesAllOf(wide: Fields, narrow: Fields): boolean {
  return asksNoMore(wide, narrow) && (narrow.ignoreUriCase !== true || wide.ignoreUriCase === true)
}

function coversMap(
  wide: Readonly<Record<string, string>>,
  narrow: Readonly<Record<string, string>>,
): boolean {
  const keys = Object.keys(wide)
  if (keys.length !== Object.keys(narrow).length) return false
  return keys.every((key) => narrow[key] !== undefined && (wide[key] ?? '').startsWith(narrow[key]))
}
