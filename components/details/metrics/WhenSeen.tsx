'use client'

import type { ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'

/** Its content only once it comes near the screen: what is far below asks for nothing. Its room is kept meanwhile. */
export function WhenSeen({ minHeight, children }: { minHeight: number; children: ReactNode }) {
  const frame = useRef<HTMLDivElement>(null)
  const [isSeen, setSeen] = useState(false)
  useEffect(() => {
    if (!frame.current) return
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return
        setSeen(true)
        watcher.disconnect()
      },
      { rootMargin: '160px' },
    )
    watcher.observe(frame.current)
    return () => watcher.disconnect()
  }, [])
  return (
    <div ref={frame} style={isSeen ? undefined : { minHeight }}>
      {isSeen ? children : null}
    </div>
  )
}
