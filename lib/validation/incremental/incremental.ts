/** Analysis that remembers: after an edit only what the edit can affect is checked again. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { reporter, type Entry } from '../analyze'
import type { Checker, Report } from '../finding'
import type { KindKey, MeshSettings, World, WorldOptions } from '../world'
import { indexKinds, type KindChange, type KindIndex } from './objects'
import { allSources, keepSame, noReads, overlaps, stillHolds, type Reads, type Source } from './reads'

/** Options that may change from one update to the next. */
export interface UpdateOptions extends Pick<WorldOptions, 'now' | 'observed' | 'clusterOf'> {
  /** kinds that may not be read: that none of them is there says nothing, so whatever looks at them reports nothing */
  hidden?: ReadonlySet<KindKey>
}

export interface Incremental {
  /**
   * The findings of these objects, equal to those of `analyze` but for what depends on hidden kinds, each with its
   * object. Objects are the same as before when they are identical: an edited object must be a new one.
   */
  update(objects: readonly ConfigObject[], mesh: MeshSettings, options?: UpdateOptions): Entry[]
}

/** What one visit of one object read and reported. */
interface Visit {
  reads: Reads
  entries: Entry[]
}

/** One `each` of a checker. */
interface Visits {
  kind: KindKey
  byObject: Map<ConfigObject, Visit>
  /** all sources any visit has read */
  sources: Set<Source>
}

interface Work {
  checker: Checker
  /** reads outside of visits; null: never run */
  reads: Reads | null
  entries: Entry[]
  visits: Visits[]
}

interface Derived {
  value: unknown
  /** all that it was made from */
  sources: ReadonlySet<Source>
  isStale: boolean
}

const EMPTY: readonly ConfigObject[] = []
const NOTHING_HIDDEN: ReadonlySet<KindKey> = new Set()

export function createIncremental(checkers: readonly Checker[]): Incremental {
  const works = checkers.map((checker): Work => ({ checker, reads: null, entries: [], visits: [] }))
  const derived = new Map<unknown, Derived>()
  let kinds = new Map<KindKey, KindIndex>()
  let mesh: MeshSettings | null = null
  let options: UpdateOptions = {}
  let hidden = NOTHING_HIDDEN
  /** sorted, each once by key */
  let known: Entry[] = []
  /** whose reads are noted; the last is the one at work */
  const stack: Reads[] = []
  let step: { work: Work; ordinal: number; changed: ReadonlySet<Source>; isAllNew: boolean } | null = null
  let changes = new Map<KindKey, KindChange>()
  let gone = new Set<Entry>()
  let come: Entry[] = []
  /** where reports of the moment go */
  let sink: Entry[] = []

  function note(source: Source): void {
    stack.at(-1)?.whole.add(source)
  }

  function noteKey(sources: ReadonlySet<Source>, value: unknown, again: () => unknown): void {
    stack.at(-1)?.byKey.push({ sources, value, again })
  }

  const only = new Map<KindKey, ReadonlySet<Source>>()
  function justKind(kind: KindKey): ReadonlySet<Source> {
    const set = only.get(kind) ?? new Set<Source>([kind])
    only.set(kind, set)
    return set
  }

  const listOf = (kind: KindKey) => kinds.get(kind)?.list ?? EMPTY
  const inNamespaceOf = (kind: KindKey, namespace: string) =>
    kinds.get(kind)?.byNamespace.get(namespace) ?? EMPTY
  const findOne = (kind: KindKey, namespace: string, name: string) =>
    kinds.get(kind)?.byName.get(`${namespace}/${name}`)

  function isTold(reads: Reads): boolean {
    return hidden.size === 0 || !overlaps(allSources(reads), hidden)
  }

  function derive(build: (world: World) => unknown): Derived {
    const memo = derived.get(build)
    if (memo && !memo.isStale) return memo
    const reads = noReads()
    const outer = step
    step = null
    stack.push(reads)
    let value: unknown
    try {
      value = build(world)
    } finally {
      stack.pop()
      step = outer
    }
    const fresh: Derived = {
      value: memo ? keepSame(memo.value, value) : value,
      sources: allSources(reads),
      isStale: false,
    }
    derived.set(build, fresh)
    return fresh
  }

  const world: World = {
    get mesh() {
      note('#mesh')
      // set before any checker runs
      return mesh as MeshSettings
    },
    get now() {
      note('#now')
      return options.now ?? null
    },
    get observed() {
      note('#observed')
      return options.observed ?? null
    },
    clusterOf: (object) => options.clusterOf?.(object) ?? '',
    isAssumed: () => false,
    list(kind) {
      note(kind)
      return listOf(kind)
    },
    inNamespace(kind, namespace) {
      const value = inNamespaceOf(kind, namespace)
      noteKey(justKind(kind), value, () => inNamespaceOf(kind, namespace))
      return value
    },
    find(kind, namespace, name) {
      const value = findOne(kind, namespace, name)
      noteKey(justKind(kind), value, () => findOne(kind, namespace, name))
      return value
    },
    derive: <T>(build: (world: World) => T): T => {
      const found = derive(build)
      for (const source of found.sources) note(source)
      // the map holds under each function what that function returned
      return found.value as T
    },
    lookup: <V>(index: (world: World) => ReadonlyMap<string, V>, key: string): V | undefined => {
      const get = () => (derive(index).value as ReadonlyMap<string, V>).get(key)
      const found = derive(index)
      const value = get()
      noteKey(found.sources, value, get)
      return value
    },
    each(kind, visit) {
      if (!step) {
        // within a derivation: an ordinary reading of all
        note(kind)
        listOf(kind).forEach(visit)
        return
      }
      visitEach(step, kind, visit)
    },
  }

  function visitEach(
    { work, ordinal, changed, isAllNew }: NonNullable<typeof step>,
    kind: KindKey,
    visit: (object: ConfigObject) => void,
  ): void {
    const at = step
    if (at) at.ordinal += 1
    let visits = work.visits[ordinal]
    if (!visits || visits.kind !== kind) {
      if (visits) forget(visits)
      visits = { kind, byObject: new Map(), sources: new Set() }
      work.visits[ordinal] = visits
    }
    const { byObject, sources } = visits
    const outer = sink
    // visits are no part of what the checker read around them
    step = null
    const visitOne = (object: ConfigObject) => {
      const done: Visit = { reads: noReads(), entries: [] }
      stack.push(done.reads)
      sink = done.entries
      try {
        visit(object)
      } finally {
        stack.pop()
        sink = outer
      }
      for (const source of allSources(done.reads)) sources.add(source)
      if (!isTold(done.reads)) done.entries = []
      byObject.set(object, done)
      come.push(...done.entries)
    }
    try {
      if (isAllNew) {
        forget(visits)
        listOf(kind).forEach(visitOne)
        return
      }
      const { added, removed } = changes.get(kind) ?? { added: EMPTY, removed: EMPTY }
      for (const object of removed) drop(visits, object)
      if (overlaps(sources, changed)) {
        // first whom it concerns: a visit done again stands at the end of the map it is taken from
        const concerned = [...byObject].filter(([, done]) => !stillHolds(done.reads, changed))
        for (const [object] of concerned) {
          drop(visits, object)
          visitOne(object)
        }
      }
      for (const object of added) visitOne(object)
    } finally {
      step = at
    }
  }

  function drop(visits: Visits, object: ConfigObject): void {
    for (const entry of visits.byObject.get(object)?.entries ?? []) gone.add(entry)
    visits.byObject.delete(object)
  }

  function forget(visits: Visits): void {
    for (const { entries } of visits.byObject.values()) for (const entry of entries) gone.add(entry)
    visits.byObject.clear()
    visits.sources.clear()
  }

  function run(work: Work, changed: ReadonlySet<Source>): void {
    const isAllNew = work.reads === null || !stillHolds(work.reads, changed)
    const isTouched =
      isAllNew || work.visits.some(({ kind, sources }) => changed.has(kind) || overlaps(sources, changed))
    if (!isTouched) return
    for (const entry of work.entries) gone.add(entry)
    work.entries = []
    work.reads = noReads()
    const report: Report = reporter(
      work.checker,
      () => false,
      (entry) => sink.push(entry),
    )
    stack.push(work.reads)
    step = { work, ordinal: 0, changed, isAllNew }
    sink = work.entries
    try {
      work.checker.check(world, report)
      for (const visits of work.visits.splice(step.ordinal)) forget(visits)
    } finally {
      stack.pop()
      step = null
    }
    if (!isTold(work.reads)) {
      // what its visits found follows from that too
      work.entries = []
      for (const { byObject } of work.visits) {
        for (const done of byObject.values()) {
          for (const entry of done.entries) gone.add(entry)
          done.entries = []
        }
      }
    }
    come.push(...work.entries)
  }

  return {
    update(objects, settings, next = {}) {
      const changed = new Set<Source>()
      const indexed = indexKinds(objects, kinds)
      for (const kind of indexed.changes.keys()) changed.add(kind)
      if (!mesh || !isSameMesh(mesh, settings)) changed.add('#mesh')
      if ((options.now ?? null) !== (next.now ?? null)) changed.add('#now')
      if ((options.observed ?? null) !== (next.observed ?? null)) changed.add('#observed')
      const nextHidden = next.hidden ?? NOTHING_HIDDEN
      if (!isSameSet(hidden, nextHidden)) for (const work of works) work.reads = null
      hidden = nextHidden
      kinds = indexed.kinds
      changes = indexed.changes
      mesh = settings
      options = next
      gone = new Set()
      come = []
      for (const memo of derived.values()) memo.isStale ||= overlaps(memo.sources, changed)
      try {
        for (const work of works) run(work, changed)
      } catch (error) {
        // half an update is worse than none remembered: the next begins from nothing
        for (const work of works) Object.assign(work, { reads: null, entries: [], visits: [] })
        derived.clear()
        known = []
        throw error
      }
      if (gone.size > 0 || come.length > 0) known = merge(known, gone, come)
      return unique(known)
    },
  }
}

function isSameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one))
}

function isSameMesh(a: MeshSettings, b: MeshSettings): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

function merge(known: readonly Entry[], gone: ReadonlySet<Entry>, come: readonly Entry[]): Entry[] {
  const kept = gone.size === 0 ? known : known.filter((entry) => !gone.has(entry))
  const added = come.filter((entry) => !gone.has(entry))
  // two sorted runs: sorting is one pass over them
  added.sort(byKey)
  return [...kept, ...added].sort(byKey)
}

function byKey(a: Entry, b: Entry): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}

function unique(entries: readonly Entry[]): Entry[] {
  return entries.filter((entry, at) => entry.key !== entries[at - 1]?.key)
}
