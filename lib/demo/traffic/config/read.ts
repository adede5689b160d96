/**
 * Reading of fields that people wrote: what has the wrong shape counts as absent, as it would to a control
 * plane that had refused it.
 */
import type { KubernetesObject } from '@/lib/demo/model'

export type Fields = Record<string, unknown>

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

export function hasFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function items(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(fields) : []
}

export function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function number(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  // protobuf's JSON form allows numbers as text
  if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value)
  return undefined
}

/** Labels as plain text pairs. */
export function labelsOf(value: unknown): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [name, label] of Object.entries(fields(value)))
    if (typeof label === 'string') labels[name] = label
  return labels
}

const UNIT_MS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }

/** Milliseconds of a duration such as `1.5s`, `250ms` or `1m30s`; undefined when it is none. */
export function durationMs(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(value)) return undefined
  let total = 0
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) {
    total += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0)
  }
  return total
}

/** 0..1 of Istio's `percentage.value` or the older whole `percent`; undefined when neither is there. */
export function shareOf(percentage: unknown, percent?: unknown): number | undefined {
  const value = number(fields(percentage).value) ?? number(percent)
  return value === undefined ? undefined : Math.min(1, Math.max(0, value / 100))
}

export function isIstio(object: KubernetesObject): boolean {
  return /^[a-z]+\.istio\.io\//.test(object.apiVersion)
}

export function isGatewayApi(object: KubernetesObject): boolean {
  return object.apiVersion.startsWith('gateway.networking.k8s.io/')
}

/** Oldest first, then by namespace and name: the order in which Istio lets objects of one level win. */
export function byAge(a: KubernetesObject, b: KubernetesObject): number {
  const left = a.metadata.creationTimestamp ?? ''
  const right = b.metadata.creationTimestamp ?? ''
  if (left !== right) return left < right ? -1 : 1
  const nameA = `${a.metadata.namespace ?? ''}/${a.metadata.name}`
  const nameB = `${b.metadata.namespace ?? ''}/${b.metadata.name}`
  return nameA < nameB ? -1 : nameA > nameB ? 1 : 0
}

/** An empty selector takes everything. */
export function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
  for (const name in selector) if (labels[name] !== selector[name]) return false
  return true
}

/** Items by key, each group in the order given. */
export function groupBy<Item, Key>(list: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of list) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}
