/**
 * Forms over objects of configuration: each field of a form is bound to a place, and only the fields whose value
 * differs from what the object says are written. So writing back what was read changes nothing, whatever the object
 * holds beside it.
 */
import { asList, fromEntries, getAt, isFields, isSame, setAt, type Fields, type Path } from './fields'

export interface Binding<T> {
  /** where the value is, from the root of the form; a finding there belongs to this field */
  path: Path
  read(root: Fields): T
  /** called only with another value than `read` gives */
  write(root: Fields, value: T): Fields
}

export type Bindings = Readonly<Record<string, Binding<unknown>>>
export type ValueOf<B> = B extends { read(root: Fields): infer T } ? T : never
export type FormOf<B> = { [K in keyof B]: ValueOf<B[K]> }

/** The form's values as the object has them. */
export function readForm<B extends Bindings>(bindings: B, root: unknown): FormOf<B> {
  const fields = isFields(root) ? root : {}
  const values = Object.entries(bindings).map(([name, binding]) => [name, binding.read(fields)] as const)
  // the keys are those of the bindings, the values what each of them reads
  return fromEntries(values) as FormOf<B>
}

/** The object with the form's values; fields that say what they said before are not written. */
export function writeForm<B extends Bindings>(bindings: B, root: unknown, form: FormOf<B>): Fields {
  const before = readForm(bindings, root)
  let next: Fields = isFields(root) ? root : {}
  for (const [name, binding] of Object.entries(bindings)) {
    const value = form[name]
    if (!isSame(value, before[name])) next = binding.write(next, value)
  }
  return next
}

/** A text; empty is absent. */
export function textAt(...path: Path): Binding<string> {
  return {
    path,
    read: (root) => {
      const value = getAt(root, path)
      return typeof value === 'string' ? value : ''
    },
    write: (root, value) => setAt(root, path, value === '' ? undefined : value),
  }
}

/** A number; null is absent. */
export function numberAt(...path: Path): Binding<number | null> {
  return {
    path,
    read: (root) => {
      const value = getAt(root, path)
      return typeof value === 'number' ? value : null
    },
    write: (root, value) => setAt(root, path, value ?? undefined),
  }
}

/** A switch that is off when absent, and absent when off. */
export function flagAt(...path: Path): Binding<boolean> {
  return {
    path,
    read: (root) => getAt(root, path) === true,
    write: (root, value) => setAt(root, path, value ? true : undefined),
  }
}

/** Texts in order; none is absent. */
export function textsAt(...path: Path): Binding<string[]> {
  return {
    path,
    read: (root) => asList(getAt(root, path)).filter((each): each is string => typeof each === 'string'),
    write: (root, value) => setAt(root, path, value.length === 0 ? undefined : value),
  }
}

/** Names with texts in order, such as labels; an entry without name is not written. */
export function textMapAt(...path: Path): Binding<[string, string][]> {
  return {
    path,
    read: (root) => {
      const value = getAt(root, path)
      return Object.entries(isFields(value) ? value : {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      )
    },
    write: (root, value) => {
      const named = value.filter(([name]) => name !== '')
      return setAt(root, path, named.length === 0 ? undefined : fromEntries(named))
    },
  }
}

/** A part that is there or not (null), with fields of its own; `fresh` is what a new one begins with. */
export function sectionAt<B extends Bindings>(
  path: Path,
  bindings: B,
  fresh: Fields = {},
): Binding<FormOf<B> | null> {
  return {
    path,
    read: (root) => {
      const value = getAt(root, path)
      return isFields(value) ? readForm(bindings, value) : null
    },
    write: (root, value) => {
      if (value === null) return setAt(root, path, undefined)
      const before = getAt(root, path)
      return setAt(root, path, writeForm(bindings, isFields(before) ? before : fresh, value))
    },
  }
}

/** An item of a list: `origin` is its place in the object as it was read, null for a new one. */
export type Item<F> = F & { origin: number | null }

/** A list of parts; items keep what the form does not show, wherever they are moved to. */
export function listAt<B extends Bindings>(
  path: Path,
  bindings: B,
  fresh: Fields = {},
): Binding<Item<FormOf<B>>[]> {
  return {
    path,
    read: (root) =>
      asList(getAt(root, path)).map((item, origin) => ({ ...readForm(bindings, item), origin })),
    write: (root, value) => {
      const before = asList(getAt(root, path))
      const items = value.map(({ origin, ...form }) => {
        const from = origin === null ? fresh : (before[origin] ?? fresh)
        // without `origin` these are the fields of the bindings
        return writeForm(bindings, from, form as unknown as FormOf<B>)
      })
      return setAt(root, path, items.length === 0 ? undefined : items)
    },
  }
}
