/** Everything a checker may know: the objects by kind, and the mesh-wide settings. */
import type { ConfigObject } from '@/lib/mesh/inventory'

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
export function createWorld(objects: readonly ConfigObject[], mesh: MeshSettings): World {
  const byKind = new Map<KindKey, ConfigObject[]>()
  const byNamespace = new Map<string, ConfigObject[]>()
  const byName = new Map<string, ConfigObject>()
  const push = <K>(map: Map<K, ConfigObject[]>, key: K, object: ConfigObject) => {
    const list = map.get(key)
    if (list) list.push(object)
    else map.set(key, [object])
  }
  for (const object of objects) {
    const kind = kindKey(object)
    const namespace = namespaceOf(object)
    push(byKind, kind, object)
    push(byNamespace, `${kind} ${namespace}`, object)
    byName.set(`${kind} ${namespace}/${object.metadata.name}`, object)
  }
  return {
    mesh,
    list: (kind) => byKind.get(kind) ?? [],
    inNamespace: (kind, namespace) => byNamespace.get(`${kind} ${namespace}`) ?? [],
    find: (kind, namespace, name) => byName.get(`${kind} ${namespace}/${name}`),
  }
}
