import cytoscape from 'cytoscape'

/** What Cytoscape's renderer is made of and does not speak of in its types. */
interface Renderer {
  cy: { batching(): boolean; animated(): boolean }
  destroyed?: boolean
  renderLoopStarted?: boolean
  /** something is to be drawn at the next frame */
  requestedFrame?: boolean
  skipFrame?: boolean
  renderOptions: unknown
  lastRedrawTime?: number
  averageRedrawTime?: number
  lastDrawTime?: number
  beforeRenderCallbacks: { fn: (willDraw: boolean, now: number) => void }[]
  redraw: (options?: unknown) => void
  render: (options: unknown) => void
  startRenderLoop: () => void
}

/** So long, in frames, it goes on after the last drawing: what it refines in the background is done by then. */
const STILL_FRAMES = 90

let isDone = false

/**
 * Cytoscape asks for sixty frames a second for as long as it lives. On a page that is left open all night that is a
 * core kept awake for nothing, and while a layout is at work it takes from it; from here on it asks only while there
 * is something to draw. For all graphs that are made afterwards.
 */
export function restWhenStill(): void {
  const find = cytoscape as unknown as (
    type: 'renderer',
    name: 'canvas',
  ) => { prototype: Renderer } | undefined
  const proto = find('renderer', 'canvas')?.prototype
  if (isDone || !proto) return
  isDone = true
  const { redraw } = proto
  proto.redraw = function (options) {
    redraw.call(this, options)
    this.startRenderLoop()
  }
  proto.startRenderLoop = function () {
    if (this.renderLoopStarted || this.destroyed) return
    this.renderLoopStarted = true
    let still = 0
    const frame = (now: number) => {
      if (this.destroyed) return
      const isDrawn = drawFrame(this, now)
      still = isDrawn || this.requestedFrame || this.cy.animated() ? 0 : still + 1
      if (still < STILL_FRAMES) requestAnimationFrame(frame)
      else this.renderLoopStarted = false
    }
    requestAnimationFrame(frame)
  }
}

/** One frame as Cytoscape's own loop has it. */
function drawFrame(renderer: Renderer, now: number): boolean {
  const isWanted = Boolean(renderer.requestedFrame) && !renderer.skipFrame && !renderer.cy.batching()
  renderer.skipFrame = false
  // while a batch is open nothing is worked out
  if (renderer.cy.batching()) return false
  for (const { fn } of renderer.beforeRenderCallbacks) fn(isWanted, now)
  if (!isWanted) return false
  const begun = performance.now()
  renderer.render(renderer.renderOptions)
  const end = performance.now()
  // its texture caches go by these
  renderer.lastDrawTime = end
  renderer.lastRedrawTime = end - begun
  renderer.averageRedrawTime = (renderer.averageRedrawTime ?? end - begun) / 2 + (end - begun) / 2
  renderer.requestedFrame = false
  return true
}
