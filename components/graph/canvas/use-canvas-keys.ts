'use client'

import type { KeyboardEvent } from 'react'
import { useState } from 'react'
import type { Scene } from '../scene/scene'
import type { CanvasController } from './controller'
import { findNextInDirection } from './routes'

const PAN_PX = 60

/** The graph by keyboard: a cursor that walks over nodes, spoken as it goes. */
export function useCanvasKeys({
  controller,
  scene,
  selected,
  onSelect,
  describe,
}: {
  controller: CanvasController | null
  scene: Scene
  selected: string | null
  onSelect: (id: string | null) => void
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
    if (!controller || event.ctrlKey || event.metaKey || event.altKey) return
    // keys of a button inside the frame are its own
    if (event.target !== event.currentTarget) return
    if (event.key.startsWith('Arrow')) {
      event.preventDefault()
      if (event.shiftKey) {
        const step = {
          ArrowLeft: [PAN_PX, 0],
          ArrowRight: [-PAN_PX, 0],
          ArrowUp: [0, PAN_PX],
          ArrowDown: [0, -PAN_PX],
        }
        const [x = 0, y = 0] = step[event.key as keyof typeof step] ?? []
        controller.panBy(x, y)
        return
      }
      const from = cursor ?? selected
      const first = scene.nodes.find((node) => node.node.roles.includes('root')) ?? scene.nodes[0]
      const isKnown = from !== null && scene.nodes.some((node) => node.id === from)
      const next = isKnown ? findNextInDirection(from, event.key, controller.positions) : first?.id
      if (next !== undefined) goTo(next)
      return
    }
    switch (event.key) {
      case 'Enter':
      case ' ':
        event.preventDefault()
        if (cursor !== null) onSelect(cursor)
        return
      case 'Escape':
        setCursor(null)
        controller.setHovered(null)
        onSelect(null)
        return
      case '+':
      case '=':
        controller.zoomBy(1.3)
        return
      case '-':
        controller.zoomBy(1 / 1.3)
        return
      case '0':
        controller.fit()
        return
    }
  }

  const onBlur = () => {
    setCursor(null)
    controller?.setHovered(null)
  }

  return { onKeyDown, onBlur, spoken }
}
