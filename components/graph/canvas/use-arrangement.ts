'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { readTaste, writeTaste } from '@/components/hooks/use-taste'
import type { LayoutName } from '@/components/hooks/address/view-state'
import { arrange } from '../layout/arrange'
import { enginesFor } from '../layout/engines'
import type { LayoutInput, Point } from '../layout/model'
import type { Scene } from '../scene/scene'
import { boxTitleWidth } from './paint/paint-box'
import { nodeLabelSize } from './paint/paint-label'
import type { CanvasController } from './controller'

interface Progress {
  share: number
  words: string
}

// a layout quicker than this needs no words
const SHOW_PROGRESS_MS = 250
/** Past this share of strangers the old places say little about the new graph. */
const NEW_GRAPH = 0.5
const MAX_MOVED = 400

/**
 * Keeps the canvas showing `scene`. Figures change in place; new nodes join beside their neighbours; everything is
 * laid out again only when `arrangementKey` changes, when most nodes are new, or when asked to.
 */
export function useArrangement({
  controller,
  scene,
  layout,
  arrangementKey,
}: {
  controller: CanvasController | null
  scene: Scene
  layout: LayoutName
  arrangementKey: string
}) {
  const [progress, setProgress] = useState<Progress | null>(null)
  const [round, setRound] = useState(0)
  /** counts arrangements drawn, for those who wait for one */
  const [drawn, setDrawn] = useState(0)
  const running = useRef<{ key: string; abort: AbortController } | null>(null)
  const arranged = useRef<{ controller: CanvasController; key: string } | null>(null)
  const latest = useRef(scene)
  const key = `${arrangementKey} ${layout} ${round}`

  useEffect(() => {
    latest.current = scene
    if (!controller) return
    const isArranged = arranged.current?.controller === controller && arranged.current.key === key
    if (isArranged && isSameGraph(controller, scene)) {
      controller.setInPlace(scene)
      return
    }
    if (running.current?.key === key) return
    running.current?.abort.abort()
    const abort = new AbortController()
    running.current = { key, abort }
    void run(controller, abort)

    async function run(canvas: CanvasController, { signal }: AbortController): Promise<void> {
      const input = layoutInput(scene, layout, canvas)
      const engines = enginesFor(signal)
      const started = performance.now()
      const show = (share: number) => {
        if (!signal.aborted && performance.now() - started > SHOW_PROGRESS_MS) {
          setProgress({ share, words: `Laying out ${scene.nodes.length} nodes` })
        }
      }
      const timer = setTimeout(() => show(0.05), SHOW_PROGRESS_MS)
      try {
        const result = await arrange(input, engines, (done, total) => show(done / total)).catch(
          (error: unknown) => {
            if (signal.aborted) throw error
            // without its engine (a page older than its server, a browser without such workers) rows have to do
            return arrange({ ...input, algorithm: 'grid' }, engines, () => {})
          },
        )
        if (signal.aborted) return
        canvas.setArranged(scene, result, movedOf(arrangementKey, layout))
        // what came while the layout was at work has no place in it
        if (latest.current !== scene) canvas.setInPlace(latest.current)
        canvas.fit()
        arranged.current = { controller: canvas, key }
        setDrawn((count) => count + 1)
      } catch (error) {
        if (!signal.aborted) throw error
      } finally {
        clearTimeout(timer)
        if (running.current?.abort.signal === signal) {
          running.current = null
          setProgress(null)
        }
      }
    }
  }, [controller, scene, layout, arrangementKey, key])

  // the running layout belongs to this canvas: it ends with it
  useEffect(
    () => () => {
      running.current?.abort.abort()
      running.current = null
    },
    [controller],
  )

  const cancel = useCallback(() => {
    const stopped = running.current
    stopped?.abort.abort()
    running.current = null
    setProgress(null)
    if (!controller || !stopped) return
    arranged.current = { controller, key: stopped.key }
    controller.setInPlace(latest.current)
    controller.fit()
    setDrawn((count) => count + 1)
  }, [controller])

  const rearrange = useCallback(() => {
    writeTaste(movedName(arrangementKey, layout), '[]')
    setRound((count) => count + 1)
  }, [arrangementKey, layout])

  const saveMoved = useCallback(
    (positions: ReadonlyMap<string, Point>) => {
      if (positions.size > MAX_MOVED) return
      const rounded = [...positions].map(([id, at]) => [id, Math.round(at.x), Math.round(at.y)])
      writeTaste(movedName(arrangementKey, layout), JSON.stringify(rounded))
    },
    [arrangementKey, layout],
  )

  return { progress, drawn, cancel, rearrange, saveMoved }
}

function isSameGraph(controller: CanvasController, scene: Scene): boolean {
  if (controller.isEmpty) return scene.nodes.length === 0
  const known = controller.positions
  const strangers = scene.nodes.filter((node) => !known.has(node.id)).length
  return strangers <= scene.nodes.length * NEW_GRAPH
}

function layoutInput(scene: Scene, algorithm: LayoutName, controller: CanvasController): LayoutInput {
  return {
    algorithm,
    sceneSize: scene.nodes.length,
    window: controller.viewport.window,
    nodes: scene.nodes.map((node) => {
      const label = nodeLabelSize(node)
      return {
        id: node.id,
        parent: node.parent,
        isFolded: node.folded !== null,
        diameter: node.diameter,
        labelWidth: label.width,
        labelHeight: label.height,
      }
    }),
    boxes: scene.boxes.map((box) => ({ id: box.id, parent: box.parent, titleWidth: boxTitleWidth(box) })),
    edges: scene.edges
      .filter((edge) => edge.source !== edge.target)
      .map((edge) => ({ id: edge.id, source: edge.source, target: edge.target })),
  }
}

function movedName(arrangementKey: string, layout: LayoutName): string {
  return `graph.moved.${layout}.${arrangementKey}`
}

function movedOf(arrangementKey: string, layout: LayoutName): Map<string, Point> {
  try {
    const stored: unknown = JSON.parse(readTaste(movedName(arrangementKey, layout)) ?? '[]')
    if (!Array.isArray(stored)) return new Map()
    return new Map(
      stored.flatMap((item: unknown) => {
        if (!Array.isArray(item)) return []
        const [id, x, y] = item as unknown[]
        return typeof id === 'string' && typeof x === 'number' && typeof y === 'number'
          ? [[id, { x, y }] as const]
          : []
      }),
    )
  } catch {
    return new Map()
  }
}
