import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { GATEWAY_CLASS, K8S_GATEWAY, NAMESPACE, REFERENCE_GRANT } from '@/lib/validation/lookups/kinds'
import { asText, findNumber, fullName, items, listed, specOf, type Fields } from '@/lib/validation/read'
import { append, type World } from '@/lib/validation/world'

/** What Istio brings by itself. */
const BUILT_IN = new Set(['istio', 'istio-remote', 'istio-waypoint', 'istio-east-west'])

function indexPlaces(world: World): ReadonlyMap<string, readonly ConfigObject[]> {
  const byPlace = new Map<string, ConfigObject[]>()
  world.each(K8S_GATEWAY, (object) => {
    const { listeners, addresses } = specOf(object)
    const keys = [
      ...items(listeners).map(([one]) => listenerKey(one)),
      ...items(addresses).map(([one]) => addressKey(one)),
    ]
    for (const key of new Set(keys)) append(byPlace, key, object)
  })
  return byPlace
}

function listenerKey(listener: Fields): string {
  return `listener ${asText(listener.hostname)}:${findNumber(listener.port) ?? 0} ${asText(listener.protocol)}`
}

function addressKey(address: Fields): string {
  return `address ${asText(address.type) || 'IPAddress'} ${asText(address.value)}`
}

/** Gateways of the Gateway API that get in each other's way, or that nobody serves; grants to nobody. */
export const k8sGateways: Checker = {
  codes: { KIA1501: 'warning', KIA1502: 'warning', KIA1503: 'error', KIA1504: 'error', KIA1601: 'error' },
  check(world, report) {
    world.each(K8S_GATEWAY, (object) => {
      const { listeners, addresses, gatewayClassName } = specOf(object)
      const name = asText(gatewayClassName)
      const others = (key: string) =>
        (world.lookup(indexPlaces, key) ?? []).filter(
          (other) => other !== object && specOf(other).gatewayClassName === name,
        )
      const seen = new Set<string>()
      // waypoints all listen on one port, each for its own
      const isShared = name === 'istio-waypoint' || name === 'istio-east-west'
      for (const [listener, index] of items(listeners)) {
        const key = listenerKey(listener)
        const path = ['spec', 'listeners', index]
        if (seen.has(key)) {
          const message = `Another listener of this Gateway has the same host, port and protocol. Remove one, or give each a host of its own.`
          report('KIA1503', object, path, message)
        }
        seen.add(key)
        const rivals = isShared ? [] : others(key)
        if (rivals.length === 0) continue
        const message = `${listed(rivals.map(fullName).sort())} has a listener for the same host, port and protocol; clients cannot tell which they get. Give each a host of its own.`
        report('KIA1501', object, path, message)
      }
      for (const [address, index] of items(addresses)) {
        const rivals = others(addressKey(address))
        if (rivals.length === 0) continue
        const message = `${listed(rivals.map(fullName).sort())} asks for the same address ${asText(address.value)}; only one can have it.`
        report('KIA1502', object, ['spec', 'addresses', index], message)
      }
      if (
        name !== '' &&
        !BUILT_IN.has(name) &&
        !world.list(GATEWAY_CLASS).some((one) => one.metadata.name === name)
      ) {
        const message = `There is no GatewayClass ${name}, so nobody serves this Gateway. Correct the name, such as istio, or install the controller.`
        report('KIA1504', object, ['spec', 'gatewayClassName'], message)
      }
    })
    world.each(REFERENCE_GRANT, (object) => {
      for (const [from, index] of items(specOf(object).from)) {
        const namespace = asText(from.namespace)
        if (namespace === '' || world.find(NAMESPACE, '', namespace)) continue
        const message = `There is no namespace ${namespace}, so nobody is granted anything. Correct the name.`
        report('KIA1601', object, ['spec', 'from', index, 'namespace'], message)
      }
    })
  },
}
