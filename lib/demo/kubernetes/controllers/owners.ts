import type { KubernetesObject } from '@/lib/demo/model'
import { asRecords } from '../json'
import type { JsonRecord } from '../json'

/** The ownerReference of the controller an object belongs to. */
export function controllerOf(object: KubernetesObject): JsonRecord | undefined {
  return asRecords(object.metadata.ownerReferences).find((reference) => reference.controller === true)
}

/** ownerReferences that make `owner` the controller. */
export function ownedBy(owner: KubernetesObject): JsonRecord[] {
  return [
    {
      apiVersion: owner.apiVersion,
      kind: owner.kind,
      name: owner.metadata.name,
      uid: owner.metadata.uid ?? '',
      controller: true,
      blockOwnerDeletion: true,
    },
  ]
}

/** Objects by the uid of their controller; order kept. */
export function byController(objects: readonly KubernetesObject[]): Map<string, KubernetesObject[]> {
  const groups = new Map<string, KubernetesObject[]>()
  for (const object of objects) {
    const uid = controllerOf(object)?.uid
    if (typeof uid !== 'string') continue
    const group = groups.get(uid)
    if (group === undefined) groups.set(uid, [object])
    else group.push(object)
  }
  return groups
}
