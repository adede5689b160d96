/** Graphs to run a layout engine warm with: a just-in-time compiler has to see code at work before it makes it quick. */
import type { LayoutInput } from './model'

/** Nodes of each; the first runs the slowest. Smaller ones warm less, larger ones keep a real layout waiting longer. */
const SIZES = [12, ...new Array<number>(15).fill(24)]
/** Each third service runs in two versions, which lie in a box. */
const VERSIONED = 3

/** One namespace's workloads: in turn with its apps' boxes, as small graphs are arranged, and without, as large ones. */
export function warmUpInputs(): LayoutInput[] {
  return SIZES.map(inputOf)
}

function inputOf(size: number, step: number): LayoutInput {
  const isNested = step % 2 === 0
  const nodes = Array.from({ length: size }, (_, index) => ({
    id: `n${index}`,
    parent: isNested && index % (2 * VERSIONED) < 2 ? `b${Math.floor(index / VERSIONED)}` : null,
    isFolded: false,
    diameter: 34 + 8 * (index % 3),
    labelWidth: 60 + ((index * 37) % 70),
    labelHeight: 30,
  }))
  const boxes = [...new Set(nodes.flatMap(({ parent }) => parent ?? []))]
  return {
    algorithm: 'layered',
    nodes,
    boxes: boxes.map((id) => ({ id, parent: null, titleWidth: 90 })),
    edges: nodes.flatMap(({ id }, index) =>
      // from layer to layer, some far ahead; another shape each step
      [index + 3 + (step % 3), index + 7, index + Math.ceil(size / 3)]
        .filter((target) => target < size)
        .map((target) => ({ id: `${id}-${target}`, source: id, target: `n${target}` })),
    ),
    sceneSize: 1_000,
    window: { width: 1_200, height: 800 },
  }
}
