import { ABSENT, formatNumber, isMeasured } from './number'

/** Something per second with its unit: `12.3/s`, `1.20k/s`; absence as `–`. */
export function formatRate(perSecond: number | null | undefined): string {
  return isMeasured(perSecond) ? `${formatNumber(perSecond)}/s` : ABSENT
}
