import type { ConfigReader, KubernetesObject } from '@/lib/demo/model'
import { withDefaults } from './defaults'
import { asList, asRecord, deepEqual } from './json'
import { apiVersionOf, findKind, groupOf, qualifiedKind } from './kinds'
import type { ResourceKind } from './kinds'
import { stableUid } from './names'

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

/**
 * The objects of the embedded mesh, as an API server's storage: every write raises `revision`, which becomes
 * the object's resourceVersion; updates may be guarded by it; a bounded history lets watches resume.
 *
 * Objects are frozen on the way in and handed out as they are: to change one, build a new one and `update`.
 * Each is kept in the preferred version of its kind, whatever version it came in.
 */
export class ObjectStore implements ConfigReader {
  private readonly kinds = new Map<string, Map<string, KubernetesObject>>()
  /** sorted lists by `kind` and `kind/namespace`, dropped on a write of that kind */
  private readonly sorted = new Map<string, Map<string, readonly KubernetesObject[]>>()
  private readonly listeners = new Set<(event: StoreEvent) => void>()
  private history: StoreEvent[] = []
  private currentRevision: number
  private readonly historyLimit: number
  private readonly now: () => number

  constructor(objects: Iterable<KubernetesObject> = [], options: ObjectStoreOptions = {}) {
    this.historyLimit = options.historyLimit ?? 20_000
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
    const ofKind = this.ofKind(kind)
    if (ofKind.has(key)) {
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
    const current = this.ofKind(kind).get(key)
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
    const current = this.ofKind(kind).get(key)
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
    return this.kinds.get(this.resolve(ref))?.get(keyOf(ref.namespace, ref.name))
  }

  /**
   * Objects of a kind sorted by namespace and name. A bare kind means every group that has it (Istio and the
   * Gateway API both have a Gateway); `Kind.group` names one. The same array is answered until a write of
   * that kind, so it may be compared by identity.
   */
  list(kind: string, namespace?: string): readonly KubernetesObject[] {
    let lists = this.sorted.get(kind)
    if (lists === undefined) this.sorted.set(kind, (lists = new Map()))
    const all = lists.get('') ?? this.sortAll(kind)
    lists.set('', all)
    if (namespace === undefined) return all
    let own = lists.get(namespace)
    if (own === undefined) {
      if (lists.size === 1) for (const [name, group] of byNamespace(all)) lists.set(name, group)
      own = lists.get(namespace) ?? []
      lists.set(namespace, own)
    }
    return own
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
    const then = new Map(this.kinds.get(kind))
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
    if (this.kinds.has(ref.kind) || ref.kind.includes('.')) return ref.kind
    for (const kind of this.kinds.keys()) if (kind.startsWith(`${ref.kind}.`)) return kind
    return ref.kind
  }

  private ofKind(kind: string): Map<string, KubernetesObject> {
    let objects = this.kinds.get(kind)
    if (objects === undefined) this.kinds.set(kind, (objects = new Map()))
    return objects
  }

  private sortAll(kind: string): readonly KubernetesObject[] {
    const found: KubernetesObject[] = []
    for (const [qualified, objects] of this.kinds) {
      if (qualified === kind || qualified.startsWith(`${kind}.`)) found.push(...objects.values())
    }
    return found.sort(byNamespaceAndName)
  }

  private write(
    type: 'ADDED' | 'MODIFIED',
    kind: string,
    key: string,
    object: KubernetesObject,
    previous: KubernetesObject | null,
  ): KubernetesObject {
    const stored = this.stamp(object)
    this.ofKind(kind).set(key, stored)
    this.publish({ revision: this.currentRevision, type, kind, object: stored, previous })
    return stored
  }

  private remove(kind: string, key: string, object: KubernetesObject): KubernetesObject {
    const previous = this.ofKind(kind).get(key) ?? object
    this.ofKind(kind).delete(key)
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
    this.sorted.delete(event.kind)
    this.sorted.delete(event.kind.split('.', 1)[0] ?? event.kind)
    this.history.push(event)
    // trimmed in halves: shifting one by one costs the length of the history at every write
    if (this.history.length > this.historyLimit * 2) this.history = this.history.slice(-this.historyLimit)
    for (const listener of [...this.listeners]) listener(event)
  }
}

/** RFC 3339 to the second, as Kubernetes writes metadata times. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

function locate(object: KubernetesObject): { kind: string; key: string; resource: ResourceKind | undefined } {
  const group = groupOf(object.apiVersion)
  return {
    kind: qualifiedKind(object.kind, group),
    key: keyOf(object.metadata.namespace, object.metadata.name),
    resource: findKind(object.kind, group),
  }
}

function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`
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

function byNamespaceAndName(a: KubernetesObject, b: KubernetesObject): number {
  const left = a.metadata.namespace ?? ''
  const right = b.metadata.namespace ?? ''
  if (left !== right) return left < right ? -1 : 1
  if (a.metadata.name !== b.metadata.name) return a.metadata.name < b.metadata.name ? -1 : 1
  return a.apiVersion < b.apiVersion ? -1 : 1
}

function byNamespace(objects: readonly KubernetesObject[]): Map<string, KubernetesObject[]> {
  const groups = new Map<string, KubernetesObject[]>()
  for (const object of objects) {
    const namespace = object.metadata.namespace
    if (namespace === undefined) continue
    const group = groups.get(namespace)
    if (group === undefined) groups.set(namespace, [object])
    else group.push(object)
  }
  return groups
}

function deepFreeze<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part)
  return value
}
