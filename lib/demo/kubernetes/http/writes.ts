import type { KubernetesObject } from '@/lib/demo/model'
import { asList, asRecord, asText, isRecord } from '../json'
import type { JsonRecord } from '../json'
import { apiVersionOf } from '../kinds'
import type { ResourceKind } from '../kinds'
import { stableSuffix } from '../names'
import { timestamp } from '../object-store'
import type { ObjectStore } from '../object-store'
import { applyJsonPatch } from '../patch/json-patch'
import { applyConfiguration, recordUpdate } from '../patch/managed-fields'
import type { Manager } from '../patch/managed-fields'
import { applyMergePatch } from '../patch/merge-patch'
import { PatchError } from '../patch/patch-error'
import { applyStrategicMerge } from '../patch/strategic-merge'
import { schemaOf } from '../schema/schemas'
import { decodeObject, validateObject, withStatusOf, withStatusOnly } from './admission'
import type { FieldValidation } from './admission'
import { ApiError, badRequest, fromStore, invalid, resourceName } from './api-error'
import { getObject } from './reads'
import { inVersion } from './representation'
import { fromScale, toScale } from './scale'

/** One write, as the URL, query and headers describe it. */
export interface Write {
  store: ObjectStore
  resource: ResourceKind
  version: string
  namespace: string | undefined
  name: string | undefined
  subresource: string | undefined
  fieldManager: string
  fieldValidation: FieldValidation
  dryRun: boolean
  nowMs: number
}

export interface Written {
  code: number
  object: KubernetesObject
  warnings: string[]
}

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

export const PATCH_TYPES: Readonly<Record<string, PatchType>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

function managerOf(write: Write): Manager {
  return {
    name: write.fieldManager,
    apiVersion: apiVersionOf(write.resource.group, write.version),
    time: timestamp(write.nowMs),
    ...(write.subresource === undefined ? {} : { subresource: write.subresource }),
  }
}

/** Metadata a client cannot set, and the place the URL names. Throws ApiError 400 when the body contradicts it. */
function placed(
  object: KubernetesObject,
  write: Write,
  before: KubernetesObject | undefined,
): KubernetesObject {
  const { resource, namespace } = write
  const { metadata } = object
  if (write.name !== undefined && metadata.name !== undefined && metadata.name !== write.name) {
    throw badRequest(
      `the name of the object (${String(metadata.name)}) does not match the name on the URL (${write.name})`,
    )
  }
  if (namespace !== undefined && metadata.namespace !== undefined && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  }
  if (before !== undefined && metadata.uid !== undefined && metadata.uid !== before.metadata.uid) {
    throw new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on ${resourceName(resource)} "${before.metadata.name}": Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${String(before.metadata.uid)}`,
    )
  }
  const { selfLink: _link, deletionTimestamp: _deletion, namespace: _namespace, ...rest } = metadata
  const kept =
    before === undefined
      ? {}
      : { uid: before.metadata.uid, creationTimestamp: before.metadata.creationTimestamp }
  if (before === undefined) {
    delete rest.uid
    delete rest.creationTimestamp
    delete rest.generation
  }
  // the API server's own type leaves them out
  for (const field of ['labels', 'annotations', 'finalizers', 'ownerReferences'] as const) {
    if (Object.keys(rest[field] ?? {}).length === 0) Reflect.deleteProperty(rest, field)
  }
  return {
    ...object,
    metadata: { ...rest, ...kept, ...(resource.namespaced && namespace !== undefined ? { namespace } : {}) },
  }
}

/** POST: the new object. Throws ApiError AlreadyExists, Invalid, NotFound (namespace). */
export async function createObject(write: Write, body: JsonRecord): Promise<Written> {
  const { store, resource } = write
  const decoded = decodeObject(body, resource, write.version, write.fieldValidation)
  const object = named(withStatusOf(placed(decoded.object, write, undefined), undefined, resource), store)
  checkNamespace(write, object.metadata.name)
  if (asText(object.metadata.resourceVersion) !== '') {
    throw badRequest('resourceVersion should not be set on objects to be created')
  }
  const owned = recorded(undefined, object, write)
  await validateObject(owned, undefined, resource)
  const stored = inStore(write, object.metadata.name, () => store.create(owned, { dryRun: write.dryRun }))
  return { code: 201, object: stored, warnings: decoded.warnings }
}

function named(object: KubernetesObject, store: ObjectStore): KubernetesObject {
  if (asText(object.metadata.name) !== '') return object
  const prefix = asText(object.metadata.generateName)
  if (prefix === '') {
    throw new ApiError(
      422,
      'Invalid',
      `${object.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
      {
        kind: object.kind,
        causes: [
          {
            reason: 'FieldValueRequired',
            message: 'Required value: name or generateName is required',
            field: 'metadata.name',
          },
        ],
      },
    )
  }
  const name = `${prefix}${stableSuffix(`${object.kind}/${prefix}/${store.revision}`, 5)}`
  return { ...object, metadata: { ...object.metadata, name } }
}

function checkNamespace(write: Write, name: string): void {
  const { store, resource, namespace } = write
  if (!resource.namespaced) return
  if (namespace === undefined) throw badRequest('an empty namespace may not be set during creation')
  const found = store.get({ kind: 'Namespace', group: '', name: namespace })
  if (found === undefined) {
    throw new ApiError(404, 'NotFound', `namespaces "${namespace}" not found`, {
      name: namespace,
      kind: 'namespaces',
    })
  }
  if (found.metadata.deletionTimestamp === undefined) return
  throw new ApiError(
    403,
    'Forbidden',
    `${resourceName(resource)} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      name,
      kind: resource.plural,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  )
}

/** PUT: the object as a whole, or its status or scale. A custom object needs its resourceVersion. */
export async function replaceObject(write: Write, body: JsonRecord): Promise<Written> {
  const { resource } = write
  const before = getObject(write.store, resource, write.namespace, write.name ?? '')
  if (write.subresource === 'scale') return storeUpdate(write, before, fromScale(before, body), [])
  const decoded = decodeObject(body, resource, write.version, write.fieldValidation)
  const object = placed(decoded.object, write, before)
  if (resource.custom && asText(object.metadata.resourceVersion) === '') {
    throw invalid(resource, before.metadata.name, [
      {
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 0x0: must be specified for an update',
        field: 'metadata.resourceVersion',
      },
    ])
  }
  return storeUpdate(write, before, object, decoded.warnings)
}

/** PATCH in one of four languages; server-side apply may create the object. */
export async function patchObject(
  write: Write,
  type: PatchType,
  patch: unknown,
  force: boolean,
): Promise<Written> {
  if (type === 'apply') return applyObject(write, patch, force)
  const { resource } = write
  const before = getObject(write.store, resource, write.namespace, write.name ?? '')
  const isScale = write.subresource === 'scale'
  const shown = (isScale ? toScale(before) : inVersion(before, resource, write.version)) as JsonRecord
  if (type === 'strategic' && resource.custom) {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    )
  }
  let patched: unknown
  try {
    if (type === 'json') patched = applyJsonPatch(shown, patch)
    else if (type === 'merge') patched = applyMergePatch(shown, patch)
    else patched = applyStrategicMerge(shown, patch, isScale ? undefined : schemaOf(resource))
  } catch (error) {
    if (!(error instanceof PatchError)) throw error
    if (error.isMalformed) throw badRequest(error.message)
    throw new ApiError(
      422,
      'Invalid',
      `the server rejected our request due to an error in our request: ${error.message}`,
      {},
    )
  }
  if (!isRecord(patched)) throw badRequest('the patch does not leave an object')
  if (isScale) return storeUpdate(write, before, fromScale(before, patched), [])
  const decoded = decodeObject(patched, resource, write.version, write.fieldValidation)
  return storeUpdate(write, before, placed(decoded.object, write, before), decoded.warnings)
}

async function applyObject(write: Write, patch: unknown, force: boolean): Promise<Written> {
  const { store, resource, namespace, name = '' } = write
  if (!isRecord(patch)) throw badRequest('an apply configuration must be an object')
  const decoded = decodeObject(patch, resource, write.version, write.fieldValidation)
  const before = store.get({ kind: resource.kind, group: resource.group, namespace, name })
  if (
    decoded.object.metadata.managedFields !== undefined &&
    asList(decoded.object.metadata.managedFields).length > 0
  ) {
    throw badRequest('metadata.managedFields must be nil')
  }
  if (before === undefined) checkNamespace(write, name)
  const config = placed({ ...decoded.object, metadata: { ...decoded.object.metadata, name } }, write, before)
  // what identifies the live object is not part of what is applied
  const {
    uid: _uid,
    creationTimestamp: _created,
    resourceVersion,
    managedFields: _none,
    ...metadata
  } = config.metadata
  const guarded = asText(resourceVersion)
  const result = applyConfiguration(
    before,
    { ...withStatusOf(config, undefined, resource), metadata },
    managerOf(write),
    schemaOf(resource) ?? {},
    force,
  )
  if ('conflicts' in result) throw applyConflict(result.conflicts)
  if (before === undefined) {
    await validateObject(result.object, undefined, resource)
    const stored = inStore(write, name, () => store.create(result.object, { dryRun: write.dryRun }))
    return { code: 201, object: stored, warnings: decoded.warnings }
  }
  const next =
    guarded === ''
      ? result.object
      : { ...result.object, metadata: { ...result.object.metadata, resourceVersion: guarded } }
  await validateObject(next, before, resource)
  const stored = inStore(write, name, () => store.update(next, { dryRun: write.dryRun }))
  return { code: 200, object: stored, warnings: decoded.warnings }
}

function applyConflict(
  conflicts: readonly { manager: string; operation: string; paths: string[] }[],
): ApiError {
  const count = conflicts.reduce((sum, conflict) => sum + conflict.paths.length, 0)
  const said = conflicts
    .map(
      ({ manager, paths }) =>
        `conflict${paths.length > 1 ? 's' : ''} with ${JSON.stringify(manager)}: ${paths.join(', ')}`,
    )
    .join('; ')
  return new ApiError(
    409,
    'Conflict',
    `Apply failed with ${count} conflict${count === 1 ? '' : 's'}: ${said}`,
    {
      causes: conflicts.flatMap(({ manager, paths }) =>
        paths.map((field) => ({
          reason: 'FieldManagerConflict',
          message: `conflict with ${JSON.stringify(manager)}`,
          field,
        })),
      ),
    },
  )
}

async function storeUpdate(
  write: Write,
  before: KubernetesObject,
  given: KubernetesObject,
  warnings: string[],
): Promise<Written> {
  const { store, resource } = write
  const target =
    write.subresource === 'status' ? withStatusOnly(before, given) : withStatusOf(given, before, resource)
  const owned = recorded(before, target, write)
  await validateObject(owned, before, resource)
  const stored = inStore(write, before.metadata.name, () => store.update(owned, { dryRun: write.dryRun }))
  return { code: 200, object: stored, warnings }
}

/** Without a change nobody's ownership changes, so that writing the same again writes nothing. */
function recorded(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
  write: Write,
): KubernetesObject {
  const schema = schemaOf(write.resource)
  return schema === undefined ? after : recordUpdate(before, after, managerOf(write), schema)
}

function inStore(write: Write, name: string, act: () => KubernetesObject): KubernetesObject {
  try {
    return act()
  } catch (error) {
    throw fromStore(error, write.resource, name)
  }
}

/** What a DELETE's body asks for. */
export interface DeleteOptions {
  preconditions: { resourceVersion?: string; uid?: string }
  orphansDependents: boolean
}

export function readDeleteOptions(body: JsonRecord, query: URLSearchParams): DeleteOptions {
  const preconditions = asRecord(body.preconditions)
  const policy = query.get('propagationPolicy') ?? asText(body.propagationPolicy)
  return {
    preconditions: {
      ...(typeof preconditions.uid === 'string' ? { uid: preconditions.uid } : {}),
      ...(typeof preconditions.resourceVersion === 'string'
        ? { resourceVersion: preconditions.resourceVersion }
        : {}),
    },
    orphansDependents: policy === 'Orphan' || body.orphanDependents === true,
  }
}

/** DELETE of one object. Its last state when it lingers (finalizers), else undefined. */
export function deleteObject(
  write: Write,
  name: string,
  options: DeleteOptions,
): KubernetesObject | undefined {
  const { store, resource, namespace } = write
  const ref = { kind: resource.kind, group: resource.group, namespace, name }
  const before = getObject(store, resource, namespace, name)
  if (options.orphansDependents && !write.dryRun) releaseDependents(store, before)
  inStore(write, name, () => store.delete(ref, options.preconditions, { dryRun: write.dryRun }))
  return store.get(ref)
}

function releaseDependents(store: ObjectStore, owner: KubernetesObject): void {
  for (const kind of ['ReplicaSet', 'Pod', 'Job'] as const) {
    for (const object of store.list(kind, owner.metadata.namespace)) {
      const references = asList(object.metadata.ownerReferences)
      const kept = references.filter(
        (reference) => !isRecord(reference) || reference.uid !== owner.metadata.uid,
      )
      if (kept.length < references.length) {
        store.update({ ...object, metadata: { ...object.metadata, ownerReferences: kept } })
      }
    }
  }
}

/** The answer to a completed delete. */
export function deletedStatus(resource: ResourceKind, object: KubernetesObject): JsonRecord {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name: object.metadata.name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: object.metadata.uid,
    },
  }
}
