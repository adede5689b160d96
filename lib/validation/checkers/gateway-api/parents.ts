import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import {
  GRPC_ROUTE,
  HTTP_ROUTE,
  K8S_GATEWAY,
  NAMESPACE,
  REFERENCE_GRANT,
  SERVICE,
  SERVICE_ENTRY,
} from '@/lib/validation/lookups/kinds'
import { matchesLabelSelector } from '@/lib/validation/lookups/selectors'
import { asFields, asText, asTexts, items, labelsOf, specOf, type Fields } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'

/** Routes hang on gateways that take them, and send to services they may reach. */
export const routeReferences: Checker = {
  codes: { KIA1401: 'error', KIA1402: 'error' },
  check(world, report) {
    for (const kind of [HTTP_ROUTE, GRPC_ROUTE] as const) {
      world.each(kind, (object) => {
        const spec = specOf(object)
        for (const [parent, index] of items(spec.parentRefs)) {
          const path = ['spec', 'parentRefs', index]
          const name = asText(parent.name)
          const namespace = asText(parent.namespace) || namespaceOf(object)
          const parentKind = asText(parent.kind) || 'Gateway'
          if (parentKind === 'Gateway') {
            const gateway = world.find(K8S_GATEWAY, namespace, name)
            const problem = !gateway
              ? `There is no Gateway ${namespace}/${name}`
              : takes(world, gateway, object, asText(parent.sectionName))
                ? undefined
                : `The Gateway ${namespace}/${name} takes no routes of namespace ${namespaceOf(object)}`
            if (problem) {
              report(
                'KIA1401',
                object,
                [...path, 'name'],
                `${problem}, so the route has no effect there. Correct the reference, or the gateway's allowedRoutes.`,
              )
            }
          } else if (parentKind === 'Service' && !world.find(SERVICE, namespace, name)) {
            const message = `There is no service ${namespace}/${name}, so the route has no effect. Correct the name.`
            report('KIA1402', object, [...path, 'name'], message)
          }
        }
        for (const [rule, i] of items(spec.rules)) {
          for (const [backend, j] of items(rule.backendRefs)) {
            const problem = problemOf(world, object, backend)
            if (problem !== undefined) {
              report('KIA1402', object, ['spec', 'rules', i, 'backendRefs', j, 'name'], problem)
            }
          }
        }
      })
    }
  },
}

/** Whether some listener takes routes of the object's namespace. */
function takes(world: World, gateway: ConfigObject, route: ConfigObject, section: string): boolean {
  const namespace = namespaceOf(route)
  return items(specOf(gateway).listeners).some(([listener]) => {
    if (section !== '' && asText(listener.name) !== section) return false
    const { from, selector } = asFields(asFields(listener.allowedRoutes).namespaces)
    if (from === 'All') return true
    if (from !== 'Selector') return namespace === namespaceOf(gateway)
    const owner = world.find(NAMESPACE, '', namespace)
    return owner !== undefined && matchesLabelSelector(selector, labelsOf(owner))
  })
}

function problemOf(world: World, route: ConfigObject, backend: Fields): string | undefined {
  const kind = asText(backend.kind) || 'Service'
  const name = asText(backend.name)
  const namespace = asText(backend.namespace) || namespaceOf(route)
  const isHost = kind === 'Hostname'
  if (isHost) {
    const isKnown = world.list(SERVICE_ENTRY).some((entry) => asTexts(specOf(entry).hosts).includes(name))
    return isKnown
      ? undefined
      : `No ServiceEntry has the host ${name}: requests to it fail with 500. Create one, or correct the name.`
  }
  if (kind !== 'Service') return undefined
  if (!world.find(SERVICE, namespace, name)) {
    return `There is no service ${namespace}/${name}: its requests fail with 500. Correct the name, or create the service.`
  }
  if (namespace === namespaceOf(route) || isGranted(world, route, namespace, name)) return undefined
  return `The service ${namespace}/${name} is of another namespace, and no ReferenceGrant there lets this route use it: its requests fail with 500. Create one in ${namespace}.`
}

function isGranted(world: World, route: ConfigObject, namespace: string, service: string): boolean {
  return world.inNamespace(REFERENCE_GRANT, namespace).some((grant) => {
    const { from, to } = specOf(grant)
    return (
      items(from).some(([one]) => one.kind === route.kind && one.namespace === namespaceOf(route)) &&
      items(to).some(([one]) => one.kind === 'Service' && (one.name === undefined || one.name === service))
    )
  })
}
