import 'server-only'
import type { SplitTargetsQuery } from '@/lib/api/schemas/requests'
import type { ServiceRouting } from '@/lib/api/schemas/routing'
import { serviceHost } from '@/lib/istio/hosts'
import { routingOfService } from '@/lib/istio/service-routing'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { clusterNamed } from '../changes/targets'
import { notFound, Refusal } from '../errors'
import type { Upstreams } from '../upstreams'
import { unreadNotices } from '../use-cases/config-scope'
import { objectRef } from '../use-cases/object-ref'

/**
 * The objects that route a service's requests. Throws Refusal for a service that is not known (routes of other hosts
 * are edited as configuration) and where there are no objects to read.
 */
export function getServiceRouting(up: Upstreams, query: SplitTargetsQuery): ServiceRouting {
  const { cluster, namespace, service } = query
  const { inventory } = clusterNamed(up, cluster).current()
  if (!inventory) {
    throw new Refusal('unavailable', `The objects of cluster ${cluster} have not been read yet.`, {
      code: 'kubernetes-not-read',
    })
  }
  const index = indexInventory(inventory)
  if (!index.services.has(`${namespace}/${service}`)) {
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
