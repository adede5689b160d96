/** Notices that pages act on, by their code. */
import type { Notice } from './schemas/common'

/** An answer without quantiles, and so without what is judged by them: neither is there nothing slow, nor is all of it. */
export const LATENCY_PENDING = 'latency-pending'

/** Prometheus has never answered: what is listed are objects, and no figure was measured at any time. */
export const NOT_MEASURED = 'prometheus-not-measured'

/** Whether there is no traffic in an answer because nobody could measure it. */
export function isUnmeasured(notices: readonly Notice[] | undefined): boolean {
  return notices?.some(({ code }) => code === NOT_MEASURED) ?? false
}

/** What is said of objects that were never read: without them, none is not known to be none. */
export function findUnread(notices: readonly Notice[] | undefined): Notice | undefined {
  return notices?.find(({ code }) => code === 'kubernetes-not-configured' || code === 'kubernetes-not-read')
}
