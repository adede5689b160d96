/** A scene by its boxes: what lies in which, and which edges run between them. Pure. */
import type { LayoutBox, LayoutEdge, LayoutInput, LayoutNode, Link } from './model'

/** The part of the scene inside one box (null: all of it), with that box as the root. */
export function within(input: LayoutInput, parent: string | null): LayoutInput {
  if (parent === null) return input
  const boxes = input.boxes.filter((box) => box.parent === parent)
  const holders = new Set([parent, ...boxes.map((box) => box.id)])
  const nodes = input.nodes.filter((node) => node.parent !== null && holders.has(node.parent))
  const inside = new Set(nodes.map((node) => node.id))
  return {
    ...input,
    boxes: boxes.map((box) => ({ ...box, parent: null })),
    nodes: nodes.map((node) => (node.parent === parent ? { ...node, parent: null } : node)),
    edges: input.edges.filter((edge) => inside.has(edge.source) && inside.has(edge.target)),
  }
}

/** What lies directly in each box, and outside of all (null). */
export function childrenByParent(input: LayoutInput) {
  const children = new Map<string | null, { nodes: LayoutNode[]; boxes: LayoutBox[] }>()
  const of = (parent: string | null) => {
    const known = children.get(parent)
    if (known) return known
    const made = { nodes: [], boxes: [] }
    children.set(parent, made)
    return made
  }
  for (const node of input.nodes) of(node.parent).nodes.push(node)
  for (const box of input.boxes) of(box.parent).boxes.push(box)
  return children
}

/** For each node within `parent`, the direct child of `parent` that holds it (a box, or the node itself). */
export function holderWithin(input: LayoutInput, parent: string | null): Map<string, string> {
  const parentOf = new Map(input.boxes.map((box) => [box.id, box.parent]))
  const holders = new Map<string, string>()
  for (const node of input.nodes) {
    let child = node.id
    let above = node.parent
    while (above !== parent && above !== null) {
      child = above
      above = parentOf.get(above) ?? null
    }
    if (above === parent) holders.set(node.id, child)
  }
  return holders
}

/** The edges between what holds their ends; those within one holder are left out. */
export function linksBetween(edges: LayoutInput['edges'], holders: ReadonlyMap<string, string>): Link[] {
  const links: Link[] = []
  for (const edge of edges) {
    const source = holders.get(edge.source)
    const target = holders.get(edge.target)
    if (source !== undefined && target !== undefined && source !== target) links.push({ source, target })
  }
  return links
}

/**
 * Edges between what holds their ends, one for each two, under the id of the first; `sharing` has by that id all edges
 * it stands for. Those within one holder are left out.
 */
export function lifted(
  edges: readonly LayoutEdge[],
  holders: ReadonlyMap<string, string>,
): { edges: LayoutEdge[]; sharing: Map<string, string[]> } {
  const byEnds = new Map<string, LayoutEdge>()
  const sharing = new Map<string, string[]>()
  for (const { id, ...ends } of edges) {
    const source = holders.get(ends.source)
    const target = holders.get(ends.target)
    if (source === undefined || target === undefined || source === target) continue
    const key = JSON.stringify([source, target])
    const first = byEnds.get(key)
    if (first) sharing.get(first.id)?.push(id)
    else {
      byEnds.set(key, { id, source, target })
      sharing.set(id, [id])
    }
  }
  return { edges: [...byEnds.values()], sharing }
}
