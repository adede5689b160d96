/** The spans of a trace as a forest. Traces arrive broken: parents missing, several roots, even circles. */
import type { Span } from './span'

export interface SpanNode {
  span: Span
  /** by start, then id */
  children: SpanNode[]
  /** 0 for roots */
  depth: number
  /** spans below, this one not counted */
  descendants: number
  /** names a parent that the trace does not hold */
  isOrphan: boolean
}

export interface SpanForest {
  /** real roots first, then orphans; each by start, then id */
  roots: SpanNode[]
  /** every node, parents before children, in drawing order */
  order: SpanNode[]
  /** largest depth, 0 for an empty trace */
  depth: number
  warnings: string[]
}

/**
 * Every span once, under its parent where the trace holds it. A circle is opened at its earliest span, which
 * becomes a root. Iterative: chains of 10,000 spans are real.
 */
export function buildForest(spans: readonly Span[]): SpanForest {
  const nodes = new Map<string, SpanNode>()
  for (const span of [...spans].sort(byStart)) {
    // ids are unique after decoding; should they not be, the first keeps the name and the second its place
    const id = nodes.has(span.id) ? `${span.id} (again)` : span.id
    nodes.set(id, { span, children: [], depth: 0, descendants: 0, isOrphan: false })
  }
  const parentOf = (node: SpanNode): SpanNode | undefined => {
    const parent = node.span.parentId === null ? undefined : nodes.get(node.span.parentId)
    return parent === node ? undefined : parent
  }
  const roots: SpanNode[] = []
  const orphans: SpanNode[] = []
  let missing = 0
  for (const node of nodes.values()) {
    const parent = parentOf(node)
    if (parent) parent.children.push(node)
    else if (node.span.parentId === null || node.span.parentId === node.span.id) roots.push(node)
    else {
      node.isOrphan = true
      missing += 1
      orphans.push(node)
    }
  }
  const tops = [...roots, ...orphans]

  const order: SpanNode[] = []
  const seen = new Set<SpanNode>()
  const walk = (top: SpanNode) => {
    const stack = [top]
    seen.add(top)
    for (let node = stack.pop(); node; node = stack.pop()) {
      order.push(node)
      for (const child of node.children.toReversed()) {
        seen.add(child)
        child.depth = node.depth + 1
        stack.push(child)
      }
    }
  }
  for (const top of tops) walk(top)
  let circles = 0
  for (const node of nodes.values()) {
    if (seen.has(node)) continue
    // what no root reaches hangs on a circle: step up until a span comes twice, that one is on it
    const path = new Set<SpanNode>()
    let at: SpanNode | undefined = node
    while (at && !path.has(at)) {
      path.add(at)
      at = parentOf(at)
    }
    const circle = new Set<SpanNode>()
    for (let on = at; on && !circle.has(on); on = parentOf(on)) circle.add(on)
    const first = [...circle].sort((a, b) => byStart(a.span, b.span))[0] ?? node
    const parent = parentOf(first)
    if (parent) parent.children = parent.children.filter((child) => child !== first)
    circles += 1
    tops.push(first)
    walk(first)
  }
  let depth = 0
  for (const node of order.toReversed()) {
    depth = Math.max(depth, node.depth)
    for (const child of node.children) node.descendants += 1 + child.descendants
  }
  const warnings: string[] = []
  if (missing > 0)
    warnings.push(
      `${missing} ${missing === 1 ? 'span names a parent' : 'spans name parents'} that the trace does not hold`,
    )
  if (circles > 0) warnings.push(`${circles} ${circles === 1 ? 'circle' : 'circles'} of parents opened`)
  return { roots: tops, order, depth, warnings }
}

function byStart(a: Span, b: Span): number {
  return a.startMs - b.startMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
