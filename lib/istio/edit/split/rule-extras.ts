/** What goes with a shift: requests copied to a version that answers nobody, and testers who get it by a header. */
import type { JsonPatchOperation } from '@/lib/changes/difference/json-patch'
import type { ConfigObject } from '@/lib/mesh/inventory'
import {
  asFields,
  edited,
  findSplitRule,
  GONE,
  writtenBackend,
  type BackendRef,
  type Edited,
  type Fields,
  type SplitRule,
} from './rule'

/**
 * The rule copying `percent` (0..100) of its requests to `backend`; null: no copies. Of a virtual service with a list
 * of mirrors the list is left alone.
 */
export function withMirror(
  object: ConfigObject,
  path: string,
  mirror: { backend: BackendRef; percent: number } | null,
): Edited {
  const rule = findSplitRule(object, path)
  if (!rule) return { problem: GONE }
  if (rule.protocol !== 'http' && rule.protocol !== 'grpc') {
    return { problem: 'Connections cannot be mirrored, only requests.' }
  }
  if (mirror && !(mirror.percent > 0 && mirror.percent <= 100)) {
    return { problem: 'Mirror more than 0 % and at most 100 % of the requests.' }
  }
  return edited(object, rule.api === 'istio' ? istioMirror(rule, mirror) : gatewayMirror(rule, mirror))
}

type Mirror = { backend: BackendRef; percent: number } | null

function istioMirror({ rule, fields }: SplitRule, mirror: Mirror): JsonPatchOperation[] {
  const set = (name: string, value: unknown): JsonPatchOperation[] => {
    const path = `${rule}/${name}`
    if (value === undefined) return fields[name] === undefined ? [] : [{ op: 'remove', path }]
    return [{ op: fields[name] === undefined ? 'add' : 'replace', path, value }]
  }
  if (!mirror) return [...set('mirror', undefined), ...set('mirrorPercentage', undefined)]
  return [
    ...set('mirror', writtenBackend('istio', mirror.backend).destination),
    ...set('mirrorPercentage', { value: mirror.percent }),
  ]
}

function gatewayMirror({ rule, fields }: SplitRule, mirror: Mirror): JsonPatchOperation[] {
  const filters: unknown[] = Array.isArray(fields.filters) ? fields.filters : []
  const others = filters.filter((filter) => asFields(filter).type !== 'RequestMirror')
  const own = mirror
    ? [
        {
          type: 'RequestMirror',
          requestMirror: { backendRef: writtenBackend('gateway', mirror.backend), percent: mirror.percent },
        },
      ]
    : []
  const next = [...others, ...own]
  const path = `${rule}/filters`
  if (next.length === 0) return filters.length === 0 ? [] : [{ op: 'remove', path }]
  return [{ op: fields.filters === undefined ? 'add' : 'replace', path, value: next }]
}

/** What a rule mirrors now; `percent` is 100 where it does not say. */
export function mirrorOf(rule: SplitRule): { name: string; percent: number } | null {
  if (rule.api === 'istio') {
    const mirror = asFields(rule.fields.mirror)
    if (typeof mirror.host !== 'string') return null
    const { value } = asFields(rule.fields.mirrorPercentage)
    return {
      name: typeof mirror.subset === 'string' ? mirror.subset : mirror.host,
      percent: typeof value === 'number' ? value : 100,
    }
  }
  const filters: unknown[] = Array.isArray(rule.fields.filters) ? rule.fields.filters : []
  for (const filter of filters.map(asFields)) {
    const mirror = asFields(filter.requestMirror)
    const { name } = asFields(mirror.backendRef)
    if (typeof name !== 'string') continue
    return { name, percent: typeof mirror.percent === 'number' ? mirror.percent : 100 }
  }
  return null
}

export interface Testers {
  header: string
  value: string
  backend: BackendRef
}

/** RFC 9110 token: what a header's name may be. */
const HEADER = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/

export function isHeader(name: string): boolean {
  return HEADER.test(name)
}

/**
 * The object with a rule before this one that sends requests with a header to one version: the same conditions and
 * settings, and the header. Virtual services take the first rule that fits, so it must stand before.
 */
export function withTesters(object: ConfigObject, path: string, testers: Testers): Edited {
  const rule = findSplitRule(object, path)
  if (!rule) return { problem: GONE }
  if (rule.protocol !== 'http' && rule.protocol !== 'grpc') {
    return { problem: 'Connections have no headers; testers can be told apart by requests only.' }
  }
  if (!isHeader(testers.header)) return { problem: 'Give the name of a header, such as end-user.' }
  if (testers.value === '') return { problem: 'Give the value the header must have.' }
  const field = rule.api === 'istio' ? 'route' : 'backendRefs'
  const matchField = rule.api === 'istio' ? 'match' : 'matches'
  const { mirror: _mirror, mirrorPercentage: _share, ...kept } = rule.fields
  const own: Fields = {
    ...kept,
    // names of rules are unique
    ...(typeof kept.name === 'string' ? { name: `${kept.name}-testers` } : {}),
    [matchField]: matchesWith(rule, testers),
    [field]: [writtenBackend(rule.api, testers.backend)],
  }
  return edited(object, [
    { op: 'test', path: `${rule.rule}/${field}`, value: rule.fields[field] },
    { op: 'add', path: rule.rule, value: own },
  ])
}

function matchesWith({ api, fields }: SplitRule, { header, value }: Testers): Fields[] {
  const field = api === 'istio' ? fields.match : fields.matches
  const alternatives: unknown[] = Array.isArray(field) && field.length > 0 ? field : [{}]
  return alternatives.map(asFields).map((match) => {
    if (api === 'istio') {
      return { ...match, headers: { ...asFields(match.headers), [header.toLowerCase()]: { exact: value } } }
    }
    const headers: unknown[] = Array.isArray(match.headers) ? match.headers : []
    return { ...match, headers: [...headers, { type: 'Exact', name: header, value }] }
  })
}
