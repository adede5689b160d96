'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { ApiFailure } from '@/lib/api/fetch'
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

/**
 * What the masthead says of an answer. `failure`: newer figures could not be had, or why; `notices`: what came with
 * those that stand there. That there is no such thing is an answer, too: it has no age and nothing is late.
 */
export function freshnessOf(
  at: number | null,
  isFetching: boolean,
  failure: Error | boolean | null,
  notices?: readonly Notice[],
): Freshness {
  if (at === null && failure instanceof ApiFailure && failure.status === 404) return NOTHING
  // objects alone have an age of their own, which is not that of figures
  const measuredAt = isUnmeasured(notices) ? null : at
  return {
    at: measuredAt,
    isFetching,
    isBehind: (failure !== null && failure !== false) || areOld(notices),
    isReported: true,
  }
}

/** Tells the masthead how old the page is; parameters as of `freshnessOf`. */
export function useReportFreshness(...answer: Parameters<typeof freshnessOf>): void {
  const { at, isFetching, isBehind, isReported } = freshnessOf(...answer)
  useEffect(() => {
    publish({ at, isFetching, isBehind, isReported })
    return () => publish(NOTHING)
  }, [at, isFetching, isBehind, isReported])
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
