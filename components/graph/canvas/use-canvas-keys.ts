'use client'

import type { KeyboardEvent } from 'react'
import { useState } from 'react'
import { commandOf } from '@/components/keys/key-rows'
import type { Scene } from '../scene/scene'
import { CANVAS_KEYS } from './canvas-keys'
import type { CanvasController } from './controller'
import { findNextInDirection } from './next-in-direction'

const PAN_PX = 60
const PAN = {
  ArrowLeft: [PAN_PX, 0],
  ArrowRight: [-PAN_PX, 0],
  ArrowUp: [0, PAN_PX],
  ArrowDown: [0, -PAN_PX],
} as const

/** The graph by keyboard: a cursor that walks over nodes, spoken as it goes. */
export function useCanvasKeys({
  controller,
  scene,
  selected,
  onSelect,
  onMenu,
  describe,
}: {
  controller: CanvasController | null
  scene: Scene
  selected: string | null
  onSelect: (id: string | null) => void
  onMenu: ((id: string, at: { x: number; y: number }) => void) | undefined
  describe: (id: string) => string
}) {
  const [cursor, setCursor] = useState<string | null>(null)
  const [spoken, setSpoken] = useState('')

  const goTo = (id: string) => {
    setCursor(id)
    setSpoken(describe(id))
    controller?.setHovered(id)
    controller?.reveal(id)
  }

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // keys of a button inside the frame are its own
    if (!controller || event.target !== event.currentTarget) return
    const command = commandOf<(typeof CANVAS_KEYS)[number]['does']>(CANVAS_KEYS, event)
    switch (command) {
      case undefined:
        return
      case 'pan': {
        const [x, y] = PAN[event.key as keyof typeof PAN]
        controller.viewport.panBy(x, y)
        break
      }
      case 'walk': {
        const from = cursor ?? selected
        const first = scene.nodes.find((node) => node.node.roles.includes('root')) ?? scene.nodes[0]
        const isKnown = from !== null && scene.nodes.some((node) => node.id === from)
        const next = isKnown ? findNextInDirection(from, event.key, controller.positions) : first?.id
        if (next !== undefined) goTo(next)
        break
      }
      case 'select':
        if (cursor !== null) onSelect(cursor)
        break
      case 'menu': {
        const id = cursor ?? selected
        const at = id === null ? undefined : controller.screenPlaceOf(id)
        if (id !== null && at) onMenu?.(id, at)
        break
      }
      case 'leave':
        setCursor(null)
        controller.setHovered(null)
        onSelect(null)
        return
      case 'zoomIn':
        controller.viewport.zoomBy(1.3)
        return
      case 'zoomOut':
        controller.viewport.zoomBy(1 / 1.3)
        return
      case 'fit':
        controller.fit()
        return
    }
    event.preventDefault()
  }

  const onBlur = () => {
    setCursor(null)
    controller?.setHovered(null)
  }

  return { onKeyDown, onBlur, spoken }
}
