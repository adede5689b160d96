/** Reading Envoy's JSON, whose shape differs by version: what is missing or of another type reads as empty. */
export type Wire = Readonly<Record<string, unknown>>

export function record(value: unknown): Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Wire) : {}
}

export function records(value: unknown): Wire[] {
  return Array.isArray(value) ? value.map(record) : []
}

export function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function number(value: unknown): number | null {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : null
}

/** The value at a path of field names. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const field of path) here = record(here)[field]
  return here
}

/** Epoch milliseconds of an RFC 3339 time; null for none. */
export function instant(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isNaN(ms) ? null : ms
}

/** A protobuf duration such as `10s` or `0.250s` in milliseconds. */
export function duration(value: unknown): number | null {
  const seconds = typeof value === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(value)?.[1] : undefined
  return seconds === undefined ? null : Number(seconds) * 1000
}

/** Name of a message type without its package: `…/envoy.admin.v3.ClustersConfigDump`. */
export function typeName(value: unknown): string {
  const url = text(record(value)['@type']) ?? ''
  return url.slice(url.lastIndexOf('.') + 1)
}

/** `10.0.0.1:80`, a path of a socket, or null. */
export function addressOf(value: unknown): string | null {
  const socket = record(at(value, 'socket_address'))
  const host = text(socket.address)
  const port = number(socket.port_value)
  if (host !== null)
    return port === null ? host : host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const pipe = text(at(value, 'pipe', 'path'))
  if (pipe !== null) return pipe
  const internal = text(at(value, 'envoy_internal_address', 'server_listener_name'))
  return internal === null ? null : `internal listener ${internal}`
}
