/** Notices that pages act on, by their code. */
import type { Notice } from './schemas/common'

/** An answer without quantiles, and so without what is judged by them: neither is there nothing slow, nor is all of it. */
export const LATENCY_PENDING = 'latency-pending'

/** Quantiles of the whole mesh were too dear: means stand for all, or for what nobody looks at. */
export const LATENCY_MEAN_ONLY = 'latency-mean-only'
export const LATENCY_IN_VIEW_ONLY = 'latency-in-view-only'

/** Prometheus has never answered, scrapes nothing of the mesh any more, or has nothing of it that can be read: what is listed are objects without figures. */
export const NOT_MEASURED = 'prometheus-not-measured'

/** Whether there is no traffic in an answer because nobody could measure it. */
export function isUnmeasured(notices: readonly Notice[] | undefined): boolean {
  return notices?.some(({ code }) => code === NOT_MEASURED) ?? false
}

const PARTIAL = new Set(['kinds-forbidden', 'findings-cut', 'alerts-cut'])

/** Whether more may have been found than is listed: by checks that do not see all they look at, or of a list that was cut. */
export function isPartial(notices: readonly Notice[] | undefined): boolean {
  return notices?.some(({ code }) => PARTIAL.has(code)) ?? false
}

/** What is said of objects that were never read: without them, none is not known to be none. */
export function findUnread(notices: readonly Notice[] | undefined): Notice | undefined {
  return notices?.find(({ code }) => code === 'kubernetes-not-configured' || code === 'kubernetes-not-read')
}
