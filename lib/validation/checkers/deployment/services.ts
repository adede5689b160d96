import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { isDeploymentInMesh, templateOf } from '@/lib/validation/lookups/injection'
import { DEPLOYMENT, SERVICE } from '@/lib/validation/lookups/kinds'
import { selects } from '@/lib/validation/lookups/selectors'
import { asText, asTextMap, findNumber, items, labelsOf, listed, specOf } from '@/lib/validation/read'
import { append, namespaceOf } from '@/lib/validation/world'

/** Several services of one Deployment must agree about its ports: a proxy has one listener a port. */
export const deploymentServices: Checker = {
  codes: { IST0116: 'warning', IST0137: 'warning' },
  check(world, report) {
    world.each(DEPLOYMENT, (object) => {
      if (labelsOf(object)['gateway.istio.io/managed'] === 'istio.io-mesh-controller') return
      const services = world.inNamespace(SERVICE, namespaceOf(object))
      if (services.length === 0 || !isDeploymentInMesh(world, object)) return
      const { labels } = templateOf(object)
      const protocols = new Map<number, Map<string, string[]>>()
      const targets = new Map<string, Map<number, string>>()
      for (const service of services) {
        const selector = asTextMap(specOf(service).selector)
        if (Object.keys(selector).length > 0 && selects(selector, labels))
          collect(service, protocols, targets)
      }
      for (const [port, byProtocol] of protocols) {
        if (byProtocol.size < 2) continue
        const names = listed([...new Set([...byProtocol.values()].flat())].sort())
        const message = `The services ${names} of this Deployment use port ${port} with different protocols (${[...byProtocol.keys()].sort().join(', ')}); the proxy can only do one. Use one protocol for the port.`
        report('IST0116', object, ['metadata', 'name'], message)
      }
      for (const [target, byPort] of targets) {
        if (byPort.size < 2) continue
        const names = listed([...new Set(byPort.values())].sort())
        const ports = [...byPort.keys()].sort((a, b) => a - b).join(', ')
        const message = `The services ${names} of this Deployment send different ports (${ports}) to the target port ${target}; the proxy can apply the settings of only one. Use one service port for a target port.`
        report('IST0137', object, ['metadata', 'name'], message)
      }
    })
  },
}

function collect(
  service: ConfigObject,
  protocols: Map<number, Map<string, string[]>>,
  targets: Map<string, Map<number, string>>,
): void {
  const { name } = service.metadata
  for (const [definition] of items(specOf(service).ports)) {
    const port = findNumber(definition.port)
    if (port === undefined) continue
    const byProtocol = protocols.get(port) ?? new Map<string, string[]>()
    protocols.set(port, byProtocol)
    append(byProtocol, asText(definition.protocol) || 'TCP', name)
    const target = definition.targetPort
    const key = typeof target === 'string' && target !== '' ? target : String(findNumber(target) || port)
    const byPort = targets.get(key) ?? new Map<number, string>()
    targets.set(key, byPort)
    byPort.set(port, name)
  }
}
