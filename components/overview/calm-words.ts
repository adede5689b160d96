import { formatDate } from '@/lib/units/date'
import { formatWindow } from '@/lib/units/window'

/**
 * What no incident means: nothing is wrong now, or nothing was when the mesh could last be measured, or nothing was
 * measured at all, which is not the same. `isKnown`: that nothing is wrong is known.
 */
export function calmWords({
  at,
  isOld,
  measured,
  windowSeconds,
  timeZone,
}: {
  at: number
  isOld: boolean
  /** workloads that carried traffic */
  measured: number
  windowSeconds: number
  timeZone: string
}): { isKnown: boolean; words: string } {
  const last = `when the mesh was last measured, ${formatDate(at, { timeZone })}`
  if (measured === 0) {
    return {
      isKnown: false,
      words: isOld
        ? `Whether anything is wrong is not known: there was no traffic ${last}.`
        : `Whether anything is wrong is not known: no traffic was measured over the last ${formatWindow(windowSeconds)}. Either nothing was sent, or Prometheus does not scrape the proxies.`,
    }
  }
  return isOld
    ? { isKnown: false, words: `Whether anything is wrong is not known. Nothing was ${last}.` }
    : { isKnown: true, words: 'Nothing is wrong: no node fails or is slower than usual.' }
}
