import type { Topology } from '../types'

/**
 * Whether what has no flow is known to carry nothing: not where scraping has ended, and not where no pair of the
 * mesh was ever measured, since idle pairs keep their series.
 */
export function isTrafficKnown({ isMeasured, flows }: Pick<Topology, 'isMeasured' | 'flows'>): boolean {
  return isMeasured && flows.length > 0
}
