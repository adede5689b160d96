/** Which checkers can speak of a live cluster by what Heddle keeps of it. */
import { ALL_CHECKERS } from './all-checkers'
import { consistentServices } from './checkers/multicluster/services'
import type { Checker } from './finding'

/** Of one cluster: all but what is about several, which is checked over all of them at once. */
export const LIVE_CHECKERS: readonly Checker[] = ALL_CHECKERS.filter((one) => one !== consistentServices)

/** Of the services of all clusters together. */
export const ACROSS_CHECKERS: readonly Checker[] = [consistentServices]
