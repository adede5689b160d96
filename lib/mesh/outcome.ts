/** How one request ended, in the one code that counts for its protocol. */

/** No response reached a gRPC client: there `0` already means OK. */
export const NO_GRPC_RESPONSE = '-'
/** No response reached an HTTP client. */
export const NO_HTTP_RESPONSE = '0'

export interface Outcome {
  /** HTTP status or gRPC status; no response is `0` for http and `-` for grpc */
  code: string
  isError: boolean
  isClientError: boolean
}

/**
 * The code of a request and what it counts as: errors are 5xx, no response and gRPC status other than 0;
 * client errors are 4xx. Of gRPC the status counts unless it is empty or HTTP itself says 4xx or 5xx;
 * no response comes before either.
 */
export function outcomeOf(sample: {
  protocol: 'http' | 'grpc'
  responseCode: string
  grpcStatus: string | null
}): Outcome {
  const http = sample.responseCode
  const isGrpc = sample.protocol === 'grpc'
  if (http === '0' || http === '-') {
    return { code: isGrpc ? NO_GRPC_RESPONSE : NO_HTTP_RESPONSE, isError: true, isClientError: false }
  }
  if (isClass(http, '5')) return { code: http, isError: true, isClientError: false }
  if (isClass(http, '4')) return { code: http, isError: false, isClientError: true }
  if (isGrpc && sample.grpcStatus !== null && sample.grpcStatus !== '') {
    return { code: sample.grpcStatus, isError: sample.grpcStatus !== '0', isClientError: false }
  }
  return { code: http, isError: false, isClientError: false }
}

function isClass(code: string, first: string): boolean {
  return code.length === 3 && code.startsWith(first)
}

/** gRPC status codes by number, as the protocol spells them. https://grpc.io/docs/guides/status-codes/ */
export const GRPC_STATUSES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const

const GRPC_STATUS_NAMES = GRPC_STATUSES.map((status) =>
  status === 'OK' ? status : status.charAt(0) + status.slice(1).toLowerCase().replaceAll('_', ' '),
)

/** The name of a gRPC status number in words, or undefined: `14` → `Unavailable`. */
export function findGrpcStatusName(status: string): string | undefined {
  return /^\d{1,2}$/.test(status) ? GRPC_STATUS_NAMES[Number(status)] : undefined
}
