'use client'

import { useSyncExternalStore } from 'react'

let isPrinted = false

/** Whether the page is about to be printed: what is drawn only where it is seen is drawn whole. */
export function usePrinted(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isPrinted,
    () => false,
  )
}

function subscribe(listener: () => void): () => void {
  const begin = () => {
    isPrinted = true
    listener()
  }
  const end = () => {
    isPrinted = false
    listener()
  }
  window.addEventListener('beforeprint', begin)
  window.addEventListener('afterprint', end)
  return () => {
    window.removeEventListener('beforeprint', begin)
    window.removeEventListener('afterprint', end)
  }
}
