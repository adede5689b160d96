import type { Core } from 'cytoscape'
import type { DrawnEdge } from '../lines/lines'
import { lineLength, pointAlong } from '../lines/polyline'
import type { Palette } from './palette'
import { edgeColor } from './palette'

interface Lane {
  drawn: DrawnEdge
  color: string
  /** dots on their way, 0..1 along the line; red ones are failures */
  dots: { at: number; isError: boolean }[]
  /** dots per second that start here */
  perSecond: number
  credit: number
  errorCredit: number
}

const MAX_DOTS_PER_SECOND = 4
const SPEED_PX = 90
const FRAME_MS = 33

/** Dots that run along the lines, more where more traffic is, red in the measured share of errors. */
export class TrafficAnimation {
  readonly #cy: Core
  readonly #canvas: HTMLCanvasElement
  #lanes: Lane[] = []
  #palette: Palette | null = null
  #path: ReadonlySet<string> | null = null
  #isRunning = false
  #frame = 0
  #last = 0
  #ratio = 1

  constructor(cy: Core, canvas: HTMLCanvasElement) {
    this.#cy = cy
    this.#canvas = canvas
  }

  setEdges(edges: readonly DrawnEdge[], palette: Palette): void {
    const known = new Map(this.#lanes.map((lane) => [lane.drawn.scene.id, lane]))
    this.#palette = palette
    this.#lanes = edges.map((drawn) => ({
      drawn,
      color: edgeColor(palette, drawn.scene.status),
      dots: known.get(drawn.scene.id)?.dots ?? [],
      perSecond: perSecondOf(drawn),
      credit: known.get(drawn.scene.id)?.credit ?? 0,
      errorCredit: known.get(drawn.scene.id)?.errorCredit ?? 0,
    }))
  }

  /** Dots of other edges than these are dim; null: none is. */
  setPath(path: ReadonlySet<string> | null): void {
    this.#path = path
  }

  resize(ratio: number): void {
    this.#ratio = ratio
    this.#canvas.width = Math.round(this.#cy.width() * ratio)
    this.#canvas.height = Math.round(this.#cy.height() * ratio)
  }

  setRunning(isRunning: boolean): void {
    if (isRunning === this.#isRunning) return
    this.#isRunning = isRunning
    if (isRunning) {
      this.#last = performance.now()
      this.#frame = requestAnimationFrame(this.#step)
      return
    }
    cancelAnimationFrame(this.#frame)
    this.#canvas.getContext('2d')?.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
  }

  #step = (now: number): void => {
    if (!this.#isRunning) return
    this.#frame = requestAnimationFrame(this.#step)
    const passed = now - this.#last
    if (passed < FRAME_MS) return
    this.#last = now
    // a tab that slept does not empty its backlog at once
    this.#paint(Math.min(passed, 100) / 1000)
  }

  #paint(seconds: number): void {
    const ctx = this.#canvas.getContext('2d')
    if (!ctx) return
    const zoom = this.#cy.zoom()
    const pan = this.#cy.pan()
    ctx.setTransform(1, 0, 0, 1, 0, 0)
    ctx.clearRect(0, 0, this.#canvas.width, this.#canvas.height)
    ctx.setTransform(zoom * this.#ratio, 0, 0, zoom * this.#ratio, pan.x * this.#ratio, pan.y * this.#ratio)
    for (const lane of this.#lanes) {
      if (lane.perSecond === 0) continue
      const line = lane.drawn.line()
      if (!line) continue
      advance(lane, lineLength(line), seconds)
      const isDim = this.#path !== null && !this.#path.has(lane.drawn.scene.id)
      for (const dot of lane.dots) {
        const at = pointAlong(line, dot.at)
        ctx.globalAlpha = isDim ? 0.15 : 1
        ctx.fillStyle = dot.isError && this.#palette ? this.#palette.mark.failing : lane.color
        ctx.beginPath()
        ctx.arc(at.x, at.y, Math.max(2.2, lane.drawn.scene.width * 0.5 + 1.2), 0, 2 * Math.PI)
        ctx.fill()
      }
    }
  }
}

function perSecondOf({ scene }: DrawnEdge): number {
  const { edge } = scene
  const load =
    edge.protocol === 'tcp'
      ? ((edge.sentBytesPerSecond ?? 0) + (edge.receivedBytesPerSecond ?? 0)) / 2000
      : (edge.requestsPerSecond ?? 0)
  // one dot stands for more and more requests; still more traffic shows more dots
  return load <= 0 ? 0 : Math.min(MAX_DOTS_PER_SECOND, 0.35 + Math.log10(1 + load))
}

function advance(lane: Lane, length: number, seconds: number): void {
  const step = (SPEED_PX * seconds) / Math.max(40, length)
  for (const dot of lane.dots) dot.at += step
  lane.dots = lane.dots.filter((dot) => dot.at < 1)
  lane.credit += lane.perSecond * seconds
  while (lane.credit >= 1) {
    lane.credit -= 1
    // evenly, not by chance: ten per cent of errors is every tenth dot
    lane.errorCredit += lane.drawn.scene.edge.errorRatio ?? 0
    const isError = lane.errorCredit >= 1
    if (isError) lane.errorCredit -= 1
    lane.dots.push({ at: 0, isError })
  }
}
