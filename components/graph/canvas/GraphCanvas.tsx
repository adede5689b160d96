'use client'

import { useComputedColorScheme } from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import type { Core, ElementDefinition } from 'cytoscape'
import type { Ref } from 'react'
import { useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react'
import CytoscapeComponent from 'react-cytoscapejs'
import type { LayoutName } from '@/components/hooks/address/view-state'
import type { Scene } from '../scene/scene'
import { CanvasController } from './controller'
import { restWhenStill } from './elements/rest-when-still'
import classes from './GraphCanvas.module.css'
import { readPalette } from './paint/palette'
import { fontsReady } from './paint/text'
import { useArrangement } from './use-arrangement'
import { useCanvasKeys } from './use-canvas-keys'

export interface CanvasHandle {
  fit(): void
  zoomIn(): void
  zoomOut(): void
  /** lays everything out again and forgets what was moved by hand */
  rearrange(): void
  reveal(id: string): void
  focus(): void
}

export interface GraphCanvasProps {
  scene: Scene
  layout: LayoutName
  /** while this stays the same, nothing already drawn moves */
  arrangementKey: string
  selected: string | null
  isAnimated: boolean
  withLocks: boolean
  /** nodes and edges that stand out while the rest is dimmed; null: what is selected decides */
  lit?: ReadonlySet<string> | null
  onSelect: (id: string | null) => void
  onOpen: (id: string) => void
  /** absent: a node has no menu here */
  onMenu?: (id: string, at: { x: number; y: number }) => void
  onHover: (id: string | null, at: { x: number; y: number } | null) => void
  /** words for a node, for those who hear the graph */
  describe: (id: string) => string
  ref?: Ref<CanvasHandle>
}

// never changed: elements are put in by the controller, which alone knows what differs
const NO_ELEMENTS: ElementDefinition[] = []
const FULL = { width: '100%', height: '100%' }

restWhenStill()

export default function GraphCanvas(props: GraphCanvasProps) {
  const { scene, layout, arrangementKey, selected, isAnimated, withLocks, lit, describe, ref } = props
  const frame = useRef<HTMLDivElement>(null)
  const under = useRef<HTMLCanvasElement>(null)
  const lines = useRef<HTMLCanvasElement>(null)
  const moving = useRef<HTMLCanvasElement>(null)
  const over = useRef<HTMLCanvasElement>(null)
  const [controller, setController] = useState<CanvasController | null>(null)
  const isStill = useReducedMotion()
  const scheme = useComputedColorScheme('light')

  const [cy, setCy] = useState<Core | null>(null)
  const mount = useCallback((core: Core) => setCy(core), [])
  const arrangement = useArrangement({ controller, scene, layout, arrangementKey })
  const events = useRef({ ...props, onMoved: arrangement.saveMoved })
  useEffect(() => {
    events.current = { ...props, onMoved: arrangement.saveMoved }
  })

  useEffect(() => {
    if (!cy || !under.current || !lines.current || !moving.current || !over.current || !frame.current) return
    const layers = {
      under: under.current,
      lines: lines.current,
      moving: moving.current,
      over: over.current,
    }
    let isGone = false
    let made: CanvasController | undefined
    const watcher = new ResizeObserver(() => made?.resize())
    // widths measured before the font is there would be those of another font
    void fontsReady().then(() => {
      if (isGone || cy.destroyed() || !frame.current) return
      made = new CanvasController(cy, layers, readPalette(document.documentElement), {
        onSelect: (id) => events.current.onSelect(id),
        onOpen: (id) => events.current.onOpen(id),
        onMenu: (id, at) => events.current.onMenu?.(id, at),
        onHover: (id, at) => {
          made?.setHovered(id)
          events.current.onHover(id, at)
        },
        onMoved: (positions) => events.current.onMoved(positions),
      })
      watcher.observe(frame.current)
      setController(made)
    })
    return () => {
      isGone = true
      watcher.disconnect()
      made?.dispose()
      setController(null)
    }
  }, [cy])

  useEffect(() => {
    controller?.setPalette(readPalette(document.documentElement))
  }, [controller, scheme])
  useEffect(() => controller?.setLocks(withLocks), [controller, withLocks])
  useEffect(() => controller?.setAnimated(isAnimated && !isStill), [controller, isAnimated, isStill])
  useEffect(() => controller?.setLit(lit ?? null), [controller, lit])
  useEffect(() => controller?.setSelected(selected), [controller, selected, arrangement.drawn])

  useImperativeHandle(
    ref,
    () => ({
      fit: () => controller?.fit(),
      zoomIn: () => controller?.viewport.zoomBy(1.3),
      zoomOut: () => controller?.viewport.zoomBy(1 / 1.3),
      rearrange: arrangement.rearrange,
      reveal: (id) => controller?.reveal(id),
      focus: () => frame.current?.focus(),
    }),
    [controller, arrangement.rearrange],
  )

  const keys = useCanvasKeys({
    controller,
    scene,
    selected,
    onSelect: props.onSelect,
    onMenu: props.onMenu,
    describe,
  })
  const { progress } = arrangement
  return (
    <div
      ref={frame}
      className={classes.frame}
      // arrows must reach the graph instead of moving a reader's cursor
      role="application"
      aria-label="Topology. Arrow keys go from node to node, Enter opens one, plus and minus zoom, 0 fits, Escape closes."
      tabIndex={0}
      // Cytoscape keeps the browser from it: whoever clicked here goes on here by keyboard
      onClick={({ currentTarget }) => {
        currentTarget.dataset.byPointer = ''
        currentTarget.focus({ preventScroll: true })
      }}
      onKeyDown={(event) => {
        delete event.currentTarget.dataset.byPointer
        keys.onKeyDown(event)
      }}
      onBlur={keys.onBlur}
      data-testid="graph-canvas"
      data-drawn={arrangement.drawn}
      data-zoom-ready={controller !== null || undefined}
    >
      {/* Cytoscape writes its one style rule into the page unless it finds this id; the page's policy forbids that */}
      <span id="__________cytoscape_stylesheet" hidden />
      <canvas ref={under} className={classes.layer} aria-hidden />
      <canvas ref={lines} className={classes.layer} aria-hidden />
      <CytoscapeComponent cy={mount} elements={NO_ELEMENTS} style={FULL} className={classes.core} />
      <canvas ref={moving} className={classes.layer} aria-hidden />
      <canvas ref={over} className={classes.layer} aria-hidden />
      <div className={classes.spoken} role="status" aria-live="polite">
        {keys.spoken}
      </div>
      {progress ? (
        <div className={classes.progress} role="status" aria-busy>
          <div className={classes.bar}>
            <div style={{ width: `${Math.round(progress.share * 100)}%` }} />
          </div>
          <span className="num">{progress.words}</span>
          <button type="button" onClick={arrangement.cancel}>
            Cancel
          </button>
        </div>
      ) : null}
    </div>
  )
}
