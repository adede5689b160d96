import type { KubernetesObject } from '@/lib/demo/model'

const EMPTY: readonly KubernetesObject[] = []

/** Objects of one kind by namespace (`''` for those without). Lists are sorted when asked for and kept until a write. */
export class Shelf {
  private readonly namespaces = new Map<string, Map<string, KubernetesObject>>()
  private readonly sorted = new Map<string, readonly KubernetesObject[]>()
  private all: readonly KubernetesObject[] | undefined
  size = 0

  get(key: string): KubernetesObject | undefined {
    return this.namespaces.get(namespaceOf(key))?.get(key)
  }

  set(key: string, object: KubernetesObject): void {
    const namespace = namespaceOf(key)
    let objects = this.namespaces.get(namespace)
    if (objects === undefined) this.namespaces.set(namespace, (objects = new Map()))
    if (!objects.has(key)) this.size += 1
    objects.set(key, object)
    this.forget(namespace)
  }

  delete(key: string): void {
    const namespace = namespaceOf(key)
    if (this.namespaces.get(namespace)?.delete(key)) this.size -= 1
    this.forget(namespace)
  }

  list(namespace?: string): readonly KubernetesObject[] {
    if (namespace === undefined) {
      this.all ??= [...this.namespaces.keys()].sort().flatMap((name) => this.list(name))
      return this.all
    }
    let list = this.sorted.get(namespace)
    if (list === undefined) {
      const objects = this.namespaces.get(namespace)
      if (objects === undefined) return EMPTY
      list = [...objects.values()].sort(byNamespaceAndName)
      this.sorted.set(namespace, list)
    }
    return list
  }

  private forget(namespace: string): void {
    this.sorted.delete(namespace)
    this.all = undefined
  }
}

/** What tells objects of one kind apart: `namespace/name`, or the name of one without namespace. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`
}

function namespaceOf(key: string): string {
  const slash = key.indexOf('/')
  return slash === -1 ? '' : key.slice(0, slash)
}

export function byNamespaceAndName(a: KubernetesObject, b: KubernetesObject): number {
  const left = a.metadata.namespace ?? ''
  const right = b.metadata.namespace ?? ''
  if (left !== right) return left < right ? -1 : 1
  if (a.metadata.name !== b.metadata.name) return a.metadata.name < b.metadata.name ? -1 : 1
  return a.apiVersion < b.apiVersion ? -1 : 1
}
