import type { ChangeFilter } from '@/lib/api/paths'
import type { KnownRef } from '@/lib/api/schemas/config/changes'

/** Which changes are about an object; kinds without a namespace have none to ask for. Pure. */
export function historyFilter({ cluster, namespace, kind, name }: KnownRef): ChangeFilter {
  return { cluster, ...(namespace === '' ? {} : { namespace }), kind, name }
}
