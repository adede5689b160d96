/** A trace as rows of a waterfall: who called whom, when, for how long, and what kept it waiting. Pure. */
import { rowAfter, type RowCommand } from '@/components/keys/row-keys'
import type { Span, Trace } from '@/lib/api/schemas/telemetry/traces'
import { criticalPath } from '@/lib/trace/views/critical-path'
import { buildForest } from '@/lib/trace/tree'

export interface Stretch {
  /** of the trace's time, 0..1 */
  left: number
  width: number
}

export interface WaterfallRow {
  /** unique in the trace, also where spans share an id */
  key: string
  span: Span
  depth: number
  /** spans below, this one not counted */
  descendants: number
  isCollapsed: boolean
  /** names a parent that the trace does not hold */
  isOrphan: boolean
  /** what its time says against its caller's; null: it lies within */
  against: 'begins-before' | 'goes-on' | null
  /** a span below failed; said while they are hidden */
  hasErrorBelow: boolean
  bar: Stretch
  /** parts of the bar in which the trace waited for this span and none of its children */
  critical: Stretch[]
}

export interface Waterfall {
  rows: WaterfallRow[]
  /** sum of the critical path over all spans, by service, longest first */
  shares: { service: string; ms: number; ratio: number }[]
  depth: number
  errors: number
  warnings: string[]
}

/** All rows in drawing order; rows under a collapsed one are still there, see `visibleRows`. */
export function waterfallOf(trace: Trace): Waterfall {
  const forest = buildForest(trace.spans)
  const place = stretcher(trace)
  const critical = new Map<string, Stretch[]>()
  const byService = new Map<string, number>()
  const services = new Map(trace.spans.map((span) => [span.id, span.service]))
  let waited = 0
  for (const section of criticalPath(forest)) {
    const ms = section.endMs - section.startMs
    const stretch = place(section.startMs, ms)
    const same = critical.get(section.spanId)
    if (same) same.push(stretch)
    else critical.set(section.spanId, [stretch])
    const service = services.get(section.spanId) ?? ''
    byService.set(service, (byService.get(service) ?? 0) + ms)
    waited += ms
  }
  const { order } = forest
  const isBad = order.map((node) => node.span.hasError)
  const before = [0]
  for (const bad of isBad) before.push((before.at(-1) ?? 0) + Number(bad))
  const callers = new Map(order.flatMap((node) => node.children.map((child) => [child, node.span] as const)))
  const rows = order.map((node, index): WaterfallRow => {
    const { span, depth, descendants, isOrphan } = node
    const below = (before[index + 1 + descendants] ?? 0) - (before[index + 1] ?? 0)
    return {
      key: `${index}/${span.id}`,
      span,
      depth,
      descendants,
      isCollapsed: false,
      isOrphan,
      against: againstCaller(span, callers.get(node)),
      hasErrorBelow: below > 0,
      bar: place(span.startMs, span.durationMs),
      critical: critical.get(span.id) ?? [],
    }
  })
  return {
    rows,
    shares: [...byService]
      .map(([service, ms]) => ({ service, ms, ratio: waited > 0 ? ms / waited : 0 }))
      .sort((a, b) => b.ms - a.ms || (a.service < b.service ? -1 : 1)),
    depth: forest.depth,
    errors: isBad.filter(Boolean).length,
    warnings: [...forest.warnings, ...skewWarning(rows)],
  }
}

function skewWarning(rows: readonly WaterfallRow[]): string[] {
  const early = rows.filter((row) => row.against === 'begins-before').length
  if (early === 0) return []
  const what = early === 1 ? '1 span begins before its caller' : `${early} spans begin before their callers`
  return [`${what}: the clocks of their machines differ, so times across machines are not exact`]
}

/** Clocks of two machines agree to about this. */
const CLOCK_MS = 0.5

/** A span that begins before its caller has another clock; one that goes on after it is asynchronous, or has one too. */
function againstCaller(span: Span, caller: Span | undefined): WaterfallRow['against'] {
  if (!caller) return null
  if (span.startMs < caller.startMs - CLOCK_MS) return 'begins-before'
  const isLater = span.startMs + span.durationMs > caller.startMs + caller.durationMs + CLOCK_MS
  return isLater ? 'goes-on' : null
}

/** Rows to draw: what lies under a collapsed row is left out. */
export function visibleRows(rows: readonly WaterfallRow[], collapsed: ReadonlySet<string>): WaterfallRow[] {
  if (collapsed.size === 0) return [...rows]
  const visible: WaterfallRow[] = []
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index]
    if (!row) continue
    const isCollapsed = row.descendants > 0 && collapsed.has(row.key)
    visible.push(isCollapsed ? { ...row, isCollapsed } : row)
    // rows stand in depth-first order: all that is below comes right after
    if (isCollapsed) index += row.descendants
  }
  return visible
}

/** What a key does at a row of the tree: go elsewhere, fold or unfold what lies below, open the row, or nothing. */
export type WaterfallStep =
  { kind: 'go'; to: number } | { kind: 'fold'; isCollapsed: boolean } | { kind: 'details' } | { kind: 'stay' }

/** Where a command leads from a row among those in view: the way of trees, inward unfolds first, outward folds first. */
export function stepOf(
  command: RowCommand,
  rows: readonly Pick<WaterfallRow, 'depth' | 'descendants' | 'isCollapsed'>[],
  index: number,
): WaterfallStep {
  const row = rows[index]
  if (!row) return { kind: 'stay' }
  if (command === 'toggle') return { kind: 'details' }
  if (command === 'inward') {
    if (row.isCollapsed) return { kind: 'fold', isCollapsed: false }
    return row.descendants > 0 ? { kind: 'go', to: index + 1 } : { kind: 'stay' }
  }
  if (command === 'outward' && row.descendants > 0 && !row.isCollapsed) {
    return { kind: 'fold', isCollapsed: true }
  }
  const to = command === 'outward' ? parentIndex(rows, index) : rowAfter(command, index, rows.length)
  return to === null || to < 0 ? { kind: 'stay' } : { kind: 'go', to }
}

/** Row that holds a row, or -1 for a root. */
function parentIndex(rows: readonly Pick<WaterfallRow, 'depth'>[], index: number): number {
  const depth = rows[index]?.depth ?? 0
  for (let at = index - 1; at >= 0; at -= 1) if ((rows[at]?.depth ?? 0) < depth) return at
  return -1
}

/** Times on the scale of the trace; clocks disagree between machines, so what lies outside is cut to the edge. */
function stretcher(trace: Trace): (startMs: number, durationMs: number) => Stretch {
  const whole = trace.durationMs
  return (startMs, durationMs) => {
    if (whole <= 0) return { left: 0, width: 1 }
    const left = clamp((startMs - trace.startMs) / whole)
    const right = clamp((startMs + durationMs - trace.startMs) / whole)
    return { left, width: right - left }
  }
}

function clamp(ratio: number): number {
  return Math.min(1, Math.max(0, ratio))
}
