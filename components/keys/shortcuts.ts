/** The keys that work on every page. One table: it binds them, and the help is made from it. */
import { NAVIGATION } from '@/components/layout/navigation'

/** Name of the taste that turns keys without Ctrl off: a voice or a sleeve may press them unmeant. */
export const SINGLE_KEYS = 'keys.single'

interface Shortcut {
  /** names of `nameOfKey`, pressed one after the other */
  keys: readonly string[]
  does: ShortcutId
  words: string
  /** true: also while typing */
  inFields?: true
}

export type ShortcutId =
  'palette' | 'help' | 'pause' | 'time' | 'live' | 'earlier' | 'later' | 'share' | 'views' | `go ${string}`

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: ['mod+k'], does: 'palette', words: 'Find anything: objects, pages, actions', inFields: true },
  { keys: ['?'], does: 'help', words: 'Show these keys' },
  { keys: ['p'], does: 'pause', words: 'Pause or resume refreshing' },
  { keys: ['t'], does: 'time', words: 'Choose the time' },
  { keys: ['['], does: 'earlier', words: 'The time before, of the same length' },
  { keys: [']'], does: 'later', words: 'The time after' },
  { keys: ['l'], does: 'live', words: 'Back to live' },
  { keys: ['s'], does: 'share', words: 'Copy a link to this view at this instant' },
  { keys: ['v'], does: 'views', words: 'Saved views' },
]

export const GO_TO: readonly Shortcut[] = NAVIGATION.map(({ key, name, path }) => ({
  keys: ['g', key],
  does: `go ${path}`,
  words: name,
}))
