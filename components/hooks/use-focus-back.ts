'use client'

import { useEffect } from 'react'

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
      // what closing leads to may take the focus first
      requestAnimationFrame(() => {
        const now = document.activeElement
        const isNowhere = now === null || now === document.body || now === atClose
        if (isNowhere && before instanceof HTMLElement && before.isConnected) {
          before.focus({ preventScroll: true })
        }
      })
    }
  }, [isOpen])
}
