import type { KubernetesObject } from '@/lib/demo/model'
import { at, isRecord } from '../json'
import type { JsonRecord } from '../json'
import type { StatusCause } from '../http/api-error'
import { apiVersionOf, qualifiedKind } from '../kinds'
import type { ResourceKind } from '../kinds'
import { MODELS } from './models'

interface SchemaError {
  instancePath: string
  keyword: string
  params: JsonRecord
  message?: string
}

interface ModelClass {
  new (data: unknown): { validate(): void }
}

const models = new Map<string, Promise<ModelClass>>()

/** The model of a custom kind; loaded when first needed. */
function modelOf(resource: ResourceKind): Promise<ModelClass> {
  const key = qualifiedKind(resource.kind, resource.group)
  let model = models.get(key)
  if (model === undefined) models.set(key, (model = load(resource, key)))
  return model
}

async function load(resource: ResourceKind, key: string): Promise<ModelClass> {
  const model = (await MODELS[key]?.())?.[resource.kind]
  if (model === undefined) throw new Error(`no model of ${key}`)
  return model as ModelClass
}

/**
 * What a custom object breaks of its CRD's schema, in the words of an API server; empty when nothing.
 */
export async function crdProblems(object: KubernetesObject, resource: ResourceKind): Promise<StatusCause[]> {
  const Model = await modelOf(resource)
  try {
    // metadata is checked by rules of its own
    const apiVersion = apiVersionOf(resource.group, resource.versions[0] ?? 'v1')
    new Model({ ...object, apiVersion, metadata: { name: object.metadata.name } }).validate()
    return []
  } catch (error) {
    const errors =
      isRecord(error) && Array.isArray(error.errors) ? (error.errors as SchemaError[]) : undefined
    if (errors === undefined) throw error
    return withoutEchoes(errors).map((problem) => causeOf(problem, object))
  }
}

/** A failed choice also reports why each of its alternatives failed; the API server reports only the choice. */
function withoutEchoes(errors: readonly SchemaError[]): SchemaError[] {
  const choices = new Set(
    errors
      .filter((error) => error.keyword === 'oneOf' || error.keyword === 'anyOf')
      .map((error) => error.instancePath),
  )
  const isEcho = ({ keyword, instancePath }: SchemaError) =>
    choices.has(instancePath) && ['not', 'required', 'anyOf'].includes(keyword)
  const kept = errors.filter((error) => !isEcho(error))
  return kept.length > 0 ? kept : [...errors]
}

function causeOf(error: SchemaError, object: KubernetesObject): StatusCause {
  const parts = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  const field = fieldPath(parts)
  const value = valueAt(object, parts)
  const { params } = error
  const shown = showValue(value)
  const invalid = (message: string): StatusCause => ({
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${shown}: ${message}`,
    field,
  })
  switch (error.keyword) {
    case 'type':
      return {
        reason: 'FieldValueTypeInvalid',
        message: `Invalid value: "${jsonTypeOf(value)}": ${field} in body must be of type ${String(params.type)}: "${jsonTypeOf(value)}"`,
        field,
      }
    case 'required':
      return {
        reason: 'FieldValueRequired',
        message: 'Required value',
        field: fieldPath([...parts, String(params.missingProperty)]),
      }
    case 'enum': {
      const allowed = Array.isArray(params.allowedValues) ? params.allowedValues : []
      const list = allowed.map((item) => JSON.stringify(item)).join(', ')
      return {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${shown}: supported values: ${list}`,
        field,
      }
    }
    case 'pattern':
      return invalid(`${field} in body should match '${String(params.pattern)}'`)
    case 'minimum':
      return invalid(`${field} in body should be greater than or equal to ${String(params.limit)}`)
    case 'maximum':
      return invalid(`${field} in body should be less than or equal to ${String(params.limit)}`)
    case 'minLength':
      return invalid(`${field} in body should be at least ${String(params.limit)} chars long`)
    case 'maxLength':
      return {
        reason: 'FieldValueTooLong',
        message: `Too long: may not be more than ${String(params.limit)} bytes`,
        field,
      }
    case 'minItems':
      return invalid(`${field} in body should have at least ${String(params.limit)} items`)
    case 'maxItems': {
      const count = Array.isArray(value) ? value.length : 0
      return {
        reason: 'FieldValueTooMany',
        message: `Too many: ${count}: must have at most ${String(params.limit)} items`,
        field,
      }
    }
    case 'oneOf': {
      const found = Array.isArray(params.passingSchemas)
        ? `Found ${params.passingSchemas.length} valid alternatives`
        : 'Found none valid'
      return choice(field, `must validate one and only one schema (oneOf). ${found}`)
    }
    case 'anyOf':
      return choice(field, 'must validate at least one schema (anyOf)')
    case 'not':
      return choice(field, 'must not validate the schema (not)')
    default:
      return invalid(`${field} in body ${error.message ?? `breaks ${error.keyword}`}`)
  }
}

function choice(field: string, message: string): StatusCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: "": "${field}" ${message}`, field }
}

function fieldPath(parts: readonly string[]): string {
  return parts.reduce(
    (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
    '',
  )
}

function valueAt(object: unknown, parts: readonly string[]): unknown {
  return parts.reduce<unknown>(
    (here, part) => (Array.isArray(here) ? here[Number(part)] : at(here, part)),
    object,
  )
}

function showValue(value: unknown): string {
  if (value === undefined) return 'null'
  return typeof value === 'object' && value !== null ? '""' : JSON.stringify(value)
}

function jsonTypeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}
