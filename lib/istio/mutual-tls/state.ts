/** How a workload or port stands, in one word: what a list is sorted, filtered and counted by. */
import type { MtlsMode } from '../mtls'
import type { Meeting } from './handshake'

/** Worst first. */
export const MTLS_STATES = ['broken', 'plaintext', 'open', 'permissive', 'strict'] as const

/**
 * `broken`: configuration turns callers away (a DestinationRule that does not fit the mode); `plaintext`: plain text
 * was seen; `open`: nothing takes mutual TLS here, nor was a call seen; `permissive`: plain text would be taken, none
 * was seen; `strict`: mutual TLS only.
 */
export type MtlsState = (typeof MTLS_STATES)[number]

/** The state of a workload or port, by its mode in truth and what was seen of its traffic; null: not known. */
export function mtlsState(of: {
  effective: { mode: MtlsMode | null }
  clients: readonly { source: unknown; meeting: Meeting }[] | null
  podsWithoutProxy: readonly string[]
  /** null: not known */
  mtlsRatio: number | null
  plaintextCallers: readonly unknown[] | null
}): MtlsState | null {
  // callers without a proxy are refused by every STRICT: that is its point, not a fault
  if (of.clients?.some(({ source, meeting }) => source !== null && meeting === 'broken')) return 'broken'
  if ((of.mtlsRatio ?? 1) < 1 || (of.plaintextCallers ?? []).length > 0) return 'plaintext'
  if (of.effective.mode === null) return null
  if (of.effective.mode === 'DISABLE') return 'open'
  return of.effective.mode === 'STRICT' && of.podsWithoutProxy.length === 0 ? 'strict' : 'permissive'
}

/** The worst of several; null for none. */
export function worstState(states: Iterable<MtlsState>): MtlsState | null {
  const all = new Set(states)
  return MTLS_STATES.find((state) => all.has(state)) ?? null
}
