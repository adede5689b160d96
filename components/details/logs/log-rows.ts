/** Lines and spans as rows of one list, by time. Pure. */
import type { LogAnswer, LogLine, LogSpan } from '@/lib/api/schemas/telemetry/logs'
import { joinContinued } from '@/lib/logs/continued'
import { filterLines, type LineFilter } from '@/lib/logs/filter'
import type { LogLevel } from '@/lib/logs/line'

/** Lines kept while following; the oldest go. */
export const MOST_KEPT = 10_000

export type LogRow =
  /** `line.text` holds as many lines as `lines` says */
  | { kind: 'line'; key: string; atMs: number; line: LogLine; lines: number }
  | { kind: 'span'; key: string; atMs: number; span: LogSpan }

/** What was read before with what was read now: every line once, in order, the newest `MOST_KEPT`. */
export function withFresh(old: LogAnswer, fresh: LogAnswer): LogAnswer {
  const lines = new Map(old.lines.map((line) => [line.id, line]))
  const added = fresh.lines.filter((line) => !lines.has(line.id))
  const spans = new Map([...(old.spans ?? []), ...(fresh.spans ?? [])].map((span) => [keyOf(span), span]))
  const kept =
    added.length === 0
      ? old.lines
      : [...old.lines, ...added].sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1)).slice(-MOST_KEPT)
  return {
    ...fresh,
    lines: kept,
    cut: old.cut,
    spans:
      fresh.spans === null
        ? old.spans
        : [...spans.values()].sort((a, b) => a.atMs - b.atMs).slice(-MOST_KEPT),
  }
}

/** Rows that pass the filters, oldest first, a stack trace with what it belongs to as one; spans are looked for by service, operation and request id. */
export function rowsOf(lines: readonly LogLine[], spans: readonly LogSpan[], filter: LineFilter): LogRow[] {
  const shown = filterLines(joinContinued(lines), filter).map(({ lines: count, ...line }): LogRow => ({
    kind: 'line',
    key: line.id,
    atMs: line.atMs,
    line,
    lines: count,
  }))
  const marked = spans.map((span) => ({ span, level: levelOfSpan(span), text: textOf(span) }))
  const among = filterLines(marked, filter).map(({ span }): LogRow => ({
    kind: 'span',
    key: keyOf(span),
    atMs: span.atMs,
    span,
  }))
  return among.length === 0 ? shown : [...shown, ...among].sort((a, b) => a.atMs - b.atMs)
}

function keyOf(span: LogSpan): string {
  return `span ${span.traceId}/${span.spanId}`
}

function levelOfSpan(span: LogSpan): LogLevel {
  return span.hasError ? 'error' : 'info'
}

function textOf(span: LogSpan): string {
  return [
    span.service,
    span.operation,
    span.traceId,
    span.requestId,
    span.httpStatus,
    span.responseFlags,
  ].join(' ')
}

/** The first row at or after an instant, the last one where all are earlier; -1 without rows. */
export function indexAt(rows: readonly { atMs: number }[], atMs: number): number {
  const index = rows.findIndex((row) => row.atMs >= atMs)
  return index < 0 ? rows.length - 1 : index
}
