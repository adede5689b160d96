/** Ambient mode: who is enrolled, and which waypoint answers for whom. */
import type { ConfigObject } from '@/lib/mesh/inventory'
import { asFields, asList, asText, isFields, items, labelsOf, specOf } from '../read'
import { namespaceOf, type World } from '../world'
import { isNamespaceAmbient } from './injection'
import { NAMESPACE, SERVICE } from './kinds'

export const USE_WAYPOINT = 'istio.io/use-waypoint'
export const WAYPOINT_NAMESPACE = 'istio.io/use-waypoint-namespace'

export function isAmbient(world: World, namespace: string): boolean {
  return isNamespaceAmbient(world.find(NAMESPACE, '', namespace))
}

/** The waypoint a label names; empty for none. */
function named(object: ConfigObject | undefined): string | undefined {
  const value = object && labelsOf(object)[USE_WAYPOINT]
  return value === 'none' ? '' : value
}

export function namespaceHasWaypoint(world: World, namespace: string): boolean {
  return Boolean(named(world.find(NAMESPACE, '', namespace)))
}

/** A service's own label counts before its namespace's. */
export function serviceHasWaypoint(world: World, service: ConfigObject): boolean {
  return Boolean(named(service) ?? named(world.find(NAMESPACE, '', namespaceOf(service))))
}

/** Some service of the namespace has a waypoint of its own, or the namespace has one. */
export function hasAnyWaypoint(world: World, namespace: string): boolean {
  if (namespaceHasWaypoint(world, namespace)) return true
  return world.inNamespace(SERVICE, namespace).some((service) => Boolean(named(service)))
}

export function hasTargetRefs(object: ConfigObject): boolean {
  const { targetRef, targetRefs } = specOf(object)
  return isFields(targetRef) || asList(targetRefs).length > 0
}

const L4_KEYS =
  /^(source\.(ip|namespace|principal|serviceAccount)|remote\.ip|destination\.(ip|port)|connection\.sni)$/
const L7_FIELDS = ['methods', 'notMethods', 'paths', 'notPaths', 'hosts', 'notHosts']

/** True when an AuthorizationPolicy asks for what only a proxy that reads HTTP can know. */
export function hasHttpRules(object: ConfigObject): boolean {
  const spec = specOf(object)
  return items(spec.rules).some(
    ([rule]) =>
      items(rule.to).some(([to]) =>
        L7_FIELDS.some((field) => asList(asFields(to.operation)[field]).length > 0),
      ) ||
      items(rule.from).some(([from]) =>
        ['requestPrincipals', 'notRequestPrincipals'].some(
          (field) => asList(asFields(from.source)[field]).length > 0,
        ),
      ) ||
      items(rule.when).some(([when]) => !L4_KEYS.test(asText(when.key))),
  )
}
