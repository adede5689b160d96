/** Rules of single values that many kinds share. Each answers what is wrong, or undefined. */
import { isIp } from '@/lib/validation/lookups/addresses'
import { asFields, asText, findNumber, isFields } from '@/lib/validation/read'
import type { FieldPath } from '@/lib/validation/finding'
import type { Say } from './say'

const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/
const WILDCARD_LABEL = /^(\*|(\*|\*-)?[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?)$/

/** A part of a host name, as Istio takes it: capitals are allowed. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && LABEL.test(text)
}

export function hostProblem(host: string): string | undefined {
  return lengthProblem(host) ?? labelsProblem(host, host)
}

/** A host name whose first part may be a wildcard. */
export function wildcardHostProblem(host: string): string | undefined {
  const problem = lengthProblem(host)
  if (problem !== undefined) return problem
  const dot = host.indexOf('.')
  const first = dot < 0 ? host : host.slice(0, dot)
  if (first.length > 63 || !WILDCARD_LABEL.test(first)) return `${host} is no host name (its part "${first}")`
  return dot < 0 ? undefined : labelsProblem(host.slice(dot + 1), host)
}

function lengthProblem(host: string): string | undefined {
  if (host === '') return 'the host name is empty'
  return host.length > 255 ? 'the host name is longer than 255 characters' : undefined
}

function labelsProblem(domain: string, whole: string): string | undefined {
  const labels = domain.split('.')
  const top = labels.at(-1) ?? ''
  if (/^\d+$/.test(top)) return `${whole} is no host name (it ends with a number)`
  // a dot at the end only says that the name is complete
  const bad = labels.find(
    (label, index) => !(label === '' && index === labels.length - 1) && !isDnsLabel(label),
  )
  return bad === undefined ? undefined : `${whole} is no host name (its part "${bad}")`
}

/** `namespace/host` as Gateways and Sidecars write hosts; a Gateway may leave out the namespace. */
export function scopedHostProblem(host: string, needsNamespace: boolean): string | undefined {
  const slash = host.indexOf('/')
  if (slash < 0)
    return needsNamespace ? `${host} has no namespace; write namespace/host` : wildcardHostProblem(host)
  const scope = host.slice(0, slash)
  const name = host.slice(slash + 1)
  if (scope === '' || name === '') return `${host} lacks its namespace or its host`
  const isScope = scope === '*' || scope === '.' || (needsNamespace && scope === '~') || isDnsLabel(scope)
  return isScope ? wildcardHostProblem(name) : `${scope} is no namespace`
}

export function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535
}

/** Says so when a port number is there and out of range. */
export function checkPort(value: unknown, path: FieldPath, say: Say): void {
  if (findNumber(value) !== undefined && !isPort(findNumber(value))) {
    say.error(path, `${String(value)} is no port. Use a number from 1 to 65535.`)
  }
}

const UNIT: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
}

/** Milliseconds of a duration such as `1.5s` or `1h30m`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  const match = /^([-+]?)((?:(?:\d+\.?\d*|\.\d+)(?:h|ms|us|µs|ns|m|s))+)$/.exec(text)
  if (!match) return undefined
  let total = 0
  for (const [, count, unit] of (match[2] ?? '').matchAll(/(\d+\.?\d*|\.\d+)(h|ms|us|µs|ns|m|s)/g)) {
    total += Number(count) * (UNIT[unit ?? ''] ?? 0)
  }
  return match[1] === '-' ? -total : total
}

/** Says so when a duration is there and not at least a whole millisecond. */
export function checkDuration(value: unknown, path: FieldPath, say: Say): void {
  if (typeof value !== 'string') return
  const duration = parseDuration(value)
  if (duration === undefined) say.error(path, `${value} is no duration. Write it as 500ms, 5s or 1h30m.`)
  else if (duration < 1) say.error(path, `${value} is shorter than the least duration of 1ms.`)
  else if (Math.abs(duration - Math.round(duration)) > 1e-9) {
    say.error(path, `${value} is finer than a millisecond, which proxies cannot do.`)
  }
}

/** Says so when `{ value }` is no percentage proxies can do. */
export function checkPercentage(value: unknown, path: FieldPath, say: Say): void {
  const percent = asFields(value).value
  if (typeof percent !== 'number') return
  if (percent < 0 || percent > 100 || (percent > 0 && percent < 0.0001)) {
    say.error([...path, 'value'], `${percent} is no percentage. Use 0, or a value from 0.0001 to 100.`)
  }
}

const LABEL_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/

export function checkLabels(value: unknown, path: FieldPath, say: Say): void {
  for (const [key, label] of Object.entries(asFields(value))) {
    const [name = '', prefix] = key.split('/').reverse()
    const isKey =
      name.length <= 63 &&
      LABEL_NAME.test(name) &&
      (prefix === undefined || hostProblem(prefix) === undefined)
    if (!isKey) say.error([...path, key], `${key} is no label key.`)
    if (typeof label === 'string' && label !== '' && (label.length > 63 || !LABEL_NAME.test(label))) {
      say.error([...path, key], `${label} is no label value. Use letters, digits, - _ and dots, at most 63.`)
    }
  }
}

/** Rules of `selector.matchLabels` (and of `workloadSelector.labels`). */
export function checkSelector(
  selector: unknown,
  field: string,
  path: FieldPath,
  say: Say,
  effect: string,
): void {
  if (!isFields(selector)) return
  const labels = Object.entries(asFields(selector[field]))
  for (const [key, value] of labels) {
    if (key === '') say.error([...path, field], 'A selector cannot have an empty key.')
    if (key.includes('*') || asText(value).includes('*')) {
      say.error(
        [...path, field, key],
        `Selectors take no wildcards (${key}: ${asText(value)}). Name the label's value.`,
      )
    }
  }
  if (labels.length === 0)
    say.warning(path, `The selector has no labels, so the object ${effect}. Remove it, or add labels.`)
}

export function checkExportTo(
  value: readonly string[],
  namespace: string,
  say: Say,
  { allowsNone = false, mustStay = false } = {},
): void {
  const path = ['spec', 'exportTo']
  const seen = new Set<string>()
  for (const [index, to] of value.entries()) {
    const key = to === '.' ? namespace : to
    if (seen.has(key))
      say.error([...path, index], `${to} is named twice in exportTo. Name each namespace once.`)
    else if (to === '~' && !allowsNone)
      say.error([...path, index], 'Only ServiceEntries can be exported to nobody (~).')
    else if (!['.', '*', '~'].includes(to) && !isDnsLabel(to)) {
      say.error([...path, index], `${to} is no namespace. Use a name, . for the own one or * for all.`)
    }
    seen.add(key)
  }
  if (value.length > 1 && seen.has('*')) say.error(path, 'exportTo has * and others. Leave only *.')
  if (value.length > 1 && seen.has('~'))
    say.error(path, 'exportTo has ~ (nobody) and others. Leave only one.')
  if (mustStay && value.length > 0 && (seen.size > 1 || !seen.has(namespace))) {
    say.error(path, 'A rule with a workloadSelector is for its own namespace only. Set exportTo to ["."].')
  }
}

const HEADER = /^[-_A-Za-z0-9]+$/

export function isHeaderName(name: string): boolean {
  return HEADER.test(name)
}

export function isAddressOrHost(text: string): boolean {
  return isIp(text) || hostProblem(text) === undefined
}
