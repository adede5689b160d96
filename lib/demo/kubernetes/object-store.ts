import type { ConfigReader, KubernetesObject } from '@/lib/demo/model'
import { withDefaults } from './defaults'
import { asList, asRecord, deepEqual } from './json'
import { apiVersionOf, findKind, groupOf, qualifiedKind } from './kinds'
import type { ResourceKind } from './kinds'
import { stableUid } from './names'
import { Shelf, byNamespaceAndName, keyOf } from './shelf'

export type StoreErrorReason = 'AlreadyExists' | 'NotFound' | 'Conflict' | 'Gone' | 'Invalid'

/** What the store refuses, in the words of Kubernetes' status reasons. */
export class StoreError extends Error {
  readonly reason: StoreErrorReason

  constructor(reason: StoreErrorReason, message: string) {
    super(message)
    this.name = 'StoreError'
    this.reason = reason
  }
}

export interface ObjectRef {
  kind: string
  /** left out: the group of the only served kind of that name, or core */
  group?: string
  namespace?: string
  name: string
}

export interface StoreEvent {
  revision: number
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  /** qualified kind, see `qualifiedKind` */
  kind: string
  object: KubernetesObject
  /** what the object was before; null when added */
  previous: KubernetesObject | null
}

export interface WriteOptions {
  /** answer what the write would store, or throw as it would, and write nothing */
  dryRun?: boolean
}

export interface ObjectStoreOptions {
  /** events kept for watches that resume; older ones answer Gone */
  historyLimit?: number
  /** where revisions begin, so that a store that takes another's place goes on beyond it; default 1 */
  firstRevision?: number
  /** instant of writes, epoch milliseconds; fills creation and deletion times */
  now?: () => number
}

const EMPTY: readonly KubernetesObject[] = []

interface Joined {
  parts: readonly (readonly KubernetesObject[])[]
  list: readonly KubernetesObject[]
}

/**
 * The objects of the embedded mesh, as an API server's storage: every write raises `revision`, which becomes
 * the object's resourceVersion; updates may be guarded by it; a bounded history lets watches resume.
 *
 * Objects are frozen on the way in and handed out as they are: to change one, build a new one and `update`.
 * Each is kept in the preferred version of its kind, whatever version it came in.
 */
export class ObjectStore implements ConfigReader {
  private readonly shelves = new Map<string, Shelf>()
  /** lists of a bare kind that several groups have, with the lists they were joined from */
  private readonly joined = new Map<string, Joined>()
  private readonly listeners = new Set<(event: StoreEvent) => void>()
  private history: StoreEvent[] = []
  private currentRevision: number
  private readonly historyLimit: number
  private readonly now: () => number

  constructor(objects: Iterable<KubernetesObject> = [], options: ObjectStoreOptions = {}) {
    this.historyLimit = options.historyLimit ?? 5_000
    this.currentRevision = options.firstRevision ?? 1
    this.now = options.now ?? (() => 0)
    for (const object of objects) this.create(object)
  }

  get revision(): number {
    return this.currentRevision
  }

  /** Instant of writes, epoch milliseconds. */
  get time(): number {
    return this.now()
  }

  /**
   * Adds an object and answers what was stored: uid, creationTimestamp, generation, resourceVersion and the
   * defaults of built-in kinds filled in.
   * Throws StoreError AlreadyExists.
   */
  create(given: KubernetesObject, options: WriteOptions = {}): KubernetesObject {
    const { key, kind, resource } = locate(given)
    if (this.find(kind, key) !== undefined) {
      throw new StoreError('AlreadyExists', `${kind} "${given.metadata.name}" already exists`)
    }
    const object = withDefaults(inStorageVersion(given, resource))
    const metadata: KubernetesObject['metadata'] = {
      ...object.metadata,
      uid: object.metadata.uid ?? stableUid(`${kind}/${key}/${this.currentRevision + 1}`),
      creationTimestamp: object.metadata.creationTimestamp ?? timestamp(this.now()),
    }
    if (resource?.tracksGeneration) metadata.generation = object.metadata.generation ?? 1
    const { resourceVersion: _none, ...fresh } = metadata
    if (options.dryRun) return { ...object, metadata: fresh }
    return this.write('ADDED', kind, key, { ...object, metadata: fresh }, null)
  }

  /**
   * Replaces an object. With a resourceVersion in its metadata the write happens only if that is still the
   * current one (StoreError Conflict); without, it is unconditional. uid and creationTimestamp stay, generation
   * rises when anything but metadata and status changed, and an object that changes nothing is not written.
   * Removing the last finalizer of an object that is being deleted deletes it. Throws StoreError NotFound.
   */
  update(object: KubernetesObject, options: WriteOptions = {}): KubernetesObject {
    const { key, kind, resource } = locate(object)
    const current = this.find(kind, key)
    if (current === undefined) throw new StoreError('NotFound', `${kind} "${object.metadata.name}" not found`)
    const expected = object.metadata.resourceVersion
    if (expected !== undefined && expected !== '' && expected !== current.metadata.resourceVersion) {
      throw new StoreError(
        'Conflict',
        `Operation cannot be fulfilled on ${kind} "${object.metadata.name}": the object has been modified; please apply your changes to the latest version and try again`,
      )
    }
    const next = withDefaults(
      {
        ...inStorageVersion(object, resource),
        metadata: {
          ...object.metadata,
          uid: current.metadata.uid,
          creationTimestamp: current.metadata.creationTimestamp,
          resourceVersion: current.metadata.resourceVersion,
        },
      },
      current,
    )
    if (current.metadata.deletionTimestamp !== undefined) {
      next.metadata.deletionTimestamp = current.metadata.deletionTimestamp
    }
    if (resource?.tracksGeneration) {
      const generation = current.metadata.generation ?? 1
      next.metadata.generation = sameDesire(current, next) ? generation : generation + 1
    }
    if (deepEqual(current, next)) return current
    if (options.dryRun) return next
    if (next.metadata.deletionTimestamp !== undefined && finalizers(next).length === 0) {
      return this.remove(kind, key, next)
    }
    return this.write('MODIFIED', kind, key, next, current)
  }

  /**
   * Deletes an object and answers its last state; one with finalizers is only marked with a deletionTimestamp.
   * A resourceVersion or uid given as precondition must match (StoreError Conflict). Throws StoreError NotFound.
   */
  delete(
    ref: ObjectRef,
    precondition: { resourceVersion?: string; uid?: string } = {},
    options: WriteOptions = {},
  ): KubernetesObject {
    const kind = this.resolve(ref)
    const key = keyOf(ref.namespace, ref.name)
    const current = this.find(kind, key)
    if (current === undefined) throw new StoreError('NotFound', `${kind} "${ref.name}" not found`)
    for (const field of ['resourceVersion', 'uid'] as const) {
      const expected = precondition[field]
      if (expected !== undefined && expected !== current.metadata[field]) {
        throw new StoreError(
          'Conflict',
          `Operation cannot be fulfilled on ${kind} "${ref.name}": Precondition failed: ${field === 'uid' ? 'UID' : 'ResourceVersion'} in precondition: ${expected}, ${field === 'uid' ? 'UID' : 'ResourceVersion'} in object meta: ${String(current.metadata[field])}`,
        )
      }
    }
    if (options.dryRun) return current
    if (finalizers(current).length > 0) {
      if (current.metadata.deletionTimestamp !== undefined) return current
      const marked: KubernetesObject = {
        ...current,
        metadata: { ...current.metadata, deletionTimestamp: timestamp(this.now()) },
      }
      if (kind === 'Namespace') marked.status = { ...asRecord(current.status), phase: 'Terminating' }
      return this.write('MODIFIED', kind, key, marked, current)
    }
    return this.remove(kind, key, current)
  }

  get(ref: ObjectRef): KubernetesObject | undefined {
    return this.find(this.resolve(ref), keyOf(ref.namespace, ref.name))
  }

  /**
   * Objects of a kind sorted by namespace and name. A bare kind means every group that has it (Istio and the
   * Gateway API both have a Gateway); `Kind.group` names one. The same array is answered until a write of
   * that kind, so it may be compared by identity.
   */
  list(kind: string, namespace?: string): readonly KubernetesObject[] {
    const parts = this.qualified(kind).map((qualified) => this.shelf(qualified).list(namespace))
    const [only = EMPTY, ...others] = parts
    if (others.length === 0) return only
    const cached = this.joined.get(`${kind}/${namespace ?? ''}`)
    if (cached !== undefined && cached.parts.every((part, index) => part === parts[index])) return cached.list
    const list = parts.flat().sort(byNamespaceAndName)
    this.joined.set(`${kind}/${namespace ?? ''}`, { parts, list })
    return list
  }

  /** How many objects of a qualified kind there are; unlike `list`, it sorts nothing. */
  count(kind: string): number {
    return this.shelves.get(kind)?.size ?? 0
  }

  /** Called with every later write, in order; the answer ends it. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /**
   * Events after a revision, oldest first.
   * Throws StoreError Gone when some of them are no longer kept, Invalid for a revision of the future.
   */
  eventsSince(revision: number): readonly StoreEvent[] {
    if (revision > this.currentRevision) {
      throw new StoreError(
        'Invalid',
        `Too large resource version: ${revision}, current: ${this.currentRevision}`,
      )
    }
    const missing = this.currentRevision - revision
    if (missing > this.history.length) {
      const oldest = this.currentRevision - this.history.length
      throw new StoreError('Gone', `too old resource version: ${revision} (${oldest})`)
    }
    return missing === 0 ? [] : this.history.slice(this.history.length - missing)
  }

  /**
   * Objects of a kind as they were at a revision, sorted. Throws StoreError as `eventsSince` does.
   * `kind` is qualified.
   */
  listAt(kind: string, revision: number, namespace?: string): readonly KubernetesObject[] {
    if (revision === this.currentRevision) return this.list(kind, namespace)
    const keyed = (object: KubernetesObject) =>
      [keyOf(object.metadata.namespace, object.metadata.name), object] as const
    const then = new Map(this.shelf(kind).list().map(keyed))
    for (const event of this.eventsSince(revision).toReversed()) {
      if (event.kind !== kind) continue
      const key = keyOf(event.object.metadata.namespace, event.object.metadata.name)
      if (event.previous === null) then.delete(key)
      else then.set(key, event.previous)
    }
    const objects = [...then.values()].filter(
      (object) => namespace === undefined || object.metadata.namespace === namespace,
    )
    return objects.sort(byNamespaceAndName)
  }

  private resolve(ref: ObjectRef): string {
    if (ref.group !== undefined) return qualifiedKind(ref.kind, ref.group)
    return this.qualified(ref.kind)[0] ?? ref.kind
  }

  /** Kinds a name means: itself when it names a group or a core kind, else that kind in every group. */
  private qualified(kind: string): readonly string[] {
    if (this.shelves.has(kind) || kind.includes('.')) return [kind]
    return [...this.shelves.keys()].filter((qualified) => qualified.startsWith(`${kind}.`))
  }

  private shelf(kind: string): Shelf {
    let shelf = this.shelves.get(kind)
    if (shelf === undefined) this.shelves.set(kind, (shelf = new Shelf()))
    return shelf
  }

  private find(kind: string, key: string): KubernetesObject | undefined {
    return this.shelves.get(kind)?.get(key)
  }

  private write(
    type: 'ADDED' | 'MODIFIED',
    kind: string,
    key: string,
    object: KubernetesObject,
    previous: KubernetesObject | null,
  ): KubernetesObject {
    const stored = this.stamp(object)
    this.shelf(kind).set(key, stored)
    this.publish({ revision: this.currentRevision, type, kind, object: stored, previous })
    return stored
  }

  private remove(kind: string, key: string, object: KubernetesObject): KubernetesObject {
    const previous = this.find(kind, key) ?? object
    this.shelf(kind).delete(key)
    const last = this.stamp(object)
    this.publish({ revision: this.currentRevision, type: 'DELETED', kind, object: last, previous })
    return last
  }

  private stamp(object: KubernetesObject): KubernetesObject {
    this.currentRevision += 1
    return deepFreeze({
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.currentRevision) },
    })
  }

  private publish(event: StoreEvent): void {
    this.history.push(event)
    // trimmed in halves: shifting one by one costs the length of the history at every write
    if (this.history.length > this.historyLimit * 2) this.history = this.history.slice(-this.historyLimit)
    for (const listener of [...this.listeners]) listener(event)
  }
}

/** RFC 3339 to the second, as Kubernetes writes metadata times. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

function locate(object: KubernetesObject): { kind: string; key: string; resource: ResourceKind | undefined } {
  const group = groupOf(object.apiVersion)
  return {
    kind: qualifiedKind(object.kind, group),
    key: keyOf(object.metadata.namespace, object.metadata.name),
    resource: findKind(object.kind, group),
  }
}

function inStorageVersion(object: KubernetesObject, resource: ResourceKind | undefined): KubernetesObject {
  const version = resource?.versions[0]
  if (resource === undefined || version === undefined) return object
  return { ...object, apiVersion: apiVersionOf(resource.group, version) }
}

/** A namespace is held by its own list in the spec besides the general one. */
function finalizers(object: KubernetesObject): readonly unknown[] {
  const own = object.kind === 'Namespace' ? asList(asRecord(object.spec).finalizers) : []
  return [...asList(object.metadata.finalizers), ...own]
}

function sameDesire(a: KubernetesObject, b: KubernetesObject): boolean {
  const { metadata: _a, status: _as, ...desireA } = a
  const { metadata: _b, status: _bs, ...desireB } = b
  return deepEqual(desireA, desireB)
}

function deepFreeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part)
  return value
}
