/** Every page, tab and dialog, in the order of docs/tour.md. */
import { CHANGING } from './sections/changing'
import { FIRST } from './sections/first'
import { THINGS } from './sections/things'
import type { Section, View } from './view'

export const TOUR: readonly Section[] = [...FIRST, ...THINGS, ...CHANGING]
export const VIEWS: readonly View[] = TOUR.flatMap((section) => section.views)
