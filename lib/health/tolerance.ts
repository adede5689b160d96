/** How many failing requests are too many: defaults, and what people write on their objects. */
import type { Protocol } from '@/lib/mesh/traffic'
import type { Direction, HealthConfig, HealthRule, Tolerance } from './types'

/** Annotation on workloads and services; Kiali's, so that what teams agreed on keeps working. */
export const RATE_ANNOTATION = 'health.kiali.io/rate'

const BOTH_WAYS: readonly Direction[] = ['inbound', 'outbound']

/**
 * Kiali's defaults (config/config.go, AddHealthDefault). One difference: 5xx and "no response" are one tolerance,
 * since to the caller both are failed requests: 6 % and 6 % are 12 %.
 */
export const DEFAULT_TOLERANCES: readonly Tolerance[] = [
  {
    codes: /^(?:5\d\d|-)$/,
    protocols: ['http'],
    directions: BOTH_WAYS,
    degraded: 0,
    failing: 0.1,
    text: '5XX',
  },
  {
    codes: /^4\d\d$/,
    protocols: ['http', 'grpc'],
    directions: BOTH_WAYS,
    degraded: 0.1,
    failing: 0.2,
    text: '4XX',
  },
  {
    codes: /^(?:[1-9]\d?|5\d\d|-)$/,
    protocols: ['grpc'],
    directions: BOTH_WAYS,
    degraded: 0,
    failing: 0.1,
    text: 'gRPC status other than 0',
  },
]

export const DEFAULT_HEALTH: HealthConfig = {
  tolerances: DEFAULT_TOLERANCES,
  rules: [],
  tcp: { degraded: 0, failing: 0.1 },
  latency: { factor: 2, marginMs: 50, minRequests: 20 },
  restarts: { perHour: 1, atLeast: 3 },
}

const PROTOCOLS: readonly Protocol[] = ['http', 'grpc', 'tcp']

/**
 * Tolerances of a `health.kiali.io/rate` annotation: `code,degraded,failing,protocol,direction;…`, shares in
 * percent, the others regular expressions in which X stands for a digit and `-` for no response.
 * An entry that cannot be read is left out and named in `problems`.
 */
export function parseRateAnnotation(text: string): { tolerances: Tolerance[]; problems: string[] } {
  const tolerances: Tolerance[] = []
  const problems: string[] = []
  for (const entry of text.split(';')) {
    if (entry.trim() === '') continue
    const tolerance = parseEntry(entry)
    if (typeof tolerance === 'string') problems.push(`"${entry.trim()}": ${tolerance}`)
    else tolerances.push(tolerance)
  }
  return { tolerances, problems }
}

function parseEntry(entry: string): Tolerance | string {
  const fields = entry.split(',').map((field) => field.trim())
  if (fields.length !== 5) return 'needs code, degraded, failing, protocol and direction'
  const [code, degraded, failing, protocol, direction] = fields as [string, string, string, string, string]
  const codes = compilePattern(code.replace(/[xX]/g, '\\d'))
  const protocolPattern = compilePattern(protocol)
  const directionPattern = compilePattern(direction)
  if (!codes || !protocolPattern || !directionPattern) return 'has a pattern that cannot be read'
  const limits = [degraded, failing].map((percent) => (percent === '' ? Number.NaN : Number(percent) / 100))
  const [low, high] = limits as [number, number]
  if (!(low >= 0 && low <= 1 && high >= 0 && high <= 1)) return 'needs percentages from 0 to 100'
  return {
    codes,
    protocols: PROTOCOLS.filter((each) => protocolPattern.test(each)),
    directions: BOTH_WAYS.filter((each) => directionPattern.test(each)),
    degraded: low,
    failing: high,
    text: code,
  }
}

/** longer patterns, and repetition by large counts, serve no code of three characters but can stall a process */
const LONGEST_PATTERN = 64

/** A pattern for whole values, or undefined when it is no regular expression or one we will not run. */
export function compilePattern(pattern: string): RegExp | undefined {
  if (pattern === '' || pattern.length > LONGEST_PATTERN || /\{(?!\d\})/.test(pattern)) return undefined
  try {
    // anchored around the whole: "http|grpc" must not match "httpx"
    return new RegExp(`^(?:${pattern})$`)
  } catch {
    return undefined
  }
}

/** What is judged, for rules and annotations that name it. */
export interface JudgedObject {
  namespace: string
  kind: string
  name: string
  annotations: readonly Readonly<Record<string, string>>[]
}

/** The tolerances of an object: its own annotation, else the first rule that names it, else the defaults. */
export function tolerancesOf(config: HealthConfig, object: JudgedObject): readonly Tolerance[] {
  for (const annotations of object.annotations) {
    const text = annotations[RATE_ANNOTATION]
    if (text === undefined) continue
    const { tolerances } = parseRateAnnotation(text)
    if (tolerances.length > 0) return tolerances
  }
  const rule = config.rules.find((each) => isNamed(each, object))
  return rule ? rule.tolerances : config.tolerances
}

function isNamed(rule: HealthRule, object: JudgedObject): boolean {
  return rule.namespace.test(object.namespace) && rule.kind.test(object.kind) && rule.name.test(object.name)
}
