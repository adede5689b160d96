/** What takes a change back. */

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
  op: 'create' | 'update' | 'delete'
  ref: Ref
  object?: Record<string, unknown>
  /** the object as the change left it: another one by now is a conflict */
  base?: Record<string, unknown>
  resourceVersion?: string
}

/** States start at 1: with this one the content decides whether somebody changed the object since. */
const NO_STATE = '0'

/** The inverse of what was applied, last first; empty when nothing was. */
export function invert<Ref>(objects: readonly DoneObject<Ref>[]): InverseItem<Ref>[] {
  return objects
    .filter(({ status }) => status === 'applied')
    .toReversed()
    .map(({ ref, resourceVersion, before, after }): InverseItem<Ref> => {
      if (after === null) return { op: 'create', ref, object: { ...before } }
      const left = { base: { ...after }, resourceVersion: resourceVersion ?? NO_STATE }
      return before === null
        ? { op: 'delete', ref, ...left }
        : { op: 'update', ref, object: { ...before }, ...left }
    })
}
