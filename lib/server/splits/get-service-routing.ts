import 'server-only'
import type { SplitTargetsQuery } from '@/lib/api/schemas/requests'
import type { ServiceRouting } from '@/lib/api/schemas/config/routing'
import { serviceHost } from '@/lib/istio/hosts'
import { routingOfService } from '@/lib/istio/service-routing'
import { isUnread } from '@/lib/istio/unread'
import { indexInventory } from '@/lib/mesh/inventory-index'
import { clusterNamed } from '../changes/targets'
import { notFound, Refusal } from '../errors'
import { currentAccess, isVisible } from '../session/access'
import { forbiddenNotices, notReadWords, refusedKinds, whyHidden } from '../snapshots/objects'
import type { Upstreams } from '../upstreams'
import { objectRef } from '../use-cases/object-ref'

/** Kinds that have a say in where a service's requests go. */
const ROUTING = ['VirtualService', 'HTTPRoute', 'GRPCRoute', 'DestinationRule', 'Gateway', 'ServiceEntry']

/**
 * The objects that route a service's requests. Throws Refusal for a service that is not known (routes of other hosts
 * are edited as configuration) and where there are no objects to read.
 */
export async function getServiceRouting(up: Upstreams, query: SplitTargetsQuery): Promise<ServiceRouting> {
  const { cluster, namespace, service } = query
  const source = clusterNamed(up, cluster)
  const { inventory } = source.current()
  if (!inventory) {
    throw new Refusal('unavailable', notReadWords(source), {
      code: 'kubernetes-not-read',
    })
  }
  const index = indexInventory(inventory)
  if (!index.services.has(`${namespace}/${service}`)) {
    const why = refusedKinds(source).includes('Service') ? whyHidden(source) : null
    if (why !== null) throw new Refusal('unavailable', why, { code: 'kubernetes-not-read' })
    throw notFound(
      `Kubernetes knows no service ${namespace}/${service} in cluster ${cluster}.`,
      'service-not-found',
    )
  }
  const access = await currentAccess(up)
  const found = routingOfService(index, namespace, service)
  const seen = found.filter(({ object }) => isVisible(access, cluster, object.metadata.namespace ?? ''))
  const hidden = found.length - seen.length
  return {
    cluster,
    namespace,
    service,
    host: serviceHost(service, namespace),
    objects: seen.map(({ object, why, isOwn }) => ({ ref: { ...objectRef(object), cluster }, why, isOwn })),
    unread: ROUTING.filter((kind) => isUnread(index, kind)),
    notices: [
      ...forbiddenNotices(up, cluster),
      ...(hidden === 0
        ? []
        : [
            {
              code: 'objects-hidden',
              message: `${hidden} more ${hidden === 1 ? 'object routes' : 'objects route'} this service from namespaces you may not see.`,
            },
          ]),
    ],
  }
}
