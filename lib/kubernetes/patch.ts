import 'server-only'
import type { ConfigObject } from '@/lib/mesh/inventory'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import type { KubernetesClient } from './client'
import { objectPath, type ObjectAddress } from './read'
import { accessReview, configObject, selfReview } from './schema'

/** The name under which the API server keeps account of what Heddle wrote. */
export const FIELD_MANAGER = 'heddle'

export interface WriteMode {
  /** true: the server says what would be, admission included, and stores nothing */
  dryRun: boolean
  signal?: AbortSignal
}

export interface WrittenObject {
  object: ConfigObject
  warnings: string[]
}

/**
 * Fields the server does not know are refused rather than dropped in silence.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
function queryOf({ dryRun }: WriteMode): Record<string, string | undefined> {
  return { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', dryRun: dryRun ? 'All' : undefined }
}

/** Throws UpstreamError; with reason `AlreadyExists` when the name is taken. Tried once. */
export async function createObject(
  client: KubernetesClient,
  at: ObjectAddress,
  object: ConfigObject,
  mode: WriteMode,
): Promise<WrittenObject> {
  const path = objectPath(at).replace(/\/[^/]+$/, '')
  const answer = await client.write(path, {
    method: 'POST',
    body: object,
    query: queryOf(mode),
    signal: mode.signal,
  })
  return { object: asObject(answer.body, path), warnings: answer.warnings }
}

/**
 * Applies a JSON patch to the object in the state `resourceVersion` names. Throws UpstreamError; with status 409
 * when the object is in another state by now. Tried once.
 */
export async function patchObject(
  client: KubernetesClient,
  at: ObjectAddress,
  patch: readonly object[],
  resourceVersion: string,
  mode: WriteMode,
): Promise<WrittenObject> {
  const path = objectPath(at)
  // written into the object, the version makes the server compare it: a failed `test` would be told as invalid
  const guard = { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion }
  const answer = await client.write(path, {
    method: 'PATCH',
    contentType: 'application/json-patch+json',
    body: [...patch, guard],
    query: queryOf(mode),
    signal: mode.signal,
  })
  return { object: asObject(answer.body, path), warnings: answer.warnings }
}

/**
 * Deletes the object in the state `resourceVersion` names; answers it when finalizers keep it, null when it is gone.
 * Throws UpstreamError as `patchObject` does. Tried once.
 */
export async function deleteObject(
  client: KubernetesClient,
  at: ObjectAddress,
  resourceVersion: string,
  mode: WriteMode,
): Promise<ConfigObject | null> {
  const path = objectPath(at)
  const { body } = await client.write(path, {
    method: 'DELETE',
    body: {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { resourceVersion },
      ...(mode.dryRun ? { dryRun: ['All'] } : {}),
    },
    signal: mode.signal,
  })
  // of what is gone the answer is a Status, or the object as it was last
  const parsed = configObject.safeParse(body)
  return parsed.success && parsed.data.metadata.deletionTimestamp !== undefined ? asObject(body, path) : null
}

/** Whether the client's user may do it, by the API server's own word. Throws UpstreamError. */
export async function mayDo(
  client: KubernetesClient,
  verb: 'create' | 'patch' | 'delete',
  at: ObjectAddress,
  signal?: AbortSignal,
): Promise<boolean> {
  const resourceAttributes = {
    verb,
    group: at.group,
    version: at.version,
    resource: at.plural,
    name: at.name,
    ...(at.namespace === undefined ? {} : { namespace: at.namespace }),
  }
  return reviewAccess(client, resourceAttributes, signal)
}

/** The API server's own word on what the client's user may do. Throws UpstreamError. */
export async function reviewAccess(
  client: KubernetesClient,
  resourceAttributes: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<boolean> {
  const { body } = await client.write('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    method: 'POST',
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    },
    signal,
  })
  const parsed = accessReview.safeParse(body)
  if (parsed.success) return parsed.data.status.allowed
  throw new UpstreamError('kubernetes', 'decode', 'the answer is no access review', { cause: parsed.error })
}

/** The user the API server takes us for; null where it does not say (before Kubernetes 1.28). */
export async function findUserName(client: KubernetesClient, signal?: AbortSignal): Promise<string | null> {
  try {
    const { body } = await client.write('/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      method: 'POST',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      signal,
    })
    const parsed = selfReview.safeParse(body)
    return parsed.success ? parsed.data.status.userInfo.username : null
  } catch (error) {
    if (isUpstreamError(error) && (error.status === 403 || error.status === 404)) return null
    throw error
  }
}

function asObject(body: unknown, path: string): ConfigObject {
  const parsed = configObject.safeParse(body)
  if (!parsed.success) {
    throw new UpstreamError('kubernetes', 'decode', `the answer of ${path} is not an object`, {
      cause: parsed.error,
    })
  }
  // checked above: metadata with a name; apiVersion and kind are always there on single objects
  return body as ConfigObject
}
