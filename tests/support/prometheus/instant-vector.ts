import type { Scanner } from '@/lib/http/answer-body'

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

/** What a scanner makes of a text that comes in pieces of so many characters. */
export function scanned<T>(scanner: Scanner<T>, text: string, pieceLength = text.length): T | undefined {
  for (let at = 0; at < text.length; at += pieceLength) scanner.push(text.slice(at, at + pieceLength))
  return scanner.end()
}
