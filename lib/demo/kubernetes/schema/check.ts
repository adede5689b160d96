import { isRecord } from '../json'
import type { JsonRecord } from '../json'
import { isOpen, resolve } from './schemas'
import type { Schema } from './schemas'

export interface Pruned {
  value: JsonRecord
  /** paths of fields the schema does not know, e.g. `spec.http[0].bogus` */
  unknown: string[]
}

/** Drops fields the schema does not know, as an API server does, and names them. */
export function prune(value: JsonRecord, schema: Schema): Pruned {
  const unknown: string[] = []
  return { value: pruneAny(value, schema, '', unknown) as JsonRecord, unknown }
}

function pruneAny(value: unknown, given: Schema, path: string, unknown: string[]): unknown {
  const schema = resolve(given)
  if (Array.isArray(value)) {
    const items = schema.items
    return items === undefined
      ? value
      : value.map((item, index) => pruneAny(item, items, `${path}[${index}]`, unknown))
  }
  if (!isRecord(value) || isOpen(schema)) return value
  const kept: JsonRecord = {}
  for (const [key, item] of Object.entries(value)) {
    const where = path === '' ? key : `${path}.${key}`
    const known = schema.properties?.[key] ?? schema.additionalProperties
    if (known === undefined) unknown.push(where)
    // custom resources lose nulls that no schema calls nullable; built-in decoding reads them as absent
    else if (item !== null) kept[key] = pruneAny(item, known, where, unknown)
  }
  return kept
}

export interface TypeProblem {
  path: string
  expected: string
  actual: string
}

/** The first value whose JSON type the schema forbids, or undefined. */
export function findTypeProblem(value: unknown, given: Schema, path = ''): TypeProblem | undefined {
  const schema = resolve(given)
  const actual = jsonType(value)
  if (schema['x-kubernetes-int-or-string'] === true) {
    return actual === 'string' || actual === 'number'
      ? undefined
      : { path, expected: 'intstr.IntOrString', actual }
  }
  if (schema.type !== undefined && value !== null && value !== undefined) {
    const isInteger = schema.type === 'integer'
    const fits = isInteger ? Number.isInteger(value) : actual === schema.type
    if (!fits)
      return {
        path,
        expected: goType(schema),
        actual: isInteger && actual === 'number' ? `number ${String(value)}` : actual,
      }
  }
  if (Array.isArray(value) && schema.items !== undefined) {
    for (const item of value) {
      const problem = findTypeProblem(item, schema.items, path)
      if (problem !== undefined) return problem
    }
  }
  if (isRecord(value)) {
    for (const [key, item] of Object.entries(value)) {
      const known = schema.properties?.[key] ?? schema.additionalProperties
      if (known === undefined) continue
      const problem = findTypeProblem(item, known, path === '' ? key : `${path}.${key}`)
      if (problem !== undefined) return problem
    }
  }
  return undefined
}

/** Paths of required fields that are missing, e.g. `spec.selector`. */
export function missingFields(value: unknown, given: Schema, path = ''): string[] {
  const schema = resolve(given)
  if (Array.isArray(value)) {
    const items = schema.items
    return items === undefined
      ? []
      : value.flatMap((item, index) => missingFields(item, items, `${path}[${index}]`))
  }
  if (!isRecord(value)) return []
  const missing = (schema.required ?? [])
    .filter((name) => value[name] === undefined || value[name] === null)
    .map((name) => (path === '' ? name : `${path}.${name}`))
  for (const [key, item] of Object.entries(value)) {
    const known = schema.properties?.[key] ?? schema.additionalProperties
    if (known !== undefined) missing.push(...missingFields(item, known, path === '' ? key : `${path}.${key}`))
  }
  return missing
}

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'boolean' : typeof value
}

/** Type names as Go's JSON decoder writes them in its errors. */
function goType(schema: Schema): string {
  switch (schema.type) {
    case 'integer':
      return schema.format ?? 'int64'
    case 'boolean':
      return 'bool'
    case 'array':
      return '[]interface {}'
    case 'object':
      return 'map[string]interface {}'
    case 'number':
      return 'float64'
    default:
      return schema.type ?? 'value'
  }
}
