'use client'

import { useEffect } from 'react'

/** How long a dialog may take to leave: a second, where frames are drawn as they should be. */
const MOST_FRAMES = 60

/**
 * Gives the focus back to what had it when a dialog opened, where closing would leave it nowhere: a dialog that is made
 * when it opens has not seen who had it.
 */
export function useFocusBack(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return
    const before = document.activeElement
    return () => {
      const atClose = document.activeElement
      let frames = MOST_FRAMES
      const giveBack = () => {
        const now = document.activeElement
        const isNowhere = now === null || now === document.body || (now === atClose && now !== before)
        if (isNowhere && before instanceof HTMLElement && before.isConnected) {
          before.focus({ preventScroll: true })
        }
        // closed as soon as it was open, a dialog takes the focus while it leaves, and takes it along
        frames -= 1
        const mayBeTaken = isNowhere || now === before || now.closest('[role="dialog"]') !== null
        if (frames > 0 && mayBeTaken) requestAnimationFrame(giveBack)
      }
      // what closing leads to may take the focus first
      requestAnimationFrame(giveBack)
    }
  }, [isOpen])
}
