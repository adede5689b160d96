/** RFC 6902: applying a JSON patch, and the patch that leads from one document to another. */

export type JsonPatchOperation =
  | { op: 'add' | 'replace' | 'test'; path: string; value: unknown }
  | { op: 'remove'; path: string }
  | { op: 'move' | 'copy'; path: string; from: string }

type Fields = Record<string, unknown>

class NotApplicable extends Error {}

/**
 * The document after all operations, or why one of them does not fit and which. The document given is left as it is.
 * https://www.rfc-editor.org/rfc/rfc6902
 */
export function applyJsonPatch(
  document: unknown,
  patch: readonly JsonPatchOperation[],
): { value: unknown } | { problem: string; index: number } {
  let value = document
  for (const [index, operation] of patch.entries()) {
    try {
      value = applyOperation(value, operation)
    } catch (error) {
      if (!(error instanceof NotApplicable)) throw error
      return { problem: error.message, index }
    }
  }
  return { value }
}

function applyOperation(document: unknown, operation: JsonPatchOperation): unknown {
  const path = parsePointer(operation.path)
  switch (operation.op) {
    case 'add':
      return insert(document, path, operation.value, operation.path)
    case 'remove':
      return removeAt(document, path, operation.path)
    case 'replace':
      lookUp(document, path, operation.path)
      return path.length === 0
        ? operation.value
        : insert(removeIfListed(document, path, operation.path), path, operation.value, operation.path)
    case 'test':
      if (!isEqual(lookUp(document, path, operation.path), operation.value)) {
        throw new NotApplicable(`the value at ${shown(operation.path)} is another`)
      }
      return document
    case 'copy':
      return insert(
        document,
        path,
        lookUp(document, parsePointer(operation.from), operation.from),
        operation.path,
      )
    case 'move': {
      if (`${operation.path}/`.startsWith(`${operation.from}/`) && operation.path !== operation.from) {
        throw new NotApplicable(`${shown(operation.from)} cannot be moved into itself`)
      }
      const from = parsePointer(operation.from)
      const value = lookUp(document, from, operation.from)
      return insert(removeAt(document, from, operation.from), path, value, operation.path)
    }
  }
}

/** In a list a replaced element goes before the new one is put in; a field is overwritten where it stands. */
function removeIfListed(document: unknown, path: readonly string[], pointer: string): unknown {
  const parent = lookUp(document, path.slice(0, -1), pointer)
  return Array.isArray(parent) ? removeAt(document, path, pointer) : document
}

/** Throws NotApplicable for text that is no JSON pointer (RFC 6901). */
function parsePointer(pointer: string): string[] {
  if (pointer === '') return []
  if (!pointer.startsWith('/')) throw new NotApplicable(`${shown(pointer)} is no JSON pointer`)
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function lookUp(document: unknown, path: readonly string[], pointer: string): unknown {
  let at = document
  for (const part of path) {
    if (Array.isArray(at)) at = at[indexIn(at, part, at.length - 1, pointer)]
    else if (isFields(at) && Object.hasOwn(at, part)) at = at[part]
    else throw missing(pointer)
  }
  return at
}

function indexIn(list: readonly unknown[], part: string, highest: number, pointer: string): number {
  const index = /^(0|[1-9]\d{0,9})$/.test(part) ? Number(part) : Number.NaN
  if (!(index <= highest)) throw missing(pointer)
  return index
}

function insert(document: unknown, path: readonly string[], value: unknown, pointer: string): unknown {
  const [part, ...rest] = path
  if (part === undefined) return value
  if (Array.isArray(document)) {
    if (rest.length > 0) {
      const index = indexIn(document, part, document.length - 1, pointer)
      return document.with(index, insert(document[index], rest, value, pointer))
    }
    return document.toSpliced(
      part === '-' ? document.length : indexIn(document, part, document.length, pointer),
      0,
      value,
    )
  }
  if (!isFields(document)) throw missing(pointer)
  if (rest.length === 0) return withField(document, part, value)
  if (!Object.hasOwn(document, part)) throw missing(pointer)
  return withField(document, part, insert(document[part], rest, value, pointer))
}

function removeAt(document: unknown, path: readonly string[], pointer: string): unknown {
  const [part, ...rest] = path
  if (part === undefined) throw new NotApplicable('the whole object cannot be removed')
  if (Array.isArray(document)) {
    const index = indexIn(document, part, document.length - 1, pointer)
    return rest.length === 0
      ? document.toSpliced(index, 1)
      : document.with(index, removeAt(document[index], rest, pointer))
  }
  if (!isFields(document) || !Object.hasOwn(document, part)) throw missing(pointer)
  if (rest.length > 0) return withField(document, part, removeAt(document[part], rest, pointer))
  const { [part]: _removed, ...others } = document
  return others
}

/** Names come from requests: `__proto__` must become a field and nothing else. */
function withField(record: Fields, name: string, value: unknown): Fields {
  const next = { ...record }
  Object.defineProperty(next, name, { value, enumerable: true, configurable: true, writable: true })
  return next
}

function missing(pointer: string): NotApplicable {
  return new NotApplicable(`there is nothing at ${shown(pointer)}`)
}

function shown(pointer: string): string {
  return JSON.stringify(pointer.length > 200 ? `${pointer.slice(0, 200)}…` : pointer)
}

/**
 * A patch that turns `before` into `after` and names nothing else: fields one by one, lists item by item between
 * their common beginning and end.
 */
export function diffJson(before: unknown, after: unknown, path = ''): JsonPatchOperation[] {
  if (isEqual(before, after)) return []
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path)
  if (!isFields(before) || !isFields(after)) return [{ op: 'replace', path, value: after }]
  const at = (name: string) => `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
  return [
    ...Object.keys(before)
      .filter((name) => !Object.hasOwn(after, name))
      .map((name): JsonPatchOperation => ({ op: 'remove', path: at(name) })),
    ...Object.entries(after).flatMap(([name, value]): JsonPatchOperation[] =>
      Object.hasOwn(before, name)
        ? diffJson(before[name], value, at(name))
        : [{ op: 'add', path: at(name), value }],
    ),
  ]
}

function diffLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): JsonPatchOperation[] {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  let end = 0
  if (before.length !== after.length) {
    while (start < shorter && isEqual(before[start], after[start])) start += 1
    while (end < shorter - start && isEqual(before.at(-1 - end), after.at(-1 - end))) end += 1
  }
  const [gone, come] = [before.length - end, after.length - end]
  const both = Math.min(gone, come)
  const operations: JsonPatchOperation[] = []
  for (let index = start; index < both; index += 1) {
    operations.push(...diffJson(before[index], after[index], `${path}/${index}`))
  }
  // from the back, so that no removal moves the place of the next
  for (let index = gone - 1; index >= both; index -= 1)
    operations.push({ op: 'remove', path: `${path}/${index}` })
  for (let index = both; index < come; index += 1) {
    operations.push({ op: 'add', path: `${path}/${index}`, value: after[index] })
  }
  return operations
}

/** Equal as JSON: the order of fields says nothing, the order of a list does. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => isEqual(item, b[index]))
  }
  if (!isFields(a) || !isFields(b)) return false
  const names = Object.keys(a)
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isEqual(a[name], b[name]))
  )
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
