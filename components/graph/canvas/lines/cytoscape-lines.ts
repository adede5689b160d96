import type { Core, EdgeSingular, ElementDefinition } from 'cytoscape'
import type { Point } from '../../layout/model'
import type { SceneEdge } from '../../scene/scene'
import type { DrawnEdge, Emphasis, Lines } from './lines'
import { segmentsOf } from './segments'

interface Held extends DrawnEdge {
  ele: EdgeSingular
}

/** Lines that are elements of Cytoscape: curved, bent, dashed, caught by the pointer. */
export class CytoscapeLines implements Lines {
  readonly #cy: Core
  #held: Held[] = []
  #routed = new Set<string>()

  constructor(cy: Core) {
    this.#cy = cy
  }

  get drawn(): readonly DrawnEdge[] {
    return this.#held
  }

  setEdges(edges: readonly SceneEdge[]): void {
    const cy = this.#cy
    const before = new Map(this.#held.map(({ scene }) => [scene.id, scene]))
    const kept = new Set(edges.map(({ id }) => id))
    for (const id of before.keys()) if (!kept.has(id)) cy.getElementById(id).remove()
    const added = edges.filter((edge) => !before.has(edge.id)).map(definitionOf)
    if (added.length > 0) cy.add(added)
    this.#held = edges.map((scene) => {
      const ele = cy.getElementById(scene.id) as EdgeSingular
      const seen = before.get(scene.id)
      if (seen && seen.width !== scene.width) ele.data('width', scene.width)
      if (seen && seen.status !== scene.status) ele.removeClass(seen.status).addClass(scene.status)
      return { scene, ele, line: () => lineOf(ele) }
    })
  }

  setRoutes(routes: ReadonlyMap<string, readonly Point[]>): void {
    this.#routed.clear()
    for (const { scene, ele } of this.#held) {
      const bends = routes.get(scene.id)
      const segments = bends && segmentsOf(ele.source().position(), ele.target().position(), bends)
      if (segments) {
        ele.data(segments).addClass('routed')
        this.#routed.add(scene.id)
      } else if (ele.hasClass('routed')) ele.removeClass('routed')
    }
  }

  straighten(moved: ReadonlySet<string>): void {
    if (this.#routed.size === 0) return
    for (const { scene, ele } of this.#held) {
      if (moved.has(scene.source) === moved.has(scene.target) || !this.#routed.delete(scene.id)) continue
      ele.removeClass('routed')
    }
  }

  emphasize({ path, chosen }: Emphasis): void {
    this.#cy.batch(() => {
      for (const { scene, ele } of this.#held) {
        const isDim = path !== null && !path.has(scene.id)
        if (ele.hasClass('dim') !== isDim) ele.toggleClass('dim', isDim)
        const isChosen = chosen.has(scene.id)
        if (ele.hasClass('chosen') !== isChosen) ele.toggleClass('chosen', isChosen)
      }
    })
  }

  clear(): void {
    for (const { ele } of this.#held) ele.remove()
    this.#held = []
    this.#routed.clear()
  }
}

function definitionOf(edge: SceneEdge): ElementDefinition {
  return {
    group: 'edges',
    data: { id: edge.id, source: edge.source, target: edge.target, width: edge.width },
    classes: [edge.status, edge.edge.protocol],
  }
}

/** An edge as Cytoscape drew it. Null before it drew it once. */
function lineOf(ele: EdgeSingular): Point[] | null {
  const start = ele.sourceEndpoint()
  const end = ele.targetEndpoint()
  if (!start || !end || Number.isNaN(start.x) || Number.isNaN(end.x)) return null
  if (ele.hasClass('routed')) return [start, ...(ele.segmentPoints() ?? []), end]
  const control = ele.controlPoints()?.[0]
  if (!control) return [start, end]
  const points = [start]
  for (let t = 0.125; t < 1; t += 0.125) points.push(bezier(start, control, end, t))
  points.push(end)
  return points
}

function bezier(a: Point, control: Point, b: Point, t: number): Point {
  const u = 1 - t
  return {
    x: u * u * a.x + 2 * u * t * control.x + t * t * b.x,
    y: u * u * a.y + 2 * u * t * control.y + t * t * b.y,
  }
}
