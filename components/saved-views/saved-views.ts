/** Views a person has named: what they are, how they are kept as text, what of a text can be trusted. Pure. */

export interface SavedView {
  /** unique, whatever its case */
  name: string
  /** path and query of a page of Heddle */
  path: string
  /** epoch milliseconds */
  savedAt: number
}

export const LONGEST_NAME = 80
export const MOST_VIEWS = 200
const LONGEST_PATH = 8_000
const VERSION = 1

export interface ReadViews {
  views: SavedView[]
  /** entries that are no views, or too many */
  dropped: number
  /** true: the text is not what Heddle writes, or of a later version */
  isUnreadable: boolean
}

/** The views of a text, as it stands in storage or in a file; nothing in it is believed unchecked. */
export function readViews(text: string | null): ReadViews {
  if (text === null || text === '') return { views: [], dropped: 0, isUnreadable: false }
  const given = parsed(text)
  if (typeof given !== 'object' || given === null) return UNREADABLE
  const { version, views } = given as { version?: unknown; views?: unknown }
  if (version !== VERSION || !Array.isArray(views)) return UNREADABLE
  const read: SavedView[] = []
  for (const each of views as unknown[]) {
    const view = viewOf(each)
    if (view && read.length < MOST_VIEWS && !named(read, view.name)) read.push(view)
  }
  return { views: read, dropped: views.length - read.length, isUnreadable: false }
}

const UNREADABLE: ReadViews = { views: [], dropped: 0, isUnreadable: true }

export function writeViews(views: readonly SavedView[]): string {
  return JSON.stringify({ version: VERSION, views }, null, 2)
}

/** Whether an address is one of Heddle's pages: links that people exchange must lead nowhere else. */
export function isOwnPath(path: string): boolean {
  if (path.length > LONGEST_PATH || !/^\/[a-z]/.test(path) || path.startsWith('/api/')) return false
  // browsers read a backslash as a slash and skip control characters
  return !/[\\\u0000-\u001f\u007f]/.test(path)
}

/** Why a name cannot be given; null when it can. A view of this name is replaced, which is the caller's to say. */
export function problemOfName(name: string, views: readonly SavedView[]): string | null {
  const plain = name.trim()
  if (plain === '') return 'Give it a name'
  if (plain.length > LONGEST_NAME) return `At most ${LONGEST_NAME} letters`
  if (views.length >= MOST_VIEWS && !named(views, plain)) return `At most ${MOST_VIEWS} views are kept`
  return null
}

export function named(views: readonly SavedView[], name: string): SavedView | undefined {
  const plain = name.trim().toLowerCase()
  return views.find((view) => view.name.toLowerCase() === plain)
}

/** With this view, in the place of one of its name; newest first. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  return [{ ...view, name: view.name.trim() }, ...without(views, view.name)]
}

export function without(views: readonly SavedView[], name: string): SavedView[] {
  const gone = named(views, name)
  return views.filter((view) => view !== gone)
}

/** A view under another name, where it stands. */
export function renamed(views: readonly SavedView[], name: string, to: string): SavedView[] {
  const view = named(views, name)
  return views.map((each) => (each === view ? { ...each, name: to.trim() } : each))
}

export interface Merged {
  views: SavedView[]
  added: number
  /** there already, under the same name */
  same: number
  /** beyond what is kept */
  left: number
}

/** Views of a file beside one's own: of two of one name that differ the new one gets a number. */
export function merged(views: readonly SavedView[], incoming: readonly SavedView[]): Merged {
  const result: Merged = { views: [...views], added: 0, same: 0, left: 0 }
  for (const view of incoming) {
    if (named(result.views, view.name)?.path === view.path) result.same += 1
    else if (result.views.length >= MOST_VIEWS) result.left += 1
    else {
      result.views.push({ ...view, name: freeName(result.views, view.name) })
      result.added += 1
    }
  }
  return result
}

function freeName(views: readonly SavedView[], name: string): string {
  if (!named(views, name)) return name
  for (let number = 2; ; number += 1) {
    const end = ` (${number})`
    const tried = name.slice(0, LONGEST_NAME - end.length) + end
    if (!named(views, tried)) return tried
  }
}

function viewOf(given: unknown): SavedView | null {
  if (typeof given !== 'object' || given === null) return null
  const { name, path, savedAt } = given as Record<string, unknown>
  if (typeof name !== 'string' || typeof path !== 'string') return null
  const plain = name.trim()
  if (plain === '' || plain.length > LONGEST_NAME || !isOwnPath(path)) return null
  return { name: plain, path, savedAt: typeof savedAt === 'number' && savedAt > 0 ? savedAt : 0 }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
