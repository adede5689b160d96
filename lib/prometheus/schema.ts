/** Answers of the Prometheus HTTP API, only the fields we use. */
import { z } from 'zod'

export interface VectorRow {
  metric: Record<string, string>
  value: [number, string]
}

export interface MatrixRow {
  metric: Record<string, string>
  values: [number, string][]
}

// rows are checked by hand: at 17,600 rows of 20 labels this takes 5 ms, an object schema 100 ms
const vectorRow = z.custom<VectorRow>((row) => hasLabels(row) && 'value' in row && isPoint(row.value))

const matrixRow = z.custom<MatrixRow>(
  (row) => hasLabels(row) && 'values' in row && Array.isArray(row.values) && row.values.every(isPoint),
)

const partial = {
  warnings: z.array(z.string()).optional(),
  infos: z.array(z.string()).optional(),
  /** VictoriaMetrics' cluster says no more than this of storage that is away */
  isPartial: z.boolean().optional(),
}

export const instantVector = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('vector'), result: z.array(vectorRow) }),
  ...partial,
})

export const rangeMatrix = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('matrix'), result: z.array(matrixRow) }),
  ...partial,
})

export const labelValues = z.object({
  status: z.literal('success'),
  data: z.array(z.string()).nullable(),
  ...partial,
})

export const buildInfo = z.object({
  status: z.literal('success'),
  data: z
    .object({
      version: z.string().optional(),
      application: z.string().optional(),
      features: z.unknown().optional(),
    })
    .loose(),
})

export const configYaml = z.object({ status: z.literal('success'), data: z.object({ yaml: z.string() }) })

const texts = z.record(z.string(), z.string())

const activeAlert = z.object({
  labels: texts,
  annotations: texts.optional(),
  state: z.string(),
  activeAt: z.string().optional(),
  value: z.string().optional(),
})

const rule = z.object({
  type: z.string(),
  name: z.string(),
  query: z.string(),
  duration: z.number().optional(),
  labels: texts.nullish(),
  annotations: texts.nullish(),
  alerts: z.array(activeAlert).nullish(),
  health: z.string().optional(),
  lastError: z.string().optional(),
  lastEvaluation: z.string().optional(),
  state: z.string().optional(),
})

export const ruleGroups = z.object({
  status: z.literal('success'),
  data: z.object({
    groups: z.array(z.object({ name: z.string(), file: z.string().optional(), rules: z.array(rule) })),
  }),
  ...partial,
})

export const runtimeInfo = z.object({
  status: z.literal('success'),
  data: z.object({ storageRetention: z.string().optional() }),
})

export const refusal = z.object({
  status: z.literal('error'),
  errorType: z.string(),
  error: z.string(),
})

function hasLabels(row: unknown): row is { metric: Record<string, string> } {
  if (typeof row !== 'object' || row === null || !('metric' in row)) return false
  const { metric } = row
  if (typeof metric !== 'object' || metric === null) return false
  for (const name in metric) {
    if (typeof (metric as Record<string, unknown>)[name] !== 'string') return false
  }
  return true
}

function isPoint(point: unknown): point is [number, string] {
  return (
    Array.isArray(point) && point.length === 2 && typeof point[0] === 'number' && typeof point[1] === 'string'
  )
}
