'use client'

import { useSyncExternalStore } from 'react'

const TICK_MS = 1000
/** What an answer takes on its way is no difference of clocks. */
const SKEW_MS = 10_000
/** what the browser's clock lacks to the server's, whose instants pages show the age of */
let offset = 0
let now = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** The present as the server has it, where the browser's clock is far from it: `Date.now()` of a page. */
export function presentMs(): number {
  return Date.now() + offset
}

/** Takes over the server's clock from an answer that said `serverMs` and came at `receivedMs` by the browser's. */
export function setServerTime(serverMs: number, receivedMs: number): void {
  const difference = serverMs - receivedMs
  const next = Math.abs(difference) > SKEW_MS ? difference : 0
  // an answer later or sooner by a moment must not make ages jump
  if (Math.abs(next - offset) <= SKEW_MS && (next === 0) === (offset === 0)) return
  offset = next
  now = presentMs()
  for (const each of listeners) each()
}

/** The present to the second, one clock for the whole page; 0 on the server. */
export function useNow(): number {
  return useSyncExternalStore(
    subscribe,
    () => now || (now = presentMs()),
    () => 0,
  )
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    now = presentMs()
    for (const each of listeners) each()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
