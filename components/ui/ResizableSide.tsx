'use client'

import type { KeyboardEvent, PointerEvent, ReactNode } from 'react'
import { useTaste } from '@/components/hooks/use-taste'
import classes from './ResizableSide.module.css'

const LEAST = 300
const MOST = 720
const INITIAL = 380
const STEP = 24

/** Content with a panel at its right that takes room instead of covering it; its width is remembered. */
export function ResizableSide({
  name,
  label,
  side,
  isOfWide = false,
  children,
}: {
  name: string
  label: string
  side: ReactNode
  /** left out of a narrow window by its styles alone: the server does not know how wide one is */
  isOfWide?: boolean
  children: ReactNode
}) {
  const [width, setWidth] = useTaste(`${name}.width`, INITIAL)
  const set = (next: number) => setWidth(Math.round(Math.min(MOST, Math.max(LEAST, next))))
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    const grip = event.currentTarget
    grip.setPointerCapture(event.pointerId)
    const from = event.clientX
    const move = (at: globalThis.PointerEvent) => set(width + from - at.clientX)
    grip.addEventListener('pointermove', move)
    grip.addEventListener('lostpointercapture', () => grip.removeEventListener('pointermove', move), {
      once: true,
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft') set(width + STEP)
    else if (event.key === 'ArrowRight') set(width - STEP)
    else if (event.key === 'Home') set(MOST)
    else if (event.key === 'End') set(LEAST)
    else return
    event.preventDefault()
  }
  return (
    <div className={classes.frame}>
      <div className={classes.content}>{children}</div>
      {side ? (
        <aside
          className={classes.side}
          data-of-wide={isOfWide || undefined}
          style={{ width: `min(${width}px, 46vw)` }}
          aria-label={label}
        >
          <div
            className={classes.grip}
            role="separator"
            aria-orientation="vertical"
            aria-label="Width of the panel"
            aria-valuenow={width}
            aria-valuemin={LEAST}
            aria-valuemax={MOST}
            tabIndex={0}
            onPointerDown={onPointerDown}
            onKeyDown={onKeyDown}
          />
          {side}
        </aside>
      ) : null}
    </div>
  )
}
