/**
 * Which requests a rule takes, as a form: alternatives, each a list of conditions that hold together.
 * https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest,
 * https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch
 */
import { asFields, asList, fromEntries, isFields, isSame, setAt, type Fields } from '../fields'
import type { Binding } from '../form'
import type { RuleKind } from '../rules'

/** How a text is compared; `present` asks only that it is there. */
export const COMPARISONS = ['exact', 'prefix', 'regex', 'present'] as const
export type Comparison = (typeof COMPARISONS)[number]

/** One text of each request */
export const TEXT_CONDITIONS = ['path', 'method', 'authority', 'scheme'] as const
/** texts with a name of their own */
export const NAMED_CONDITIONS = ['header', 'notHeader', 'queryParam'] as const
/** of a gRPC call: its service, its method */
export const GRPC_CONDITIONS = ['grpcService', 'grpcMethod'] as const
/** a plain value: source namespace, port */
export const PLAIN_CONDITIONS = ['port', 'sourceNamespace', 'sourceLabel', 'gateway'] as const
export const CONDITIONS = [
  ...TEXT_CONDITIONS,
  ...NAMED_CONDITIONS,
  ...GRPC_CONDITIONS,
  ...PLAIN_CONDITIONS,
] as const
export type ConditionField = (typeof CONDITIONS)[number]

export interface Condition {
  field: ConditionField
  /** of headers, query parameters and labels; else empty */
  name: string
  how: Comparison
  value: string
}

export interface Alternative {
  /** place in the object as it was read; null: new */
  origin: number | null
  conditions: Condition[]
  /** paths are compared without regard to case; virtual services only */
  ignoreCase: boolean
}

const TEXTS: Readonly<Record<string, ConditionField>> = {
  uri: 'path',
  method: 'method',
  authority: 'authority',
  scheme: 'scheme',
}
const MAPS: Readonly<Record<string, ConditionField>> = {
  headers: 'header',
  withoutHeaders: 'notHeader',
  queryParams: 'queryParam',
}

function matchBinding(
  path: string,
  read: (match: Fields) => Omit<Alternative, 'origin'>,
  write: (match: Fields, alternative: Alternative) => Fields,
): Binding<Alternative[]> {
  return {
    path: [path],
    read: (rule) => asList(rule[path]).map((match, origin) => ({ ...read(asFields(match)), origin })),
    write: (rule, alternatives) => {
      const before = asList(rule[path])
      const matches = alternatives.map((alternative) => {
        const from = alternative.origin === null ? {} : asFields(before[alternative.origin])
        const { origin: _origin, ...wanted } = alternative
        return isSame(read(from), wanted) ? from : write(from, alternative)
      })
      return setAt(rule, [path], matches.length === 0 ? undefined : matches)
    },
  }
}

/** Form of a virtual service's rule. No alternatives: every request. */
export const matchForm = { alternatives: matchBinding('match', readMatch, writeMatch) }

function readMatch(match: Fields): Omit<Alternative, 'origin'> {
  const conditions = Object.entries(match).flatMap(([field, value]): Condition[] => {
    const text = TEXTS[field]
    if (text) {
      const how = readComparison(value)
      return how ? [{ field: text, name: '', ...how }] : []
    }
    const map = MAPS[field]
    if (map) {
      return Object.entries(asFields(value)).flatMap(([name, each]) => {
        const how = readComparison(each)
        return how ? [{ field: map, name, ...how }] : []
      })
    }
    return readPlain(field, value)
  })
  return { conditions, ignoreCase: match.ignoreUriCase === true }
}

function readPlain(field: string, value: unknown): Condition[] {
  const plain = (kind: ConditionField, text: string, name = ''): Condition[] => [
    { field: kind, name, how: 'exact', value: text },
  ]
  if (field === 'port' && typeof value === 'number') return plain('port', String(value))
  if (field === 'sourceNamespace' && typeof value === 'string') return plain('sourceNamespace', value)
  if (field === 'sourceLabels') {
    return Object.entries(asFields(value)).flatMap(([name, text]) =>
      typeof text === 'string' ? plain('sourceLabel', text, name) : [],
    )
  }
  if (field === 'gateways') {
    return asList(value).flatMap((each) => (typeof each === 'string' ? plain('gateway', each) : []))
  }
  return []
}

/** undefined for a comparison the form does not know */
function readComparison(value: unknown): { how: Comparison; value: string } | undefined {
  if (value === null || (isFields(value) && Object.keys(value).length === 0)) {
    return { how: 'present', value: '' }
  }
  for (const how of ['exact', 'prefix', 'regex'] as const) {
    const text = asFields(value)[how]
    if (typeof text === 'string') return { how, value: text }
  }
  return undefined
}

function writeMatch(match: Fields, { conditions, ignoreCase }: Alternative): Fields {
  let next = match
  const before = readMatch(match)
  const of = (field: ConditionField, from = conditions) => from.filter((each) => each.field === field)
  // what was not edited stays as it is written, whatever that is
  const edited = (field: ConditionField) => !isSame(of(field), of(field, before.conditions))
  for (const [key, field] of Object.entries(TEXTS)) {
    const [condition] = of(field)
    if (!edited(field)) continue
    next = setAt(next, [key], condition ? writeComparison(next[key], condition) : undefined)
  }
  for (const [key, field] of Object.entries(MAPS)) {
    if (edited(field)) next = setAt(next, [key], writeMap(next[key], of(field)))
  }
  const [port] = of('port')
  if (edited('port')) next = setAt(next, ['port'], port ? numberOf(port.value) : undefined)
  if (edited('sourceNamespace')) next = setAt(next, ['sourceNamespace'], of('sourceNamespace')[0]?.value)
  if (edited('sourceLabel')) {
    const labels = of('sourceLabel').map(({ name, value }) => [name, value] as const)
    next = setAt(next, ['sourceLabels'], labels.length === 0 ? undefined : fromEntries(labels))
  }
  if (edited('gateway')) {
    const gateways = of('gateway').map(({ value }) => value)
    next = setAt(next, ['gateways'], gateways.length === 0 ? undefined : gateways)
  }
  return before.ignoreCase === ignoreCase
    ? next
    : setAt(next, ['ignoreUriCase'], ignoreCase ? true : undefined)
}

/** What is no number stays a text, so that the checks can say so. */
function numberOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}

function writeComparison(before: unknown, { how, value }: Condition): unknown {
  const known = readComparison(before)
  if (known && known.how === how && known.value === value) return before
  return how === 'present' ? {} : { [how]: value }
}

function writeMap(before: unknown, conditions: readonly Condition[]): Fields | undefined {
  const old = asFields(before)
  const named = new Map(conditions.map((condition) => [condition.name, condition]))
  const kept = Object.entries(old).flatMap(([name, value]) => {
    const condition = named.get(name)
    // what the form cannot show it cannot have removed
    if (!condition) return readComparison(value) ? [] : [[name, value] as const]
    named.delete(name)
    return [[name, writeComparison(value, condition)] as const]
  })
  const entries = [
    ...kept,
    ...[...named].map(([name, each]) => [name, writeComparison(undefined, each)] as const),
  ]
  return entries.length === 0 ? undefined : fromEntries(entries)
}

/** Comparisons as routes of the Gateway API name them. */
const TYPES: Readonly<Record<string, Comparison>> = {
  Exact: 'exact',
  PathPrefix: 'prefix',
  RegularExpression: 'regex',
}
const TYPE_OF = {
  exact: 'Exact',
  prefix: 'PathPrefix',
  regex: 'RegularExpression',
  present: 'RegularExpression',
}
const LISTS: Readonly<Record<string, ConditionField>> = { headers: 'header', queryParams: 'queryParam' }

/** Form of an HTTPRoute's rule. */
export const routeMatchForm = { alternatives: matchBinding('matches', readRouteMatch, writeRouteMatch) }

function readRouteMatch(match: Fields): Omit<Alternative, 'origin'> {
  const conditions = Object.entries(match).flatMap(([field, value]): Condition[] => {
    if (field === 'path' && isFields(value) && !isEveryPath(value))
      return [typed('path', value, 'PathPrefix')]
    if (field === 'method' && typeof value === 'string') {
      return [{ field: 'method', name: '', how: 'exact', value }]
    }
    const list = LISTS[field]
    return list ? asList(value).map((each) => typed(list, asFields(each), 'Exact')) : []
  })
  return { conditions, ignoreCase: false }
}

/** The API server writes this one where there is none. */
function isEveryPath({ type = 'PathPrefix', value = '/' }: Fields): boolean {
  return type === 'PathPrefix' && value === '/'
}

function typed(field: ConditionField, { name, type, value }: Fields, preset: string): Condition {
  return {
    field,
    name: typeof name === 'string' ? name : '',
    how: TYPES[typeof type === 'string' ? type : preset] ?? 'exact',
    value: typeof value === 'string' ? value : '',
  }
}

function writeRouteMatch(match: Fields, { conditions }: Alternative): Fields {
  let next = match
  const old = readRouteMatch(match).conditions
  const { of, edited } = changesOf(old, conditions)
  const [path] = of('path')
  if (edited('path')) {
    const written = path && { ...asFields(next.path), type: TYPE_OF[path.how], value: path.value }
    next = setAt(next, ['path'], written)
  }
  if (edited('method')) next = setAt(next, ['method'], of('method')[0]?.value)
  return writeLists(next, old, conditions)
}

/** What there is of a field now, and whether that is another than before. */
function changesOf(before: readonly Condition[], now: readonly Condition[]) {
  const of = (field: ConditionField, from = now) => from.filter((each) => each.field === field)
  return { of, edited: (field: ConditionField) => !isSame(of(field), of(field, before)) }
}

/** Headers and query parameters, in their lists. */
function writeLists(match: Fields, old: readonly Condition[], conditions: readonly Condition[]): Fields {
  let next = match
  const { of, edited } = changesOf(old, conditions)
  for (const [key, field] of Object.entries(LISTS)) {
    if (!edited(field)) continue
    const before = asList(next[key]).map(asFields)
    const items = of(field).map((condition) => {
      const from = before.find((each) => each.name === condition.name)
      if (from && isSame(typed(field, from, 'Exact'), condition)) return from
      const { name, how, value } = condition
      const type = how === 'exact' && from?.type === undefined ? {} : { type: TYPE_OF[how] }
      return { ...from, ...type, name, value }
    })
    next = setAt(next, [key], items.length === 0 ? undefined : items)
  }
  return next
}

/** Form of a GRPCRoute's rule. https://gateway-api.sigs.k8s.io/reference/spec/#grpcroutematch */
export const grpcMatchForm = { alternatives: matchBinding('matches', readGrpcMatch, writeGrpcMatch) }

/** The form of the matches of rules of a kind. */
export function matchFormOf(kind: RuleKind) {
  return { VirtualService: matchForm, HTTPRoute: routeMatchForm, GRPCRoute: grpcMatchForm }[kind]
}

function readGrpcMatch(match: Fields): Omit<Alternative, 'origin'> {
  const { type, service, method } = asFields(match.method)
  const how = type === 'RegularExpression' ? 'regex' : 'exact'
  const call = (field: ConditionField, value: unknown): Condition[] =>
    typeof value === 'string' && value !== '' ? [{ field, name: '', how, value }] : []
  const headers = asList(match.headers).map((each) => typed('header', asFields(each), 'Exact'))
  return {
    conditions: [...call('grpcService', service), ...call('grpcMethod', method), ...headers],
    ignoreCase: false,
  }
}

/** Service and method share one comparison: the one that was changed last stands for both. */
function writeGrpcMatch(match: Fields, { conditions }: Alternative): Fields {
  const old = readGrpcMatch(match).conditions
  const { of, edited } = changesOf(old, conditions)
  let next = match
  if (edited('grpcService') || edited('grpcMethod')) {
    const calls = [...of('grpcService'), ...of('grpcMethod')]
    const changed = calls.find(({ field, how }) =>
      old.some((each) => each.field === field && each.how !== how),
    )
    const how = (changed ?? calls[0])?.how ?? 'exact'
    const written = asFields(next.method)
    const method = {
      ...written,
      ...(how === 'exact' && written.type === undefined ? {} : { type: TYPE_OF[how] }),
      service: of('grpcService')[0]?.value,
      method: of('grpcMethod')[0]?.value,
    }
    const kept = Object.entries(method).filter(([, value]) => value !== undefined)
    next = setAt(next, ['method'], calls.length === 0 ? undefined : fromEntries(kept))
  }
  return writeLists(next, old, conditions)
}

/** True when a rule takes whatever comes. */
export function takesEverything(alternatives: readonly Alternative[]): boolean {
  return alternatives.length === 0 || alternatives.some(({ conditions }) => conditions.length === 0)
}

/** Where in the rule the condition at a place of an alternative's list is written. */
export function conditionPath(
  kind: RuleKind,
  alternative: number,
  conditions: readonly Condition[],
  place: number,
): (string | number)[] {
  const condition = conditions[place]
  if (!condition) return []
  const { field, name } = condition
  if (kind !== 'VirtualService') {
    const list = Object.entries(LISTS).find(([, each]) => each === field)
    if (field === 'grpcService') return ['matches', alternative, 'method', 'service']
    if (field === 'grpcMethod') return ['matches', alternative, 'method', 'method']
    if (!list) return ['matches', alternative, field]
    // those of one list keep their order
    const before = conditions.slice(0, place).filter((each) => each.field === field).length
    return ['matches', alternative, list[0], before]
  }
  const text = Object.entries(TEXTS).find(([, each]) => each === field)
  if (text) return ['match', alternative, text[0]]
  const map = Object.entries(MAPS).find(([, each]) => each === field)
  if (map) return ['match', alternative, map[0], name]
  if (field === 'sourceLabel') return ['match', alternative, 'sourceLabels', name]
  return ['match', alternative, field === 'gateway' ? 'gateways' : field]
}

/** The rule's alternatives, each with one condition more: a narrower rule. */
export function narrowed(rule: Fields, kind: RuleKind, condition: Condition): Fields {
  const { alternatives } = matchFormOf(kind)
  const now = alternatives.read(rule)
  const wider = now.length > 0 ? now : [{ origin: null, conditions: [], ignoreCase: false }]
  return alternatives.write(
    rule,
    wider.map((each) => ({
      ...each,
      conditions: [
        ...each.conditions.filter(({ field, name }) => field !== condition.field || name !== condition.name),
        condition,
      ],
    })),
  )
}
