/** The objects that decide where the requests of a service go and how: what the editors of routes offer. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { InventoryIndex } from '@/lib/mesh/inventory-index'
import { gatewaysBoundTo } from './applied-config'
import { serviceHost } from './hosts'
import { readObjects, type Read } from './objects'
import type { RouteSpec } from './schemas/gateway-api'
import { rulesOfService } from './service-rules'

export interface RoutingReason {
  object: ConfigObject
  /** it speaks for the service itself: a second one beside it would contradict it */
  isOwn: boolean
  /** a clause: "routes requests for reviews.bookinfo.svc.cluster.local" */
  why: string
}

/** In the order in which a request meets them: entries, routes, policies; each object once with its first reason. */
export function routingOfService(index: InventoryIndex, namespace: string, name: string): RoutingReason[] {
  const host = serviceHost(name, namespace)
  const { virtualServices, routes, destinationRules } = rulesOfService(index, namespace, name)
  const routesIt = (isOwn: boolean) =>
    isOwn ? `routes requests for ${host}` : `routes some of its requests to ${host}`
  const plain = readObjects(index).plainRoutes.filter((route) => sendsTo(route, namespace, name))
  const found = new Map<ConfigObject, RoutingReason>()
  const add = (object: ConfigObject, why: string, isOwn = false) => {
    if (!found.has(object)) found.set(object, { object, why, isOwn })
  }
  for (const { virtualService } of virtualServices) {
    for (const { object, why } of gatewaysBoundTo(index, virtualService)) add(object, why)
  }
  for (const route of [...routes.map((each) => each.route), ...plain]) {
    for (const gateway of readObjects(index).k8sGateways) {
      if (isAttachedTo(route, gateway)) {
        add(gateway.object, `lets in what ${route.object.kind} ${route.name} routes`)
      }
    }
  }
  for (const { virtualService, isHost } of virtualServices)
    add(virtualService.object, routesIt(isHost), isHost)
  for (const { route, isParent } of routes) add(route.object, routesIt(isParent), isParent)
  for (const route of plain) add(route.object, routesIt(false))
  for (const { object } of destinationRules) add(object, `sets the policy for ${host}`)
  return [...found.values()]
}

function isAttachedTo(route: Read<RouteSpec>, gateway: { namespace: string; name: string }): boolean {
  return route.spec.parentRefs.some(
    (parent) =>
      (parent.kind ?? 'Gateway') === 'Gateway' &&
      parent.name === gateway.name &&
      (parent.namespace ?? route.namespace) === gateway.namespace,
  )
}

function sendsTo(route: Read<RouteSpec>, namespace: string, name: string): boolean {
  const isService = (at: { kind?: string; namespace?: string; name: string }, preset: string) =>
    (at.kind ?? preset) === 'Service' && at.name === name && (at.namespace ?? route.namespace) === namespace
  return (
    route.spec.parentRefs.some((parent) => isService(parent, 'Gateway')) ||
    route.spec.rules.some((rule) => (rule.backendRefs ?? []).some((backend) => isService(backend, 'Service')))
  )
}
