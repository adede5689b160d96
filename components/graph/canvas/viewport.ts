import type { Core } from 'cytoscape'
import type { Point } from '../layout/model'
import type { Rect } from './paint/paint-box'

interface Size {
  width: number
  height: number
}

// titles rise above their boxes at the top, controls lie at the bottom
const FIT_MARGIN = { top: 30, side: 24, bottom: 56 } as const
const MIN_ZOOM = 0.04
const MAX_ZOOM = 3
const MAX_FIT_ZOOM = 1.25
/** What is nearer to the window's edge than this, in screen pixels, is as good as out of view. */
const IN_VIEW_MARGIN = 60

/** Which part of the graph is seen and how large. Points of the graph are in model pixels. */
export class Viewport {
  readonly #cy: Core

  constructor(cy: Core) {
    this.#cy = cy
    cy.minZoom(MIN_ZOOM)
    cy.maxZoom(MAX_ZOOM)
  }

  /** The window on the graph, in screen pixels; never so small that a layout has nothing to fill. */
  get window(): Size {
    return { width: Math.max(200, this.#cy.width()), height: Math.max(200, this.#cy.height()) }
  }

  /** Shows all of `extent`. */
  fit(extent: Rect): void {
    this.#cy.viewport(fitOf(extent, this.#size))
  }

  zoomBy(factor: number): void {
    const { width, height } = this.#size
    const middle = { x: width / 2, y: height / 2 }
    this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition: middle })
  }

  panBy(x: number, y: number): void {
    this.#cy.panBy({ x, y })
  }

  /** Brings a point into view, no smaller than `leastZoom`; nothing moves when it already is. */
  reveal(at: Point, leastZoom: number): void {
    const { width, height } = this.#size
    const { x, y } = this.screenPlaceOf(at)
    const least = IN_VIEW_MARGIN
    const isInView = x > least && y > least && x < width - least && y < height - least
    const zoom = Math.max(this.#cy.zoom(), leastZoom)
    if (isInView && zoom === this.#cy.zoom()) return
    this.#cy.viewport(centred(at, zoom, { x: width / 2, y: height / 2 }))
  }

  /** Where a point is on screen, relative to the canvas. */
  screenPlaceOf(at: Point): Point {
    const pan = this.#cy.pan()
    return { x: at.x * this.#cy.zoom() + pan.x, y: at.y * this.#cy.zoom() + pan.y }
  }

  get #size(): Size {
    return { width: this.#cy.width(), height: this.#cy.height() }
  }
}

/** Zoom and pan at which all of `extent` lies in the middle of a window of this size, clear of its margins. */
export function fitOf(extent: Rect, { width, height }: Size): { zoom: number; pan: Point } {
  const { side, top, bottom } = FIT_MARGIN
  const zoom = Math.min(
    MAX_FIT_ZOOM,
    (width - 2 * side) / extent.width,
    (height - top - bottom) / extent.height,
  )
  const middle = { x: extent.x + extent.width / 2, y: extent.y + extent.height / 2 }
  return centred(middle, Math.max(MIN_ZOOM, zoom), { x: width / 2, y: (height + top - bottom) / 2 })
}

/** `at` comes to lie at `place` on screen. */
function centred(at: Point, zoom: number, place: Point): { zoom: number; pan: Point } {
  return { zoom, pan: { x: place.x - at.x * zoom, y: place.y - at.y * zoom } }
}
