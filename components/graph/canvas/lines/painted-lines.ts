import type { Point } from '../../layout/model'
import type { SceneEdge } from '../../scene/scene'
import type { End } from './corners'
import { cornersOf, loopOf } from './corners'
import type { DrawnEdge, Lines } from './lines'
import { distanceTo } from './polyline'
import { bendsOf, segmentsOf, type Segments } from './segments'

/**
 * Lines that are ours alone. Cytoscape needs over a second to take, style and draw three thousand edges, and a third
 * of one for every change; these are worked out and painted in a few milliseconds.
 */
export class PaintedLines implements Lines {
  readonly #endOf: (nodeId: string) => End | undefined
  #drawn: DrawnEdge[] = []
  readonly #routes = new Map<string, Segments>()
  readonly #corners = new Map<string, readonly Point[] | null>()

  /** `endOf` answers where a node is now. */
  constructor(endOf: (nodeId: string) => End | undefined) {
    this.#endOf = endOf
  }

  get drawn(): readonly DrawnEdge[] {
    return this.#drawn
  }

  setEdges(edges: readonly SceneEdge[]): void {
    this.#corners.clear()
    this.#drawn = edges.map((scene) => ({ scene, line: () => this.#lineOf(scene) }))
  }

  setRoutes(routes: ReadonlyMap<string, readonly Point[]>): void {
    this.#routes.clear()
    this.#corners.clear()
    for (const { scene } of this.#drawn) {
      const bends = routes.get(scene.id)
      const [from, to] = [this.#endOf(scene.source), this.#endOf(scene.target)]
      const segments = bends && from && to && segmentsOf(from.at, to.at, bends)
      if (segments) this.#routes.set(scene.id, segments)
    }
  }

  straighten(moved: ReadonlySet<string>): void {
    for (const { scene } of this.#drawn) {
      if (!moved.has(scene.source) && !moved.has(scene.target)) continue
      this.#corners.delete(scene.id)
      if (moved.has(scene.source) !== moved.has(scene.target)) this.#routes.delete(scene.id)
    }
  }

  /** What stands out is painted over the rest, which is faded as a whole. */
  emphasize(): void {}

  clear(): void {
    this.#drawn = []
    this.#routes.clear()
    this.#corners.clear()
  }

  /** The edge nearest to a point, of those that are `wanted`, at most `reach` model pixels beside its line. */
  findAt(at: Point, reach: number, isWanted: (edge: SceneEdge) => boolean): SceneEdge | undefined {
    let nearest: SceneEdge | undefined
    let least = reach
    for (const { scene, line } of this.#drawn) {
      const corners = isWanted(scene) ? line() : null
      const distance = corners ? distanceTo(corners, at) - scene.width / 2 : Infinity
      if (distance < least) [nearest, least] = [scene, distance]
    }
    return nearest
  }

  #lineOf({ id, source, target }: SceneEdge): readonly Point[] | null {
    const known = this.#corners.get(id)
    if (known !== undefined) return known
    const from = this.#endOf(source)
    const to = this.#endOf(target)
    const segments = this.#routes.get(id)
    const corners =
      !from || !to
        ? null
        : source === target
          ? loopOf(from)
          : cornersOf(from, to, segments ? bendsOf(from.at, to.at, segments) : [])
    this.#corners.set(id, corners)
    return corners
  }
}
