'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { isUnmeasured } from '@/lib/api/notice-codes'
import type { Notice } from '@/lib/api/schemas/common'

/** How old what stands on the page is; the page says it, the masthead shows it. */
export interface Freshness {
  /** instant the figures were measured at, epoch milliseconds; null before the first answer */
  at: number | null
  isFetching: boolean
  /** true when newer figures should be here and are not */
  isBehind: boolean
  /** false on pages without figures */
  isReported: boolean
}

const NOTHING: Freshness = { at: null, isFetching: false, isBehind: false, isReported: false }
let current = NOTHING
const listeners = new Set<() => void>()

/** Codes of notices that come with the last figures instead of new ones. */
const IS_OLD = /^prometheus-(?!partial$)/

/** True when figures that come with these notices are the last that could be had. */
export function areOld(notices: readonly Notice[] | undefined): boolean {
  return notices?.some(({ code }) => IS_OLD.test(code)) ?? false
}

/** `hasFailed`: newer figures could not be had; `notices`: what came with those that stand there. */
export function useReportFreshness(
  at: number | null,
  isFetching: boolean,
  hasFailed: boolean,
  notices?: readonly Notice[],
): void {
  const isBehind = hasFailed || areOld(notices)
  // objects alone have an age of their own, which is not that of figures
  const measuredAt = isUnmeasured(notices) ? null : at
  useEffect(() => {
    publish({ at: measuredAt, isFetching, isBehind, isReported: true })
    return () => publish(NOTHING)
  }, [measuredAt, isFetching, isBehind])
}

export function useFreshness(): Freshness {
  return useSyncExternalStore(
    subscribe,
    () => current,
    () => NOTHING,
  )
}

function publish(next: Freshness): void {
  current = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
