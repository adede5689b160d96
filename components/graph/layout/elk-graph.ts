/** Between our layout words and those of ELK, both ways. Pure. Options: https://eclipse.dev/elk/reference.html */
import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api'
import type { Item, LayoutInput, LayoutNode, LayoutResult, Point } from './model'
import { BOX_PADDING, LABEL_GAP } from './model'

const ROOT = 'root'

const LAYERED: Record<string, string> = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'POLYLINE',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NONE',
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.nodeNode': '16',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.componentComponent': '28',
}

/** Careful placement takes three times as long and shows only where few nodes are looked at closely. */
export const CAREFUL_LIMIT = 120
const QUICK: Record<string, string> = {
  'elk.layered.thoroughness': '1',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
}

/**
 * Between layers, besides half a name at either side: room for an edge's figures where the graph is small enough to be
 * read at full size, less where size is what is lacking.
 */
function layerGap(nodes: number): number {
  return nodes <= 30 ? 104 : nodes <= 45 ? 76 : 58
}

/**
 * A scene, or one box of it, as a hierarchical ELK graph: edges are routed across boxes and keep clear of names.
 * `solid` are placed boxes that lie in it as wholes; edges may end at them.
 */
export function elkGraphOf(input: LayoutInput, solid: readonly Item[] = []): ElkNode {
  const holders = new Map<string, ElkNode>()
  const isFlat = input.boxes.length === 0
  const root: ElkNode = {
    id: ROOT,
    layoutOptions: {
      ...LAYERED,
      'elk.layered.spacing.nodeNodeBetweenLayers': String(layerGap(input.sceneSize)),
      ...(input.sceneSize > CAREFUL_LIMIT ? QUICK : {}),
      'elk.hierarchyHandling': isFlat ? 'SEPARATE_CHILDREN' : 'INCLUDE_CHILDREN',
      'elk.aspectRatio': String(input.window.width / input.window.height),
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
    },
    children: solid.map(({ id, width, height }) => ({ id, width, height })),
    edges: input.edges.map(elkEdge),
  }
  for (const box of input.boxes) {
    holders.set(box.id, {
      id: box.id,
      layoutOptions: {
        'elk.padding': `[top=${BOX_PADDING.top},left=${BOX_PADDING.side},bottom=${BOX_PADDING.bottom},right=${BOX_PADDING.side}]`,
        'elk.nodeSize.constraints': 'MINIMUM_SIZE',
        'elk.nodeSize.minimum': `(${box.titleWidth},0)`,
      },
      children: [],
    })
  }
  const holderOf = (id: string | null) => (id === null ? root : (holders.get(id) ?? root))
  for (const box of input.boxes) {
    const holder = holders.get(box.id)
    if (holder) holderOf(box.parent).children?.push(holder)
  }
  for (const node of input.nodes) holderOf(node.parent).children?.push(elkNode(node))
  return root
}

/** Centres and bends of a hierarchical answer; ids of boxes are not among them but for those of `solid` ones. */
export function readElkGraph(root: ElkNode, input: LayoutInput, solid: readonly Item[] = []): LayoutResult {
  const positions = new Map<string, Point>()
  const sizes = new Map<string, Pick<Item, 'width' | 'height'>>(solid.map((item) => [item.id, item]))
  for (const { id, diameter } of input.nodes) sizes.set(id, { width: diameter, height: diameter })
  const visit = (node: ElkNode) => {
    const size = sizes.get(node.id)
    if (size)
      positions.set(node.id, { x: (node.x ?? 0) + size.width / 2, y: (node.y ?? 0) + size.height / 2 })
    for (const child of node.children ?? []) visit(child)
  }
  visit(root)
  const routes = new Map<string, Point[]>()
  for (const edge of root.edges ?? []) {
    const section = edge.sections?.[0]
    if (section?.bendPoints?.length) routes.set(edge.id, section.bendPoints)
  }
  return { positions, routes }
}

function elkNode(node: LayoutNode): ElkNode {
  return {
    id: node.id,
    width: node.diameter,
    height: node.diameter,
    labels: [{ text: node.id, width: node.labelWidth, height: node.labelHeight }],
    layoutOptions: {
      'elk.nodeLabels.placement': 'OUTSIDE V_BOTTOM H_CENTER',
      'elk.spacing.labelNode': String(LABEL_GAP),
    },
  }
}

function elkEdge(edge: { id: string; source: string; target: string }): ElkExtendedEdge {
  return { id: edge.id, sources: [edge.source], targets: [edge.target] }
}
