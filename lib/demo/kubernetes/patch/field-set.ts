import { canonicalJson, deepEqual, isRecord } from '../json'
import type { JsonRecord } from '../json'
import { resolve } from '../schema/schemas'
import type { Schema } from '../schema/schemas'

/**
 * A set of fields in the form of managedFields' `fieldsV1`: `f:name` a field, `k:{…}` a list item by key,
 * `v:…` a value of a set. An empty record is the field itself: a plain value, a list owned as a whole, or a
 * container that was empty; what lies below a container is owned part by part.
 * Format: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export interface FieldSet {
  [part: string]: FieldSet
}

/** Nobody owns these: they say which object it is, or belong to the server. */
const UNOWNED = new Set(['apiVersion', 'kind'])
const OWNABLE_METADATA = new Set(['labels', 'annotations', 'finalizers', 'ownerReferences'])

/** The fields an object sets. */
export function fieldsOf(object: JsonRecord, schema: Schema): FieldSet {
  const fields: FieldSet = {}
  for (const [key, value] of Object.entries(object)) {
    if (UNOWNED.has(key) || value === undefined) continue
    if (key === 'metadata') {
      const metadata = Object.fromEntries(
        Object.entries(isRecord(value) ? value : {}).filter(([name]) => OWNABLE_METADATA.has(name)),
      )
      if (Object.keys(metadata).length > 0) fields['f:metadata'] = fieldsOfValue(metadata, field(schema, key))
    } else fields[`f:${key}`] = fieldsOfValue(value, field(schema, key))
  }
  return fields
}

function field(schema: Schema, key: string): Schema {
  const property = schema.properties?.[key] ?? schema.additionalProperties
  return property === undefined ? {} : resolve(property)
}

function fieldsOfValue(value: unknown, schema: Schema): FieldSet {
  const fields: FieldSet = {}
  if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) fields[`f:${key}`] = fieldsOfValue(item, field(schema, key))
    }
  } else if (Array.isArray(value)) {
    for (const item of value) {
      const part = itemPart(item, schema)
      if (part === undefined) return {}
      fields[part] = fieldsOfValue(item, schema.items === undefined ? {} : resolve(schema.items))
    }
  }
  return fields
}

/** How an item of a list is told apart; undefined in a list that is owned as a whole. */
export function itemPart(item: unknown, schema: Schema): string | undefined {
  const keys = schema['x-kubernetes-list-map-keys']
  if (keys !== undefined && isRecord(item)) {
    // a missing protocol is TCP, in identity as in meaning
    const identity = Object.fromEntries(
      keys.map((key) => [key, item[key] ?? (key === 'protocol' ? 'TCP' : undefined)]),
    )
    return `k:${canonicalJson(identity)}`
  }
  if (schema['x-kubernetes-list-type'] === 'set') return `v:${canonicalJson(item)}`
  return undefined
}

export function isEmptySet(set: FieldSet): boolean {
  return Object.keys(set).length === 0
}

/** Fields in both. */
export function intersect(a: FieldSet, b: FieldSet): FieldSet {
  const common: FieldSet = {}
  for (const [part, below] of Object.entries(a)) {
    const other = b[part]
    if (other === undefined) continue
    if (isEmptySet(below) !== isEmptySet(other)) continue
    if (isEmptySet(below)) common[part] = {}
    else {
      const inner = intersect(below, other)
      if (!isEmptySet(inner)) common[part] = inner
    }
  }
  return common
}

/** Fields of `a` that are not in `b`. */
export function subtract(a: FieldSet, b: FieldSet): FieldSet {
  const left: FieldSet = {}
  for (const [part, below] of Object.entries(a)) {
    const other = b[part]
    if (other === undefined || isEmptySet(below) !== isEmptySet(other)) left[part] = below
    else if (!isEmptySet(below)) {
      const inner = subtract(below, other)
      if (!isEmptySet(inner)) left[part] = inner
    }
  }
  return left
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const all: FieldSet = { ...a }
  for (const [part, below] of Object.entries(b)) {
    const other = all[part]
    all[part] = other === undefined ? below : union(other, below)
  }
  return all
}

/** Fields set or changed on the way from `before` to `after`, and fields that are gone. */
export function changedFields(
  before: JsonRecord,
  after: JsonRecord,
  schema: Schema,
): { changed: FieldSet; removed: FieldSet } {
  const old = fieldsOf(before, schema)
  const now = fieldsOf(after, schema)
  return { changed: differing(now, before, after, schema), removed: subtract(old, now) }
}

/** The part of a set whose values differ between two objects. */
export function differing(set: FieldSet, a: unknown, b: unknown, schema: Schema): FieldSet {
  const different: FieldSet = {}
  for (const [part, below] of Object.entries(set)) {
    const left = valueOf(a, part, schema)
    const right = valueOf(b, part, schema)
    if (deepEqual(left, right)) continue
    const inner = part.startsWith('f:')
      ? field(schema, part.slice(2))
      : schema.items === undefined
        ? {}
        : resolve(schema.items)
    if (isEmptySet(below)) different[part] = {}
    else {
      const under = differing(below, left, right, inner)
      if (!isEmptySet(under)) different[part] = under
    }
  }
  return different
}

function valueOf(container: unknown, part: string, schema: Schema): unknown {
  if (part.startsWith('f:')) return isRecord(container) ? container[part.slice(2)] : undefined
  return Array.isArray(container) ? container.find((item) => itemPart(item, schema) === part) : undefined
}

/** The object without the fields of a set. */
export function removeFields(value: unknown, set: FieldSet, schema: Schema): unknown {
  if (isRecord(value)) {
    const kept: [string, unknown][] = []
    for (const [key, item] of Object.entries(value)) {
      const below = set[`f:${key}`]
      if (below === undefined || (isEmptySet(below) && isFilled(item, field(schema, key))))
        kept.push([key, item])
      else if (!isEmptySet(below)) {
        const rest = removeFields(item, below, field(schema, key))
        const isHollow = isRecord(rest)
          ? Object.keys(rest).length === 0
          : Array.isArray(rest) && rest.length === 0
        if (!isHollow) kept.push([key, rest])
      }
    }
    return Object.fromEntries(kept)
  }
  if (!Array.isArray(value)) return value
  const items = schema.items === undefined ? {} : resolve(schema.items)
  return value.flatMap((item) => {
    const below = set[itemPart(item, schema) ?? '']
    if (below === undefined) return [item]
    const rest = isEmptySet(below) ? undefined : removeFields(item, below, items)
    const keys = schema['x-kubernetes-list-map-keys'] ?? []
    const isHollow = !isRecord(rest) || Object.keys(rest).every((key) => keys.includes(key))
    return isHollow ? [] : [rest]
  })
}

/** A container others have put something into. */
function isFilled(value: unknown, schema: Schema): boolean {
  if (isRecord(value)) return Object.keys(value).length > 0
  return Array.isArray(value) && value.some((item) => itemPart(item, schema) !== undefined)
}

/** A merged into B by the rules of server-side apply: maps and keyed lists item by item, the rest as a whole. */
export function mergeApplied(live: unknown, applied: unknown, schema: Schema): unknown {
  if (isRecord(live) && isRecord(applied)) {
    const merged = new Map(Object.entries(live))
    for (const [key, value] of Object.entries(applied)) {
      merged.set(key, mergeApplied(merged.get(key), value, field(schema, key)))
    }
    return Object.fromEntries(merged)
  }
  if (
    Array.isArray(live) &&
    Array.isArray(applied) &&
    applied.every((item) => itemPart(item, schema) !== undefined)
  ) {
    const items = schema.items === undefined ? {} : resolve(schema.items)
    const merged = [...live]
    for (const item of applied) {
      const part = itemPart(item, schema)
      const index = merged.findIndex((known) => itemPart(known, schema) === part)
      if (index === -1) merged.push(item)
      else merged[index] = mergeApplied(merged[index], item, items)
    }
    return merged
  }
  return applied
}

/** Paths of a set for messages: `.spec.hosts`. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  return Object.entries(set).flatMap(([part, below]) => {
    const path = part.startsWith('f:') ? `${prefix}.${part.slice(2)}` : `${prefix}[${part.slice(2)}]`
    return isEmptySet(below) ? [path] : pathsOf(below, path)
  })
}
