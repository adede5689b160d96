import { hostsOverlap } from '@/lib/istio/hosts'
import type { ConfigObject } from '@/lib/mesh/inventory'
import type { FieldPath } from '@/lib/validation/finding'
import { NAMESPACE } from '@/lib/validation/lookups/kinds'
import { matchesLabelSelector } from '@/lib/validation/lookups/selectors'
import {
  asFields,
  asList,
  asText,
  asTexts,
  items,
  labelsOf,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

/** Why a route hangs on no listener of a gateway, and which field of the route it is about. */
export interface Detached {
  problem: string
  /** from the route's root */
  path: FieldPath
}

/** The label that every API server puts on a namespace itself. */
const OWN_NAME = 'kubernetes.io/metadata.name'

/** Listeners of these protocols forward connections, not requests. */
const WITHOUT_REQUESTS = new Set(['TCP', 'TLS', 'UDP'])

/**
 * What keeps a route from every listener of the gateway that its parentRef at `path` names; undefined where one takes
 * it. Each condition is judged among the listeners that passed the ones before it.
 * Rules: https://gateway-api.sigs.k8s.io/reference/spec/#parentreference and #allowedroutes
 */
export function whyDetached(
  world: World,
  gateway: ConfigObject,
  route: ConfigObject,
  { parent, path }: { parent: Fields; path: FieldPath },
): Detached | undefined {
  const name = `The Gateway ${namespaceOf(gateway)}/${gateway.metadata.name}`
  let left = items(specOf(gateway).listeners).map(([listener]) => listener)
  const keep = (test: (listener: Fields) => boolean) => {
    left = left.filter(test)
    return left.length > 0
  }
  const section = asText(parent.sectionName)
  if (section !== '' && !keep((listener) => listener.name === section)) {
    return { problem: `${name} has no listener ${section}`, path: [...path, 'sectionName'] }
  }
  const { port } = parent
  if (typeof port === 'number' && !keep((listener) => listener.port === port)) {
    const which = section === '' ? `${name} has no listener` : `The listener ${section} is not`
    return { problem: `${which} on port ${port}`, path: [...path, 'port'] }
  }
  const which = section === '' ? name : `The listener ${section}`
  if (!keep((listener) => takesNamespace(world, listener, namespaceOf(gateway), namespaceOf(route)))) {
    return { problem: `${which} takes no routes of namespace ${namespaceOf(route)}`, path: [...path, 'name'] }
  }
  if (!keep((listener) => takesKind(listener, route.kind))) {
    return { problem: `${which} takes no routes of kind ${route.kind}`, path: [...path, 'name'] }
  }
  const hostnames = asTexts(specOf(route).hostnames)
  if (hostnames.length > 0 && !keep((listener) => takesHost(listener, hostnames))) {
    return {
      problem: `${which} listens for none of the route's hostnames (${hostnames.join(', ')})`,
      path: ['spec', 'hostnames'],
    }
  }
  return undefined
}

function takesNamespace(world: World, listener: Fields, own: string, namespace: string): boolean {
  const { from, selector } = asFields(asFields(listener.allowedRoutes).namespaces)
  if (from === 'All') return true
  if (from !== 'Selector') return namespace === own
  const object = world.find(NAMESPACE, '', namespace)
  return matchesLabelSelector(selector, { [OWN_NAME]: namespace, ...(object ? labelsOf(object) : {}) })
}

function takesKind(listener: Fields, kind: string): boolean {
  const { kinds } = asFields(listener.allowedRoutes)
  if (asList(kinds).length === 0) return !WITHOUT_REQUESTS.has(asText(listener.protocol))
  return items(kinds).some(([each]) => each.kind === kind)
}

function takesHost(listener: Fields, hostnames: readonly string[]): boolean {
  const own = asText(listener.hostname)
  return own === '' || hostnames.some((hostname) => hostsOverlap(own, hostname))
}
