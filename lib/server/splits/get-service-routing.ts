import 'server-only'
import type { SplitTargetsQuery } from '@/lib/api/schemas/requests'
import type { ServiceRouting } from '@/lib/api/schemas/routing'
import { serviceHost } from '@/lib/istio/hosts'
import { routingOfService } from '@/lib/istio/service-routing'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { notFound } from '../errors'
import { currentInventories, type Upstreams } from '../upstreams'
import { unreadNotices } from '../use-cases/config-scope'
import { objectRef } from '../use-cases/object-ref'

/**
 * The objects that route a service's requests. Throws Refusal('not-found') for a service that is not known: routes
 * of other hosts are edited as configuration.
 */
export function getServiceRouting(up: Upstreams, query: SplitTargetsQuery): ServiceRouting {
  const { cluster, namespace, service } = query
  const inventory = currentInventories(up.inventories).find((one) => one.cluster === cluster)
  const index = inventory && indexInventory(inventory)
  if (!index?.services.has(`${namespace}/${service}`)) {
    throw notFound(
      `Kubernetes knows no service ${namespace}/${service} in cluster ${cluster}.`,
      'service-not-found',
    )
  }
  return {
    cluster,
    namespace,
    service,
    host: serviceHost(service, namespace),
    objects: routingOfService(index, namespace, service).map(({ object, why }) => ({
      ref: { ...objectRef(object), cluster },
      why,
    })),
    notices: unreadNotices(up),
  }
}
