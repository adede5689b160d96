/** A row of Prometheus's answer to an instant query, and the answer as text. */
export interface VectorRow {
  metric: Record<string, string>
  value: [number, string]
}

export function vectorRow(metric: Record<string, string>, value: string): VectorRow {
  return { metric, value: [1700000000.123, value] }
}

/** `more` stands beside the data: warnings, infos. */
export function vectorAnswer(result: readonly VectorRow[], more: object = {}): string {
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result }, ...more })
}
