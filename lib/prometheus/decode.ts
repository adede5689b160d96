import { parse as parseYaml } from 'yaml'
import type { z } from 'zod'
import { UpstreamError } from '@/lib/mesh/upstream-error'
import { parseWindow } from '@/lib/units/window'
import {
  buildInfo,
  configYaml,
  instantVector,
  labelValues,
  rangeMatrix,
  refusal,
  runtimeInfo,
} from './schema'

export interface Sample {
  labels: Readonly<Record<string, string>>
  /** null where Prometheus says NaN */
  value: number | null
}

export interface Series {
  labels: Readonly<Record<string, string>>
  /** [epoch milliseconds, value], ascending; null where Prometheus says NaN */
  points: [number, number | null][]
}

export interface Build {
  product: 'Prometheus' | 'Thanos' | 'Mimir' | 'VictoriaMetrics' | 'Cortex'
  version: string | null
}

/** An instant vector whose rows were read as text. */
export class ScannedSamples {
  readonly samples: Sample[]
  readonly warnings: string[]

  constructor(samples: Sample[], warnings: string[]) {
    this.samples = samples
    this.warnings = warnings
  }
}

/**
 * Samples of an instant query, plus the warnings of a partial answer.
 * `NaN` becomes null (no answer), never 0; infinities are kept.
 * Throws UpstreamError('prometheus', 'decode') on any other shape.
 * Format: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-vectors
 */
export function decodeInstantVector(body: unknown): { samples: Sample[]; warnings: string[] } {
  if (body instanceof ScannedSamples) return body
  const { data, ...envelope } = parsed(instantVector, body, 'an instant vector')
  return {
    samples: data.result.map((row) => ({ labels: row.metric, value: sampleValue(row.value[1]) })),
    warnings: warningsOf(envelope),
  }
}

/** Warnings of an answer whose rows are read elsewhere. Throws as decodeInstantVector does. */
export function decodeVectorEnvelope(body: unknown): string[] {
  return warningsOf(parsed(instantVector, body, 'an instant vector'))
}

/**
 * Series of a range query, plus the warnings of a partial answer. Steps without an answer are simply missing.
 * Throws UpstreamError('prometheus', 'decode') on any other shape.
 * Format: https://prometheus.io/docs/prometheus/latest/querying/api/#range-vectors
 */
export function decodeMatrix(body: unknown): { series: Series[]; warnings: string[] } {
  const { data, ...envelope } = parsed(rangeMatrix, body, 'a range vector')
  return {
    series: data.result.map((row) => ({
      labels: row.metric,
      points: row.values.map(([seconds, text]) => [Math.round(seconds * 1000), sampleValue(text)]),
    })),
    warnings: warningsOf(envelope),
  }
}

/** `isPartial` alone says that something is missing, and not what. */
function warningsOf(of: { warnings?: string[] | undefined; isPartial?: boolean | undefined }): string[] {
  const { warnings = [], isPartial = false } = of
  return isPartial && warnings.length === 0 ? ['part of its storage did not answer'] : warnings
}

/** Values of one label, sorted. */
export function decodeLabelValues(body: unknown): string[] {
  return [...(parsed(labelValues, body, 'a list of label values').data ?? [])].sort()
}

/**
 * Which product answers `/api/v1/status/buildinfo`, and its version. All of them speak Prometheus's API; they
 * differ in this answer: Mimir and Cortex name themselves, VictoriaMetrics and Thanos differ in what they leave out.
 */
export function decodeBuildInfo(body: unknown, server: string | null): Build {
  const { data } = parsed(buildInfo, body, 'build information')
  const version = data.version && data.version !== '' ? data.version : null
  const named = `${data.application ?? ''} ${server ?? ''}`
  for (const product of ['Mimir', 'Cortex', 'Thanos', 'VictoriaMetrics'] as const) {
    if (named.toLowerCase().includes(product.toLowerCase())) return { product, version }
  }
  // VictoriaMetrics claims a Prometheus version for Grafana's sake and gives neither branch nor Go version
  if (!('goVersion' in data) && !('revision' in data)) return { product: 'VictoriaMetrics', version }
  // Thanos versions count 0.x, Prometheus has been past 2 since its API has this answer
  if (version !== null && /^v?0\./.test(version)) return { product: 'Thanos', version }
  return { product: 'Prometheus', version }
}

/** Seconds between two scrapes as the configuration's global section says; null when it does not. */
export function decodeScrapeInterval(body: unknown): number | null {
  const { data } = parsed(configYaml, body, 'a configuration')
  let config: unknown
  try {
    config = parseYaml(data.yaml)
  } catch {
    return null
  }
  if (typeof config !== 'object' || config === null) return null
  const global = 'global' in config ? config.global : undefined
  if (typeof global === 'object' && global !== null && 'scrape_interval' in global) {
    const seconds = parseWindow(String(global.scrape_interval))
    if (seconds !== undefined) return seconds
  }
  // documented default where a configuration names none
  return 60
}

/** Seconds kept, from `15d`, `15d or 10GB`; null when only a size bounds it or nothing is said. */
export function decodeRetention(body: unknown): number | null {
  const text = parsed(runtimeInfo, body, 'runtime information').data.storageRetention ?? ''
  for (const part of text.split(' or ')) {
    const years = /^(\d+)y$/.exec(part.trim())
    if (years) return Number(years[1]) * 365 * 86_400
    const seconds = parseWindow(part.trim())
    if (seconds !== undefined) return seconds
  }
  return null
}

/** What a failing answer says is wrong, and whether it refuses the question itself; undefined when it is not Prometheus's. */
export function explainRefusal(
  status: number,
  body: unknown,
): { kind: 'http' | 'query'; message: string } | undefined {
  const said = refusal.safeParse(body)
  if (!said.success) return undefined
  const { errorType, error } = said.data
  const isQuestion = errorType === 'bad_data' || errorType === 'execution' || status === 422
  return { kind: isQuestion ? 'query' : 'http', message: `Prometheus refuses the query: ${error}` }
}

/** A sample as a number: `NaN` is no answer. */
export function sampleValue(text: string): number | null {
  if (text === '+Inf' || text === 'Inf') return Infinity
  if (text === '-Inf') return -Infinity
  const value = Number(text)
  return Number.isNaN(value) ? null : value
}

function parsed<T extends z.ZodType>(schema: T, body: unknown, what: string): z.output<T> {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  throw new UpstreamError('prometheus', 'decode', `Prometheus answered with something that is not ${what}`, {
    cause: result.error,
  })
}
