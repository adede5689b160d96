/** Parameters of Jaeger's HTTP query API, with the wording of its refusals. */
import type { TraceQuery } from './trace-store'

/** A refused parameter; answered as 400 in Jaeger's envelope. */
export class BadParameter extends Error {}

const UNITS: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** Go's duration text (`1.2s`, `100ms`, `1h30m`) in milliseconds; undefined when it is none. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy
  let ms = 0
  let end = 0
  for (let match = part.exec(text); match; match = part.exec(text)) {
    ms += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0)
    end = part.lastIndex
  }
  return end === text.length && end > 0 ? ms : undefined
}

/** The search of `GET /api/traces`. Throws BadParameter. */
export function parseTraceQuery(params: URLSearchParams, nowMs: number): TraceQuery {
  const service = params.get('service') ?? ''
  if (service === '') throw new BadParameter("parameter 'service' is required")
  const lookbackMs = duration(params, 'lookback', (text) => (text === 'custom' ? undefined : parseDays(text)))
  const minDurationMs = duration(params, 'minDuration', parseGoDuration)
  const maxDurationMs = duration(params, 'maxDuration', parseGoDuration)
  if (minDurationMs !== undefined && maxDurationMs !== undefined && minDurationMs > maxDurationMs) {
    throw new BadParameter("'maxDuration' should be greater than 'minDuration'")
  }
  const endMs = micros(params, 'end') ?? nowMs
  const limit = integer(params, 'limit') ?? 100
  if (limit < 1) throw new BadParameter("unable to parse param 'limit': must be at least 1")
  return {
    service,
    operation: params.get('operation') || undefined,
    tags: parseTags(params),
    startMs: micros(params, 'start') ?? endMs - (lookbackMs ?? 2 * 24 * 3_600_000),
    endMs,
    minDurationMs,
    maxDurationMs,
    limit,
  }
}

/** The span of time of `GET /api/dependencies`, in milliseconds. Throws BadParameter. */
export function parseDependencyQuery(
  params: URLSearchParams,
  nowMs: number,
): { fromMs: number; toMs: number } {
  const toMs = integer(params, 'endTs') ?? nowMs
  const lookbackMs = integer(params, 'lookback') ?? 24 * 3_600_000
  return { fromMs: toMs - lookbackMs, toMs }
}

/** `tag=key:value`, repeatable, and `tags={"key":"value"}`. */
function parseTags(params: URLSearchParams): Record<string, string> {
  const tags = new Map<string, string>()
  for (const tag of params.getAll('tag')) {
    const colon = tag.indexOf(':')
    if (colon < 0) throw new BadParameter(`malformed 'tag' parameter, expecting key:value, received: ${tag}`)
    tags.set(tag.slice(0, colon), tag.slice(colon + 1))
  }
  for (const json of params.getAll('tags')) {
    if (json === '') continue
    const malformed = () => new BadParameter(`malformed 'tags' parameter, cannot unmarshal JSON: ${json}`)
    let object: unknown
    try {
      object = JSON.parse(json)
    } catch {
      throw malformed()
    }
    if (typeof object !== 'object' || object === null || Array.isArray(object)) throw malformed()
    for (const [key, value] of Object.entries(object)) {
      if (typeof value !== 'string') throw malformed()
      tags.set(key, value)
    }
  }
  return Object.fromEntries(tags)
}

/** Jaeger's own page also writes days. */
function parseDays(text: string): number | undefined {
  const days = /^(\d+)d$/.exec(text)?.[1]
  return days === undefined ? parseGoDuration(text) : Number(days) * 24 * 3_600_000
}

function duration(
  params: URLSearchParams,
  name: string,
  parse: (text: string) => number | undefined,
): number | undefined {
  const text = params.get(name) ?? ''
  if (text === '' || (name === 'lookback' && text === 'custom')) return undefined
  const ms = parse(text)
  if (ms === undefined)
    throw new BadParameter(`unable to parse param '${name}': time: invalid duration "${text}"`)
  return ms
}

function micros(params: URLSearchParams, name: string): number | undefined {
  const value = integer(params, name)
  return value === undefined ? undefined : value / 1000
}

function integer(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name) ?? ''
  if (text === '') return undefined
  if (!/^-?\d+$/.test(text)) {
    throw new BadParameter(
      `unable to parse param '${name}': strconv.ParseInt: parsing "${text}": invalid syntax`,
    )
  }
  return Number(text)
}
