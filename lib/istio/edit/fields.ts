/**
 * Places in an object of configuration, read and changed without touching anything else: fields that are not named
 * stay, and so does the order of keys.
 */

export type Fields = Readonly<Record<string, unknown>>
/** Keys from the root to a place: `['spec', 'http', 0, 'timeout']`. */
export type Path = readonly (string | number)[]

const NONE: Fields = Object.freeze({})

/** The value as a record; anything else reads as an empty one. */
export function asFields(value: unknown): Fields {
  return isFields(value) ? value : NONE
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** What is at the place; undefined when any part of the way is missing. */
export function getAt(root: unknown, path: Path): unknown {
  let at = root
  for (const part of path) {
    if (Array.isArray(at)) at = typeof part === 'number' ? at[part] : undefined
    else at = isFields(at) && Object.hasOwn(at, part) ? at[part] : undefined
  }
  return at
}

/**
 * The root with another value at the place; undefined removes it, and with it the records that are left empty by
 * that. What is missing on the way is made: records for names, lists for numbers.
 */
export function setAt<T>(root: T, path: Path, value: unknown): T {
  const [part, ...rest] = path
  // a whole root is replaced by its own kind only
  if (part === undefined) return value as T
  if (value === undefined && getAt(root, path) === undefined) return root
  const next = rest.length === 0 ? value : setAt(childOf(root, part, rest), rest, value)
  if (typeof part === 'number') {
    const list = [...asList(root)]
    if (next === undefined) list.splice(part, 1)
    else list[part] = next
    return list as T
  }
  const isEmptied = value === undefined && isFields(next) && Object.keys(next).length === 0
  return withField(asFields(root), part, isEmptied ? undefined : next) as T
}

function childOf(root: unknown, part: string | number, rest: Path): unknown {
  const child = getAt(root, [part])
  if (child !== undefined && child !== null) return child
  return typeof rest[0] === 'number' ? [] : {}
}

/** Names come from texts people write: `__proto__` must become a field and nothing else. */
function withField(record: Fields, name: string | number, value: unknown): Fields {
  const entries = Object.entries(record)
  const key = String(name)
  const place = entries.findIndex(([each]) => each === key)
  if (value === undefined) return fromEntries(entries.filter(([each]) => each !== key))
  return fromEntries(place < 0 ? [...entries, [key, value]] : entries.with(place, [key, value]))
}

export function fromEntries(entries: readonly (readonly [string, unknown])[]): Fields {
  return Object.fromEntries(entries)
}

/** Equal as JSON: the order of keys says nothing, the order of a list does. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  }
  if (!isFields(a) || !isFields(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  )
}
