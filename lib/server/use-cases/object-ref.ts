import 'server-only'
import type { ObjectRef } from '@/lib/api/schemas/config/splits'
import type { ConfigObject } from '@/lib/mesh/inventory'

/** An object by name, as changes name it; the core group is empty. */
export function objectRef(object: ConfigObject): ObjectRef {
  const slash = object.apiVersion.indexOf('/')
  return {
    group: slash < 0 ? '' : object.apiVersion.slice(0, slash),
    version: object.apiVersion.slice(slash + 1),
    kind: object.kind,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
  }
}
