import { isRecord } from '../json'

/** The document after a JSON Merge Patch: null removes, objects merge, all else replaces. Format: RFC 7386 */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch
  const next = new Map(isRecord(document) ? Object.entries(document) : [])
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) next.delete(key)
    else next.set(key, applyMergePatch(next.get(key), value))
  }
  return Object.fromEntries(next)
}
