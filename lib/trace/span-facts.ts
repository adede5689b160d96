/** What a span's tags say of it, by the names that Envoy, OpenTracing and OpenTelemetry use. */
import type { Span } from './span'

type Facts = Pick<Span, 'httpStatus' | 'grpcStatus' | 'responseFlags' | 'hasError' | 'kind'>

/** Statuses, Envoy's flags, failure and kind of a span; null where its tags do not say. */
export function factsOfTags(tags: Readonly<Record<string, string>>): Facts {
  const flags = tags['response_flags']
  return {
    httpStatus: present(tags['http.status_code'] ?? tags['http.response.status_code']),
    grpcStatus: present(tags['grpc.status_code'] ?? tags['rpc.grpc.status_code']),
    responseFlags: flags === undefined || flags === '' || flags === '-' ? null : flags,
    hasError: isError(tags),
    kind: kindOf(tags['span.kind']),
  }
}

/** As Jaeger's own page: the `error` tag; OpenTelemetry says it with a status. */
function isError(tags: Readonly<Record<string, string>>): boolean {
  const error = tags['error']
  if (error !== undefined) return error !== 'false' && error !== ''
  return tags['otel.status_code'] === 'ERROR'
}

export function kindOf(word: string | undefined): Span['kind'] {
  return word === 'client' ||
    word === 'server' ||
    word === 'producer' ||
    word === 'consumer' ||
    word === 'internal'
    ? word
    : null
}

function present(tag: string | undefined): string | null {
  return tag === undefined || tag === '' ? null : tag
}
