/** Where the time of a trace went: the chain of work that, had it been shorter, would have ended it sooner. */
import type { SpanForest, SpanNode } from '../tree'

/** A stretch of time in which this span, and none of its children, kept the trace waiting. */
export interface CriticalSection {
  spanId: string
  startMs: number
  endMs: number
}

/**
 * Sections of the critical path of the longest root, in time order, without overlap.
 *
 * From a span's end backwards: the child that ended last before now carries the path to its start, and the
 * search goes on from there; what no child covers is the span's own work. Children are cut to their parent's
 * time, so asynchronous work that outlives its caller counts only while the caller waited, and a child that
 * lies wholly outside (clock skew) never does.
 */
export function criticalPath(forest: SpanForest): CriticalSection[] {
  const root = forest.roots.reduce<SpanNode | undefined>(
    (longest, node) => (longest && longest.span.durationMs >= node.span.durationMs ? longest : node),
    undefined,
  )
  if (!root) return []
  const sections: CriticalSection[] = []
  const add = (spanId: string, startMs: number, endMs: number) => {
    if (endMs > startMs) sections.push({ spanId, startMs, endMs })
  }
  // one frame per span on the path; `next` walks its children from the one that ends last
  interface Frame {
    node: SpanNode
    startMs: number
    endMs: number
    /** what lies after this is explained */
    atMs: number
    children: SpanNode[]
    next: number
  }
  const open = (node: SpanNode, startMs: number, endMs: number): Frame => ({
    node,
    startMs,
    endMs,
    atMs: endMs,
    children: [...node.children].sort((a, b) => endOf(b) - endOf(a) || b.span.startMs - a.span.startMs),
    next: 0,
  })
  const stack: Frame[] = [open(root, root.span.startMs, endOf(root))]
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const child = frame.children[frame.next]
    if (!child) {
      add(frame.node.span.id, frame.startMs, frame.atMs)
      stack.pop()
      continue
    }
    frame.next += 1
    const endMs = Math.min(endOf(child), frame.endMs)
    const startMs = Math.max(child.span.startMs, frame.startMs)
    // ends after the point already explained: it ran beside the path, not on it
    if (endMs > frame.atMs || startMs >= endMs) continue
    add(frame.node.span.id, endMs, frame.atMs)
    frame.atMs = startMs
    stack.push(open(child, startMs, endMs))
  }
  return sections.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
}

function endOf(node: SpanNode): number {
  return node.span.startMs + node.span.durationMs
}
