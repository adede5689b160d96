import { deepEqual, isRecord } from '../json'
import type { JsonRecord } from '../json'
import { resolve } from '../schema/schemas'
import type { Schema } from '../schema/schemas'
import { PatchError } from './patch-error'

const ORDER = '$setElementOrder/'
const DELETE_FROM = '$deleteFromPrimitiveList/'
const RETAIN = '$retainKeys'
const DIRECTIVE = '$patch'

/**
 * The object after a strategic merge patch: lists whose schema names a merge key are merged item by item,
 * others replaced; the `$patch`, `$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList` directives
 * are obeyed. Format: https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function applyStrategicMerge(
  original: JsonRecord,
  patch: unknown,
  schema: Schema | undefined,
): JsonRecord {
  if (!isRecord(patch)) throw new PatchError('a strategic merge patch is an object', true)
  return mergeRecord(original, patch, schema === undefined ? {} : resolve(schema))
}

function mergeRecord(original: JsonRecord, patch: JsonRecord, schema: Schema): JsonRecord {
  const directive = patch[DIRECTIVE]
  if (directive === 'replace') return withoutDirectives(patch)
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge') {
    throw new PatchError(`invalid $patch directive ${JSON.stringify(directive)}`, true)
  }
  const merged = new Map(Object.entries(original))
  const retain = patch[RETAIN]
  if (Array.isArray(retain)) for (const key of merged.keys()) if (!retain.includes(key)) merged.delete(key)

  for (const [key, value] of Object.entries(patch)) {
    if (key === DIRECTIVE || key === RETAIN || key.startsWith(ORDER)) continue
    if (key.startsWith(DELETE_FROM)) {
      const field = key.slice(DELETE_FROM.length)
      const gone = Array.isArray(value) ? value : []
      const items = merged.get(field)
      if (Array.isArray(items))
        merged.set(
          field,
          items.filter((item) => !gone.includes(item)),
        )
      continue
    }
    if (value === null) {
      merged.delete(key)
      continue
    }
    const property = fieldSchema(schema, key)
    const before = merged.get(key)
    if (isRecord(value)) merged.set(key, mergeRecord(isRecord(before) ? before : {}, value, property))
    else if (Array.isArray(value))
      merged.set(key, mergeList(Array.isArray(before) ? before : [], value, property))
    else merged.set(key, value)
  }
  for (const [key, order] of Object.entries(patch)) {
    if (!key.startsWith(ORDER) || !Array.isArray(order)) continue
    const field = key.slice(ORDER.length)
    const items = merged.get(field)
    if (Array.isArray(items)) merged.set(field, inOrder(items, order, mergeKey(fieldSchema(schema, field))))
  }
  return Object.fromEntries(merged)
}

function fieldSchema(schema: Schema, key: string): Schema {
  const property = schema.properties?.[key] ?? schema.additionalProperties
  return property === undefined ? {} : resolve(property)
}

function mergeKey(schema: Schema): string | undefined {
  return schema['x-kubernetes-patch-merge-key']
}

function mergeList(original: readonly unknown[], patch: readonly unknown[], schema: Schema): unknown[] {
  const strategy = schema['x-kubernetes-patch-strategy'] ?? ''
  if (!strategy.split(',').includes('merge')) return patch.map(withoutDirectives)
  const key = mergeKey(schema)
  if (key === undefined) {
    return [...original, ...patch.filter((item) => !original.some((known) => deepEqual(known, item)))]
  }
  const replacesAll = patch.some(
    (item) => isRecord(item) && item[DIRECTIVE] === 'replace' && item[key] === undefined,
  )
  let items = replacesAll ? [] : [...original]
  const itemSchema = schema.items === undefined ? {} : resolve(schema.items)
  for (const item of patch) {
    if (!isRecord(item)) throw new PatchError(`list items merged by ${key} must be objects`, true)
    if (item[key] === undefined) {
      if (item[DIRECTIVE] === 'replace') continue
      throw new PatchError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`, true)
    }
    const index = items.findIndex((known) => isRecord(known) && known[key] === item[key])
    if (item[DIRECTIVE] === 'delete') items = items.filter((_known, position) => position !== index)
    else if (index === -1) items.push(mergeRecord({}, item, itemSchema))
    else items[index] = mergeRecord(items[index] as JsonRecord, item, itemSchema)
  }
  return items
}

/** Listed items first come, first served; items the order does not name keep their place behind their neighbour. */
function inOrder(items: readonly unknown[], order: readonly unknown[], key: string | undefined): unknown[] {
  const identity = (item: unknown) => (key !== undefined && isRecord(item) ? item[key] : item)
  const ranks = order.map(identity)
  const rankOf = (item: unknown) => ranks.findIndex((rank) => deepEqual(rank, identity(item)))
  const listed = items.filter((item) => rankOf(item) !== -1).sort((a, b) => rankOf(a) - rankOf(b))
  const result: unknown[] = []
  let next = 0
  for (const item of items) {
    if (rankOf(item) === -1) result.push(item)
    else {
      result.push(listed[next])
      next += 1
    }
  }
  return result
}

function withoutDirectives(value: unknown): JsonRecord
function withoutDirectives(value: unknown): unknown
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDirectives)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith('$'))
      .map(([key, item]) => [key, withoutDirectives(item)]),
  )
}
