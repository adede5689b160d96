/** What takes a change back. */
import { diffJson, type JsonPatchOperation } from './json-patch'

/** One object of a recorded change. */
export interface DoneObject<Ref> {
  ref: Ref
  status: string
  /** state the change left the object in; null: deleted, or not known */
  resourceVersion: string | null
  /** what people write of the object; null: it does not exist */
  before: Readonly<Record<string, unknown>> | null
  after: Readonly<Record<string, unknown>> | null
}

export interface InverseItem<Ref> {
  op: 'create' | 'update' | 'delete' | 'patch'
  ref: Ref
  object?: Record<string, unknown>
  patch?: JsonPatchOperation[]
  /** the object as the change left it: another one by now is a conflict */
  base?: Record<string, unknown>
  resourceVersion?: string
}

/** States start at 1: with this one the content decides whether somebody changed the object since. */
const NO_STATE = '0'

/**
 * The inverse of what was applied, last first; empty when nothing was, or nothing is known of it. `isPartial`: the
 * states lack what only tools write of an object, so the way back names what differs and leaves the rest.
 */
export function invert<Ref>(objects: readonly DoneObject<Ref>[], isPartial = false): InverseItem<Ref>[] {
  return objects
    .filter(({ status, before, after }) => status === 'applied' && (before !== null || after !== null))
    .toReversed()
    .map(({ ref, resourceVersion, before, after }): InverseItem<Ref> => {
      if (after === null) return { op: 'create', ref, object: { ...before } }
      const left = { base: { ...after }, resourceVersion: resourceVersion ?? NO_STATE }
      if (before === null) return { op: 'delete', ref, ...left }
      return isPartial
        ? { op: 'patch', ref, patch: diffJson(after, before), ...left }
        : { op: 'update', ref, object: { ...before }, ...left }
    })
}
