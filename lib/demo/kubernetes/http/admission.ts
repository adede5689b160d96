import type { KubernetesObject } from '@/lib/demo/model'
import { asRecord, isRecord } from '../json'
import type { JsonRecord } from '../json'
import { apiVersionOf, findKind, groupOf } from '../kinds'
import type { ResourceKind } from '../kinds'
import { findTypeProblem, prune } from '../schema/check'
import type { Pruned } from '../schema/check'
import { schemaOf } from '../schema/schemas'
import { builtinProblems } from '../validation/builtin'
import { crdProblems } from '../validation/crd'
import { istioProblems } from '../validation/istio-admission'
import { metadataProblems } from '../validation/metadata'
import { ApiError, badRequest, invalid } from './api-error'
import type { StatusCause } from './api-error'

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore'

export function fieldValidationOf(query: URLSearchParams): FieldValidation {
  const value = query.get('fieldValidation')
  if (value === null || value === '') return 'Warn'
  if (value === 'Strict' || value === 'Warn' || value === 'Ignore') return value
  throw invalidOption('fieldValidation', value, ['Ignore', 'Strict', 'Warn'])
}

export function dryRunOf(query: URLSearchParams): boolean {
  const values = query.getAll('dryRun').filter((value) => value !== '')
  const wrong = values.find((value) => value !== 'All')
  if (wrong !== undefined) throw invalidOption('dryRun', wrong, ['All'])
  return values.length > 0
}

function invalidOption(field: string, value: string, allowed: readonly string[]): ApiError {
  const list = allowed.map((item) => JSON.stringify(item)).join(', ')
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`
  return new ApiError(422, 'Invalid', `options.meta.k8s.io "" is invalid: ${field}: ${message}`, {
    group: 'meta.k8s.io',
    causes: [{ reason: 'FieldValueNotSupported', message, field }],
  })
}

export interface Decoded {
  object: KubernetesObject
  /** fields the schema does not know; dropped */
  warnings: string[]
}

/**
 * A body as an object of the resource: kind and version checked, unknown fields dropped (an error when
 * `Strict`), JSON types checked for built-in kinds. Throws ApiError 400.
 */
export function decodeObject(
  body: JsonRecord,
  resource: ResourceKind,
  version: string,
  fieldValidation: FieldValidation,
): Decoded {
  const apiVersion = apiVersionOf(resource.group, version)
  const given = { apiVersion, kind: resource.kind, ...body }
  const isOurs =
    given.kind === resource.kind &&
    typeof given.apiVersion === 'string' &&
    groupOf(given.apiVersion) === resource.group &&
    given.apiVersion === apiVersion
  if (!isOurs) {
    throw badRequest(
      findKind(String(given.kind), groupOf(String(given.apiVersion))) === resource
        ? `the API version in the data (${String(given.apiVersion)}) does not match the expected API version (${apiVersion})`
        : `${String(given.kind)} in version ${JSON.stringify(String(given.apiVersion))} cannot be handled as a ${resource.kind}`,
    )
  }
  const schema = schemaOf(resource)
  const pruned: Pruned = schema === undefined ? { value: given, unknown: [] } : prune(given, schema)
  const warnings = pruned.unknown.map((path) => `unknown field "${path}"`)
  if (warnings.length > 0 && fieldValidation === 'Strict') {
    throw badRequest(
      `${resource.kind} in version "${version}" cannot be handled as a ${resource.kind}: strict decoding error: ${warnings.join(', ')}`,
    )
  }
  const problem =
    schema === undefined
      ? undefined
      : resource.custom
        ? findTypeProblem({ metadata: pruned.value.metadata }, schema)
        : findTypeProblem(pruned.value, schema)
  if (problem !== undefined) {
    throw badRequest(
      `${resource.kind} in version "${version}" cannot be handled as a ${resource.kind}: json: cannot unmarshal ${problem.actual} into Go struct field .${problem.path} of type ${problem.expected}`,
    )
  }
  const metadata = pruned.value.metadata
  const object = {
    ...pruned.value,
    metadata: isRecord(metadata) ? metadata : {},
  } as unknown as KubernetesObject
  return { object, warnings: fieldValidation === 'Ignore' ? [] : warnings }
}

/**
 * Whether the object may be stored. Throws ApiError 422 with a cause per field, or 400 in the name of Istio's
 * webhook. `before` is the stored object of an update.
 */
export async function validateObject(
  object: KubernetesObject,
  before: KubernetesObject | undefined,
  resource: ResourceKind,
): Promise<void> {
  const causes: StatusCause[] = metadataProblems(object, resource)
  if (resource.custom) causes.push(...(await crdProblems(object, resource)))
  else causes.push(...builtinProblems(object, before, resource))
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes)
  if (!resource.custom || !resource.group.endsWith('istio.io')) return
  const problems = istioProblems(object)
  if (problems.length === 0) return
  const said =
    problems.length === 1
      ? problems[0]
      : `${problems.length} errors occurred:\n\t* ${problems.join('\n\t* ')}\n\n`
  throw new ApiError(
    400,
    '',
    `admission webhook "validation.istio.io" denied the request: configuration is invalid: ${said}`,
  )
}

/** What a client may not change: the status where it has a subresource of its own. */
export function withStatusOf(
  object: KubernetesObject,
  statusFrom: KubernetesObject | undefined,
  resource: ResourceKind,
): KubernetesObject {
  if (!resource.subresources.includes('status')) return object
  const { status: _given, ...rest } = object
  return statusFrom?.status === undefined ? rest : { ...rest, status: statusFrom.status }
}

/** The stored object with nothing but its status (and metadata that belongs to it) taken from the given one. */
export function withStatusOnly(stored: KubernetesObject, given: KubernetesObject): KubernetesObject {
  const { resourceVersion, managedFields } = asRecord(given.metadata)
  const next: KubernetesObject = {
    ...stored,
    metadata: {
      ...stored.metadata,
      ...(managedFields === undefined ? {} : { managedFields }),
      ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
    },
  }
  delete next.status
  return given.status === undefined ? next : { ...next, status: given.status }
}
