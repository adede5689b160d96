import { plain } from '@/components/details/item-ref'
import type { ConfigAddress } from '@/lib/api/paths'
import { NONE } from '@/lib/mesh/resource'

/** Path parameters of an object's page as names; `-` stands for none. */
export function configAddressOf(params: ConfigAddress): ConfigAddress {
  const orNone = (part: string) => (plain(part) === NONE ? '' : plain(part))
  return {
    cluster: plain(params.cluster),
    group: orNone(params.group),
    version: plain(params.version),
    resource: plain(params.resource),
    namespace: orNone(params.namespace),
    name: plain(params.name),
  }
}
