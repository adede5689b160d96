/** The one place that decides where an open lock is drawn: on edges of the graph, in lists, in panels. */
import { formatRatio } from '@/lib/units/ratio'
import type { MtlsMode } from '../mtls'

export interface OpenLock {
  /** a sentence for the tooltip */
  words: string
}

/**
 * The exception is marked, not the rule: an open lock where plain text was seen, or where nothing takes mutual TLS.
 * Null where all that was seen is mutual TLS, or nothing is known. Of edges the mode is null.
 */
export function openLock(of: { mtlsRatio: number | null; mode: MtlsMode | null }): OpenLock | null {
  if (of.mtlsRatio !== null && of.mtlsRatio < 1) {
    return {
      words:
        of.mtlsRatio === 0
          ? 'All of its traffic is plain text.'
          : `${formatRatio(1 - of.mtlsRatio)} of its traffic is plain text.`,
    }
  }
  return of.mode === 'DISABLE' ? { words: 'It takes no mutual TLS.' } : null
}
