import type { KubernetesObject } from '@/lib/demo/model'
import { RESOURCE_KINDS, findKind, groupOf, qualifiedKind } from '../kinds'
import { asRecord } from '../json'
import type { ObjectStore } from '../object-store'
import { controllerOf } from './owners'

/** Kinds that are made by controllers and go when their owner goes. */
const OWNED_KINDS = ['ReplicaSet', 'Pod', 'Job', 'EndpointSlice'] as const

/** Deletes what a controller of this namespace left behind. */
export function collectGarbage(store: ObjectStore, namespace: string): void {
  for (const kind of OWNED_KINDS) {
    for (const object of store.list(kind, namespace)) {
      const owner = controllerOf(object)
      if (owner === undefined) continue
      const found = store.get({
        kind: String(owner.kind),
        group: groupOf(String(owner.apiVersion)),
        namespace,
        name: String(owner.name),
      })
      if (found !== undefined && found.metadata.uid === owner.uid) continue
      remove(store, object)
    }
  }
}

/** Empties namespaces that are being deleted, then lets them go; answers whether there were any. */
export function finalizeNamespaces(store: ObjectStore): boolean {
  const leaving = store.list('Namespace').filter((object) => object.metadata.deletionTimestamp !== undefined)
  for (const namespace of leaving) {
    let isEmpty = true
    for (const resource of RESOURCE_KINDS) {
      if (!resource.namespaced) continue
      const kind = qualifiedKind(resource.kind, resource.group)
      for (const object of store.list(kind, namespace.metadata.name)) {
        if (object.apiVersion !== namespace.apiVersion && groupOf(object.apiVersion) !== resource.group)
          continue
        remove(store, object)
        if (store.get(refOf(object)) !== undefined) isEmpty = false
      }
    }
    if (!isEmpty) continue
    const { resourceVersion: _unguarded, ...metadata } =
      store.get(refOf(namespace))?.metadata ?? namespace.metadata
    store.update({ ...namespace, metadata, spec: { ...asRecord(namespace.spec), finalizers: [] } })
  }
  return leaving.length > 0
}

function remove(store: ObjectStore, object: KubernetesObject): void {
  store.delete(refOf(object))
}

export function refOf(object: KubernetesObject): {
  kind: string
  group: string
  namespace?: string
  name: string
} {
  const group = groupOf(object.apiVersion)
  const namespaced = findKind(object.kind, group)?.namespaced ?? object.metadata.namespace !== undefined
  return {
    kind: object.kind,
    group,
    ...(namespaced ? { namespace: object.metadata.namespace } : {}),
    name: object.metadata.name,
  }
}
