import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import {
  GRPC_ROUTE,
  HTTP_ROUTE,
  K8S_GATEWAY,
  REFERENCE_GRANT,
  SERVICE,
  SERVICE_ENTRY,
} from '@/lib/validation/lookups/kinds'
import { asText, asTexts, items, specOf, type Fields } from '@/lib/validation/read'
import { namespaceOf, type World } from '@/lib/validation/world'
import { whyDetached } from './listeners'

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
            const detached = gateway
              ? whyDetached(world, gateway, object, { parent, path })
              : { problem: `There is no Gateway ${namespace}/${name}`, path: [...path, 'name'] }
            if (detached) {
              report(
                'KIA1401',
                object,
                detached.path,
                `${detached.problem}, so the route has no effect there. Correct the reference, or the gateway's listeners.`,
              )
            }
          } else if (parentKind === 'Service') {
            const service = world.find(SERVICE, namespace, name)
            if (!service) {
              const message = `There is no service ${namespace}/${name}, so the route has no effect. Correct the name.`
              report('KIA1402', object, [...path, 'name'], message)
            } else if (typeof parent.port === 'number' && !hasPort(service, parent.port)) {
              const message = `The service ${namespace}/${name} has no port ${parent.port}, so the route has no effect. Correct the port, or leave it out.`
              report('KIA1402', object, [...path, 'port'], message)
            }
          }
        }
        for (const [rule, i] of items(spec.rules)) {
          for (const [backend, j] of items(rule.backendRefs)) {
            const problem = problemOf(world, object, backend)
            if (problem === undefined) continue
            const path = ['spec', 'rules', i, 'backendRefs', j, problem.field]
            report('KIA1402', object, path, problem.message)
          }
        }
      })
    }
  },
}

interface Problem {
  field: 'name' | 'port'
  message: string
}

function problemOf(world: World, route: ConfigObject, backend: Fields): Problem | undefined {
  const kind = asText(backend.kind) || 'Service'
  const name = asText(backend.name)
  const namespace = asText(backend.namespace) || namespaceOf(route)
  const misnamed = (message: string): Problem => ({ field: 'name', message })
  if (kind === 'Hostname') {
    const isKnown = world.list(SERVICE_ENTRY).some((entry) => asTexts(specOf(entry).hosts).includes(name))
    return isKnown
      ? undefined
      : misnamed(
          `No ServiceEntry has the host ${name}: requests to it fail with 500. Create one, or correct the name.`,
        )
  }
  if (kind !== 'Service') return undefined
  const service = world.find(SERVICE, namespace, name)
  if (!service) {
    return misnamed(
      `There is no service ${namespace}/${name}: its requests fail with 500. Correct the name, or create the service.`,
    )
  }
  if (namespace !== namespaceOf(route) && !isGranted(world, route, namespace, name)) {
    return misnamed(
      `The service ${namespace}/${name} is of another namespace, and no ReferenceGrant there lets this route use it: its requests fail with 500. Create one in ${namespace}.`,
    )
  }
  if (typeof backend.port !== 'number' || hasPort(service, backend.port)) return undefined
  const message = `The service ${namespace}/${name} has no port ${backend.port}: its requests fail. Correct the port.`
  return { field: 'port', message }
}

function hasPort(service: ConfigObject, port: number): boolean {
  return items(specOf(service).ports).some(([each]) => each.port === port)
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
