/** Everything a checker may know: the objects by kind, and the mesh-wide settings. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Observed } from './observed'

/** `group/Kind`, the core group being empty: `networking.istio.io/Gateway`, `/Service`, `apps/Deployment`. */
export type KindKey = `${string}/${string}`

/** Mesh-wide settings the rules depend on, with Istio's defaults. */
export interface MeshSettings {
  rootNamespace: string
  trustDomain: string
  enableAutoMtls: boolean
  outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY'
  /** the whole `mesh` document, for rules that read a rarer key; empty when there is none */
  raw: Readonly<Record<string, unknown>>
}

export interface World {
  readonly mesh: MeshSettings
  /** objects of one kind whatever the version, in the order given */
  list(kind: KindKey): readonly ConfigObject[]
  inNamespace(kind: KindKey, namespace: string): readonly ConfigObject[]
  find(kind: KindKey, namespace: string, name: string): ConfigObject | undefined
  /**
   * Visits the objects of a kind, each by itself: what a visit reads it must read from the world, and what it reports
   * must follow from that alone. An incremental analysis then visits again only what a change can affect.
   */
  each(kind: KindKey, visit: (object: ConfigObject) => void): void
  /** One entry of a derived map; a visit that asks by key is affected by that entry only. */
  lookup<V>(index: (world: World) => ReadonlyMap<string, V>, key: string): V | undefined
  /** epoch milliseconds for rules about expiry; null where time is not known, and those rules stay silent */
  readonly now: number | null
  /** what telemetry and Secrets tell; null where nothing was measured, and rules about it stay silent */
  readonly observed: Observed | null
  /** the cluster an object is from; empty where objects are of one cluster or of none */
  clusterOf(object: ConfigObject): string
  /** true for what is only taken for granted: it can be referred to, but nothing is said about it */
  isAssumed(object: ConfigObject): boolean
  /** What `build` makes of this world, made once however many checkers ask. `build` is the key: pass a constant. */
  derive<T>(build: (world: World) => T): T
}

export interface WorldOptions {
  now?: number | null
  observed?: Observed | null
  clusterOf?: (object: ConfigObject) => string
  /** objects that look-ups find and no finding is about: what every installation has beside the documents given */
  assumed?: readonly ConfigObject[]
}

/** The group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

export function kindKey(object: ConfigObject): KindKey {
  return `${groupOf(object.apiVersion)}/${object.kind}`
}

/** The namespace an object lives in; objects of cluster scope have the empty one. */
export function namespaceOf(object: ConfigObject): string {
  return object.metadata.namespace ?? ''
}

/** Settings out of the `mesh` document; anything it does not say takes Istio's default. */
export function readMeshSettings(raw: Readonly<Record<string, unknown>> | null): MeshSettings {
  const mesh = raw ?? {}
  const text = (key: string, fallback: string) => {
    const value = mesh[key]
    return typeof value === 'string' && value !== '' ? value : fallback
  }
  const policy = mesh.outboundTrafficPolicy
  const mode = typeof policy === 'object' && policy !== null ? (policy as { mode?: unknown }).mode : undefined
  return {
    rootNamespace: text('rootNamespace', 'istio-system'),
    trustDomain: text('trustDomain', 'cluster.local'),
    enableAutoMtls: mesh.enableAutoMtls !== false,
    outboundTrafficPolicy: mode === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    raw: mesh,
  }
}

/** Indexes objects once so that every rule's look-up is constant: checking stays linear in the objects. */
export function createWorld(
  objects: readonly ConfigObject[],
  mesh: MeshSettings,
  { now = null, observed = null, clusterOf = () => '', assumed = [] }: WorldOptions = {},
): World {
  const byKind = new Map<KindKey, ConfigObject[]>()
  const byNamespace = new Map<string, ConfigObject[]>()
  const byName = new Map<string, ConfigObject>()
  for (const object of [...assumed, ...objects]) {
    const kind = kindKey(object)
    const namespace = namespaceOf(object)
    append(byKind, kind, object)
    append(byNamespace, `${kind} ${namespace}`, object)
    byName.set(`${kind} ${namespace}/${object.metadata.name}`, object)
  }
  const granted = new Set(assumed)
  const derived = new Map<unknown, unknown>()
  const world: World = {
    mesh,
    now,
    observed,
    clusterOf,
    list: (kind) => byKind.get(kind) ?? [],
    inNamespace: (kind, namespace) => byNamespace.get(`${kind} ${namespace}`) ?? [],
    find: (kind, namespace, name) => byName.get(`${kind} ${namespace}/${name}`),
    each: (kind, visit) => {
      for (const object of byKind.get(kind) ?? []) visit(object)
    },
    lookup: (index, key) => world.derive(index).get(key),
    isAssumed: (object) => granted.has(object),
    derive: <T>(build: (world: World) => T): T => {
      if (!derived.has(build)) derived.set(build, build(world))
      // the map holds under each function what that function returned
      return derived.get(build) as T
    },
  }
  return world
}

/** Adds to the list under a key, making the list when there is none. */
export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
