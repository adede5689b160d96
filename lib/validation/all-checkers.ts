import { shape } from './checkers/schema/shape'
import { CHECKERS } from './checkers'
import type { Checker } from './finding'

/** All checkers, with the one whose schemas are too heavy for a browser. */
export const ALL_CHECKERS: readonly Checker[] = [...CHECKERS, shape]
