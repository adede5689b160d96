import type { Checker } from '@/lib/validation/finding'
import { isControlPlane, isSystemNamespace } from '@/lib/validation/lookups/injection'
import { SERVICE } from '@/lib/validation/lookups/kinds'
import { asText, findNumber, items, labelsOf, specOf, type Fields } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'
import { isKnownProtocol } from '@/lib/validation/lookups/protocols'

/** Services that istiod makes for Gateway API gateways and waypoints. */
const MANAGED = new Set([
  'istio.io-gateway-controller',
  'istio.io-mesh-controller',
  'istio.io-eastwest-controller',
])

/** The name or appProtocol of a port says its protocol; else the proxy guesses, or treats it as TCP. */
export const portNames: Checker = {
  codes: { IST0118: 'info', IST0150: 'warning' },
  check(world, report) {
    world.each(SERVICE, (object) => {
      if (isSystemNamespace(namespaceOf(object)) || isControlPlane(object)) return
      if (MANAGED.has(labelsOf(object)['gateway.istio.io/managed'] ?? '')) return
      const { ports, type } = specOf(object)
      for (const [port, index] of items(ports)) {
        const path = ['spec', 'ports', index, 'name']
        const name = asText(port.name)
        if (type === 'ExternalName') {
          if (saysProtocol(port) && name !== 'tcp') continue
          const message = `The port ${findNumber(port.port) ?? ''} of this ExternalName service is ${name === '' ? 'unnamed' : `named ${name}`}: the proxy then takes all addresses on that port for it and breaks other traffic. Name it by its protocol, such as http or tls.`
          report('IST0150', object, path, message)
        } else if (!saysProtocol(port)) {
          const message = `The port ${findNumber(port.port) ?? ''} ${name === '' ? 'has no name' : `is named ${name}`}, which says no protocol, so the proxy has to guess it. Set appProtocol, or begin the name with the protocol (http-${name || 'web'}).`
          report('IST0118', object, path, message)
        }
      }
    })
  },
}

/** Ports whose servers speak first: guessing would hang, so they count as TCP. */
const WELL_KNOWN = new Set([25, 53, 3306, 27017])

function saysProtocol(port: Fields): boolean {
  if (asText(port.protocol) === 'UDP') return true
  const appProtocol = asText(port.appProtocol)
  if (/^kubernetes\.io\/(h2c|ws|wss)$/.test(appProtocol)) return true
  const name = appProtocol || asText(port.name)
  if (/^grpc-web/i.test(name)) return true
  const number = findNumber(port.port)
  const [prefix = ''] = name.split('-')
  return isKnownProtocol(prefix) || (number !== undefined && WELL_KNOWN.has(number))
}
