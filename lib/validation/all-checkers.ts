import { shape } from './checkers/schema/shape'
import { CHECKERS } from './checkers'
import { OWN_CHECKERS } from './own-checkers'
import { KIALI_CHECKERS, OPTIONAL_CHECKERS } from './kiali-checkers'
import type { Checker } from './finding'

/** All checkers, with the one whose schemas are too heavy for a browser. */
export const ALL_CHECKERS: readonly Checker[] = [...CHECKERS, ...KIALI_CHECKERS, ...OWN_CHECKERS, shape]

/** Those that say something only where they are asked to. */
export const EVERY_CHECKER: readonly Checker[] = [...ALL_CHECKERS, ...OPTIONAL_CHECKERS]
