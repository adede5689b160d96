import 'server-only'
import type { SplitTargetsQuery } from '@/lib/api/schemas/requests'
import type { SplitTargets } from '@/lib/api/schemas/config/splits'
import { splitTargets } from '@/lib/istio/split/targets'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { notFound, Refusal } from '../errors'
import { whyHidden } from '../snapshots/objects'
import { currentInventories, type Upstreams } from '../upstreams'
import { objectRef } from '../use-cases/object-ref'

/** Of which objects a split is made: where one of these is there unseen, a new one would come into its way. */
const SPLITTING = ['VirtualService', 'DestinationRule', 'HTTPRoute', 'GRPCRoute']

/**
 * What a service's requests can be split between. Throws Refusal('not-found') for a service that is not known, and
 * Refusal('unavailable') where what routes it now may not be read.
 */
export function getSplitTargets(up: Upstreams, query: SplitTargetsQuery): SplitTargets {
  const { cluster, namespace, service: name } = query
  const inventory = currentInventories(up.inventories).find((one) => one.cluster === cluster)
  const index = inventory && indexInventory(inventory)
  const service = index?.services.get(`${namespace}/${name}`)
  if (!index || !service) {
    throw notFound(
      `Kubernetes knows no service ${namespace}/${name} in cluster ${cluster}.`,
      'service-not-found',
    )
  }
  const source = up.inventories.find((one) => one.cluster === cluster)
  const why = source ? whyHidden(source, SPLITTING) : null
  if (why !== null) {
    throw new Refusal('unavailable', `What routes ${name} now is not known. ${why}`, {
      code: 'kubernetes-not-read',
    })
  }
  const { destinationRule, route, ...found } = splitTargets(index, service)
  return {
    cluster,
    namespace,
    service: name,
    ports: service.ports.map(({ port, name: portName, protocol }) => ({ port, name: portName, protocol })),
    ...found,
    destinationRule: destinationRule && objectRef(destinationRule),
    route: route && { ref: objectRef(route.object), path: route.path },
  }
}
