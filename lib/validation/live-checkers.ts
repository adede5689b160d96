/** Which checkers can speak of a live cluster by what Heddle keeps of it. */
import { ALL_CHECKERS } from './all-checkers'
import { credentials } from './checkers/gateway/credentials'
import { imageAuto } from './checkers/injection/image-auto'
import { networks } from './checkers/multicluster/networks'
import { consistentServices } from './checkers/multicluster/services'
import type { Checker } from './finding'

/**
 * Left out: what is about Secrets (never kept), about webhooks (not watched), and about several clusters, which is
 * checked over all of them at once.
 */
const LEFT_OUT: ReadonlySet<Checker> = new Set([credentials, imageAuto, networks, consistentServices])

/** Of one cluster. */
export const LIVE_CHECKERS: readonly Checker[] = ALL_CHECKERS.filter((one) => !LEFT_OUT.has(one))
