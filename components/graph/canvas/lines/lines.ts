import type { Point } from '../../layout/model'
import type { SceneEdge } from '../../scene/scene'

/** An edge and where it is drawn. */
export interface DrawnEdge {
  scene: SceneEdge
  /** corners from end to end in model pixels; null while it has none */
  line: () => readonly Point[] | null
}

/** What stands out of a scene. */
export interface Emphasis {
  /** ids that stay bright; null when nothing is dimmed */
  path: ReadonlySet<string> | null
  /** an edge that was clicked, or lies under the pointer */
  chosen: ReadonlySet<string | null>
}

/** The lines between nodes: Cytoscape's where there are few, painted by ourselves where there are many. */
export interface Lines {
  /** in the order of the scene */
  readonly drawn: readonly DrawnEdge[]
  /** Takes the edges of a scene whose nodes are in place. Call within a batch. */
  setEdges(edges: readonly SceneEdge[]): void
  /** Bends as a layout chose them; they hold between the places it chose. Call within a batch. */
  setRoutes(routes: ReadonlyMap<string, readonly Point[]>): void
  /** Nodes are being moved by hand: an edge with one end among them runs straight from now on. */
  straighten(moved: ReadonlySet<string>): void
  emphasize(emphasis: Emphasis): void
  /** Takes everything away that was drawn. */
  clear(): void
}
