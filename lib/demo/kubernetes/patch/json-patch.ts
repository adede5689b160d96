import { deepEqual, isRecord } from '../json'
import { PatchError } from './patch-error'

const MAX_OPERATIONS = 10_000

/**
 * The document after a JSON Patch; the given one is left as it is.
 * Throws PatchError when an operation is malformed, its path does not exist or a test fails.
 * Format: RFC 6902
 */
export function applyJsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw new PatchError('a JSON patch is a list of operations', true)
  if (patch.length > MAX_OPERATIONS) {
    throw new PatchError(
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`,
      true,
    )
  }
  return patch.reduce<unknown>((current, operation) => applyOperation(current, operation), document)
}

function applyOperation(document: unknown, operation: unknown): unknown {
  if (!isRecord(operation)) throw new PatchError('a JSON patch operation is an object', true)
  const { op, path, from } = operation
  if (typeof path !== 'string') throw new PatchError('a JSON patch operation needs a path', true)
  const parts = pointer(path)
  switch (op) {
    case 'add':
      return insert(document, parts, given(operation), path)
    case 'remove':
      return removeAt(document, parts, path)
    case 'replace':
      valueAt(document, parts, path)
      return parts.length === 0
        ? given(operation)
        : insert(removeAt(document, parts, path), parts, given(operation), path)
    case 'test':
      if (!deepEqual(valueAt(document, parts, path), given(operation))) {
        throw new PatchError(`testing value ${path} failed: test failed`)
      }
      return document
    case 'move':
    case 'copy': {
      if (typeof from !== 'string') throw new PatchError(`a JSON patch ${op} needs from`, true)
      const value = valueAt(document, pointer(from), from)
      if (op === 'copy') return insert(document, parts, value, path)
      if (path.startsWith(`${from}/`)) throw new PatchError(`cannot move ${from} into itself`)
      return insert(removeAt(document, pointer(from), from), parts, value, path)
    }
    default:
      throw new PatchError(`Unexpected kind: ${String(op)}`, true)
  }
}

function given(operation: Record<string, unknown>): unknown {
  if (!('value' in operation))
    throw new PatchError(`a JSON patch ${String(operation.op)} needs a value`, true)
  return operation.value
}

function pointer(path: string): string[] {
  if (path === '') return []
  if (!path.startsWith('/')) throw new PatchError(`${path} is not a JSON pointer`, true)
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function missing(path: string): PatchError {
  return new PatchError(`the path ${path} does not exist in the object`)
}

function valueAt(document: unknown, parts: readonly string[], path: string): unknown {
  let here = document
  for (const part of parts) here = child(here, part, path)
  return here
}

function child(parent: unknown, part: string, path: string): unknown {
  if (Array.isArray(parent)) return parent[indexOf(parent, part, parent.length - 1, path)]
  if (!isRecord(parent) || !Object.hasOwn(parent, part)) throw missing(path)
  return parent[part]
}

function indexOf(list: readonly unknown[], part: string, highest: number, path: string): number {
  const index = part === '-' ? list.length : /^(0|[1-9]\d*)$/.test(part) ? Number(part) : NaN
  if (Number.isNaN(index) || index > highest) throw missing(path)
  return index
}

function insert(document: unknown, parts: readonly string[], value: unknown, path: string): unknown {
  const [part, ...rest] = parts
  if (part === undefined) return value
  if (Array.isArray(document)) {
    if (rest.length > 0) {
      const index = indexOf(document, part, document.length - 1, path)
      return document.with(index, insert(document[index], rest, value, path))
    }
    return document.toSpliced(indexOf(document, part, document.length, path), 0, value)
  }
  if (!isRecord(document)) throw missing(path)
  if (rest.length === 0) return withField(document, part, value)
  return withField(document, part, insert(child(document, part, path), rest, value, path))
}

function removeAt(document: unknown, parts: readonly string[], path: string): unknown {
  const [part, ...rest] = parts
  if (part === undefined) throw new PatchError('the whole document cannot be removed')
  const old = child(document, part, path)
  if (Array.isArray(document)) {
    const index = Number(part)
    return rest.length === 0 ? document.toSpliced(index, 1) : document.with(index, removeAt(old, rest, path))
  }
  const record = document as Record<string, unknown>
  if (rest.length > 0) return withField(record, part, removeAt(old, rest, path))
  const { [part]: _removed, ...others } = record
  return others
}

/** Fields come from requests: `__proto__` must become a field and nothing else. */
function withField(record: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const next = { ...record }
  Object.defineProperty(next, name, { value, enumerable: true, configurable: true, writable: true })
  return next
}
