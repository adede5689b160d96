/** The objects of a world by kind, renewed only where they changed. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { append, kindKey, namespaceOf, type KindKey } from '../world'

export interface KindIndex {
  list: readonly ConfigObject[]
  byNamespace: ReadonlyMap<string, readonly ConfigObject[]>
  byName: ReadonlyMap<string, ConfigObject>
}

export interface KindChange {
  added: readonly ConfigObject[]
  removed: readonly ConfigObject[]
}

const NONE: KindIndex = { list: [], byNamespace: new Map(), byName: new Map() }

/** Indexes of all kinds, and what came and went since; objects are the same while they are identical. */
export function indexKinds(
  objects: readonly ConfigObject[],
  before: ReadonlyMap<KindKey, KindIndex>,
): { kinds: Map<KindKey, KindIndex>; changes: Map<KindKey, KindChange> } {
  const lists = new Map<KindKey, ConfigObject[]>()
  for (const object of objects) append(lists, kindKey(object), object)
  const kinds = new Map<KindKey, KindIndex>()
  const changes = new Map<KindKey, KindChange>()
  for (const kind of new Set([...lists.keys(), ...before.keys()])) {
    const list = lists.get(kind) ?? []
    const old = before.get(kind) ?? NONE
    if (list.length === old.list.length && list.every((object, at) => object === old.list[at])) {
      kinds.set(kind, old)
      continue
    }
    kinds.set(kind, indexKind(list, old))
    const now = new Set(list)
    const was = new Set(old.list)
    changes.set(kind, {
      added: list.filter((object) => !was.has(object)),
      removed: old.list.filter((object) => !now.has(object)),
    })
  }
  return { kinds, changes }
}

function indexKind(list: readonly ConfigObject[], old: KindIndex): KindIndex {
  const byNamespace = new Map<string, readonly ConfigObject[]>()
  const fresh = new Map<string, ConfigObject[]>()
  const byName = new Map<string, ConfigObject>()
  for (const object of list) {
    append(fresh, namespaceOf(object), object)
    byName.set(`${namespaceOf(object)}/${object.metadata.name}`, object)
  }
  for (const [namespace, objects] of fresh) {
    const before = old.byNamespace.get(namespace)
    const isSame = before?.length === objects.length && objects.every((object, at) => object === before[at])
    byNamespace.set(namespace, isSame ? before : objects)
  }
  return { list, byNamespace, byName }
}
