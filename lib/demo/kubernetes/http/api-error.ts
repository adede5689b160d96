import { StoreError } from '../object-store'
import type { ResourceKind } from '../kinds'
import type { JsonRecord } from '../json'

export interface StatusCause {
  reason: string
  message: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

/** A refusal in the form of Kubernetes' `Status` object. */
export class ApiError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: StatusDetails | undefined

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message)
    this.name = 'ApiError'
    this.code = code
    this.reason = reason
    this.details = details
  }

  /** Format: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
  toStatus(): JsonRecord {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    }
  }
}

/** `pods`, or `virtualservices.networking.istio.io`: how messages name a resource. */
export function resourceName(resource: ResourceKind): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
}

function detailsOf(resource: ResourceKind, name: string): StatusDetails {
  return {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.plural,
  }
}

export function notFound(resource: ResourceKind, name: string): ApiError {
  return new ApiError(
    404,
    'NotFound',
    `${resourceName(resource)} "${name}" not found`,
    detailsOf(resource, name),
  )
}

export function unknownPath(): ApiError {
  return new ApiError(404, 'NotFound', 'the server could not find the requested resource', {})
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message)
}

export function methodNotAllowed(resource: ResourceKind | undefined): ApiError {
  return new ApiError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    resource === undefined
      ? {}
      : { ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural },
  )
}

export function expired(message: string): ApiError {
  return new ApiError(410, 'Expired', message)
}

/** One object breaks rules; each cause names a field. */
export function invalid(resource: ResourceKind, name: string, causes: readonly StatusCause[]): ApiError {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`
  const said = causes.map((cause) =>
    cause.field === undefined ? cause.message : `${cause.field}: ${cause.message}`,
  )
  const list = said.length === 1 ? said[0] : `[${said.join(', ')}]`
  return new ApiError(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.kind,
    causes: [...causes],
  })
}

/** What the store refused, said about a resource. */
export function fromStore(error: unknown, resource: ResourceKind, name: string): unknown {
  if (!(error instanceof StoreError)) return error
  const details = detailsOf(resource, name)
  switch (error.reason) {
    case 'AlreadyExists':
      return new ApiError(409, 'AlreadyExists', `${resourceName(resource)} "${name}" already exists`, details)
    case 'NotFound':
      return notFound(resource, name)
    case 'Conflict': {
      const because = error.message.slice(error.message.indexOf('": ') + 3)
      return new ApiError(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${resourceName(resource)} "${name}": ${because}`,
        details,
      )
    }
    case 'Gone':
      return expired(error.message)
    case 'Invalid':
      return new ApiError(504, 'Timeout', error.message, {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      })
  }
}
