/** A trace as the graph of the mesh can show it: which workloads it passed, and which calls went between them. */
import { buildForest, type SpanNode } from '../tree'
import type { Trace } from '../span'

export interface Passed {
  spans: number
  failed: number
  /** longest of them */
  longestMs: number
}

export interface TraceMarks {
  startMs: number
  endMs: number
  spans: number
  failed: number
  rootOperation: string
  /** by node id of a workload */
  nodes: ReadonlyMap<string, Passed>
  /** between workloads, as the callee has it; each pair once, sorted */
  calls: readonly (Passed & { source: string; target: string })[]
  /** calls that nobody answered with a span of his own, by the host that was asked for: to outside, or refused */
  outward: readonly (Passed & { source: string; host: string })[]
  /** spans whose tags do not say who made them, by the name their store has for it, most first */
  homeless: readonly { service: string; spans: number }[]
}

/**
 * Spans are counted for the workload their tags name, exactly. Of spans that name none the callers are looked through:
 * a library's span between two proxies does not break the path.
 */
export function marksOf(trace: Trace): TraceMarks {
  const { order } = buildForest(trace.spans)
  const nodes = new Map<string, Passed>()
  const calls = new Map<string, Passed & { source: string; target: string }>()
  const outward = new Map<string, Passed & { source: string; host: string }>()
  const homeless = new Map<string, number>()
  /** who made a span, or else the nearest above it */
  const owners = new Map<SpanNode, string | null>()
  const callers = new Map(order.flatMap((node) => node.children.map((child) => [child, node] as const)))
  for (const node of order) {
    const { span } = node
    const caller = callers.get(node)
    const source = caller ? (owners.get(caller) ?? null) : null
    owners.set(node, span.nodeId ?? source)
    if (span.nodeId === null) {
      homeless.set(span.service, (homeless.get(span.service) ?? 0) + 1)
      continue
    }
    count(nodes, span.nodeId, () => ({}), span)
    if (source !== null && source !== span.nodeId) {
      const ends = { source, target: span.nodeId }
      count(calls, `${source}>${span.nodeId}`, () => ends, span)
    }
    const host = hostOf(span.tags['upstream_cluster'])
    if (span.kind === 'client' && host !== null && node.children.length === 0) {
      const ends = { source: span.nodeId, host }
      count(outward, `${span.nodeId}>${host}`, () => ends, span)
    }
  }
  const root = trace.spans.find((span) => span.parentId === null) ?? trace.spans[0]
  return {
    startMs: trace.startMs,
    endMs: trace.startMs + trace.durationMs,
    spans: trace.spans.length,
    failed: trace.spans.filter((span) => span.hasError).length,
    rootOperation: root?.operation ?? '',
    nodes,
    calls: [...calls].sort(byKey).map(([, call]) => call),
    outward: [...outward].sort(byKey).map(([, call]) => call),
    homeless: [...homeless]
      .map(([service, spans]) => ({ service, spans }))
      .sort((a, b) => b.spans - a.spans || (a.service < b.service ? -1 : 1)),
  }
}

function count<T extends object>(
  into: Map<string, Passed & T>,
  key: string,
  ends: () => T,
  span: Trace['spans'][number],
): void {
  const known = into.get(key) ?? { ...ends(), spans: 0, failed: 0, longestMs: 0 }
  known.spans += 1
  known.failed += Number(span.hasError)
  known.longestMs = Math.max(known.longestMs, span.durationMs)
  into.set(key, known)
}

/** `outbound|443||api.example.com`, Envoy's name for who was asked. */
function hostOf(cluster: string | undefined): string | null {
  const [direction, , , host] = cluster?.split('|') ?? []
  return direction === 'outbound' && host ? host : null
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
