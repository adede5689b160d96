/** The rules of an object of routes: which there are, adding, moving and removing them. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asList, getAt, isFields, setAt, type Fields, type Path } from './fields'

export type RuleKind = 'VirtualService' | 'HTTPRoute' | 'GRPCRoute'

/** Kinds whose rules have forms. TCPRoute and TLSRoute match nothing: their weights are shifted, the rest is YAML. */
export function ruleKindOf(object: { kind: string }): RuleKind | null {
  const { kind } = object
  return kind === 'VirtualService' || kind === 'HTTPRoute' || kind === 'GRPCRoute' ? kind : null
}

const PATHS: Readonly<Record<RuleKind, Path>> = {
  VirtualService: ['spec', 'http'],
  HTTPRoute: ['spec', 'rules'],
  GRPCRoute: ['spec', 'rules'],
}

/** What these hold is named by whoever writes the rule: a header, a parameter. */
const NAMED_BY_PEOPLE = new Set(['headers', 'withoutHeaders', 'queryParams', 'set', 'add'])

/** All that somebody wrote into a rule, without the names of its fields. */
function writtenIn(value: unknown, under = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => writtenIn(one))
  if (!isFields(value)) return [String(value)]
  return Object.entries(value).flatMap(([key, inside]) => [
    ...(NAMED_BY_PEOPLE.has(under) ? [key] : []),
    ...writtenIn(inside, key),
  ])
}

/**
 * Places of the rules in which each word of `text` stands, wherever: in a path, a header, a name, a destination; all
 * for no word. Of any case. Fields have names, too, that are in every rule: those do not count.
 */
export function rulesNaming(rules: readonly Fields[], text: string): number[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  return rules.flatMap((rule, place) => {
    const said = words.length === 0 ? '' : writtenIn(rule).join('\n').toLowerCase()
    return words.every((word) => said.includes(word)) ? [place] : []
  })
}

/** Where a rule is in its object. */
export function rulePath(kind: RuleKind, index: number): Path {
  return [...PATHS[kind], index]
}

/** The HTTP rules in the order in which they are tried. */
export function rulesOf(object: ConfigObject): Fields[] {
  const kind = ruleKindOf(object)
  return kind ? asList(getAt(object, PATHS[kind])).map(asFields) : []
}

/** The object with another state of one rule. */
export function withRule(object: ConfigObject, index: number, rule: Fields): ConfigObject {
  const kind = ruleKindOf(object)
  return kind ? setAt(object, rulePath(kind, index), rule) : object
}

function withRules(object: ConfigObject, change: (rules: readonly unknown[]) => unknown[]): ConfigObject {
  const kind = ruleKindOf(object)
  return kind ? setAt(object, PATHS[kind], change(asList(getAt(object, PATHS[kind])))) : object
}

/** The rule put in at a place; what was there comes after it. */
export function insertRule(object: ConfigObject, index: number, rule: Fields): ConfigObject {
  return withRules(object, (rules) => rules.toSpliced(index, 0, rule))
}

export function removeRule(object: ConfigObject, index: number): ConfigObject {
  return withRules(object, (rules) => rules.toSpliced(index, 1))
}

/** The rule moved to another place; the others keep their order. Places that do not exist change nothing. */
export function moveRule(object: ConfigObject, from: number, to: number): ConfigObject {
  return withRules(object, (rules) => {
    if (from < 0 || to < 0 || from >= rules.length || to >= rules.length) return [...rules]
    return rules.toSpliced(from, 1).toSpliced(to, 0, rules[from])
  })
}

/** A copy of a rule without its name, which may be there only once. */
export function copyOfRule(rule: Fields): Fields {
  const { name: _name, ...rest } = rule
  return structuredCloneOf(rest)
}

/** Parts of objects are JSON, so a copy of it is one. */
function structuredCloneOf(value: Fields): Fields {
  const copy = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(copy)
    if (!isFields(part)) return part
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, copy(each)]))
  }
  return asFields(copy(value))
}
