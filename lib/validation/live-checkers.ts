/** Which checkers can speak of a live cluster by what Heddle keeps of it. */
import { ALL_CHECKERS } from './all-checkers'
import { networks } from './checkers/multicluster/networks'
import { consistentServices } from './checkers/multicluster/services'
import type { Checker } from './finding'

/** Left out: what needs all Secrets (never listed), and what is about several clusters, checked over all at once. */
const LEFT_OUT: ReadonlySet<Checker> = new Set([networks, consistentServices])

/** Of one cluster. */
export const LIVE_CHECKERS: readonly Checker[] = ALL_CHECKERS.filter((one) => !LEFT_OUT.has(one))

/** Of the services of all clusters together. */
export const ACROSS_CHECKERS: readonly Checker[] = [consistentServices]
