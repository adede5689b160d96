import type { ConfigObject } from '@/lib/mesh/inventory'
import type { Checker } from '@/lib/validation/finding'
import { GATEWAY } from '@/lib/validation/lookups/kinds'
import { selects } from '@/lib/validation/lookups/selectors'
import { asFields, asText, asTextMap, fullName, isFields, items, listed, specOf } from '@/lib/validation/read'
import { append, type World } from '@/lib/validation/world'

interface Use {
  object: ConfigObject
  server: number
}

/** Servers by the certificate they present. */
function indexCertificates(world: World): ReadonlyMap<string, Use[]> {
  const uses = new Map<string, Use[]>()
  for (const object of world.list(GATEWAY)) {
    for (const [{ tls }, server] of items(specOf(object).servers)) {
      const key = isFields(tls) ? certificateOf(asFields(tls)) : undefined
      if (key !== undefined) append(uses, key, { object, server })
    }
  }
  return uses
}

function certificateOf({ credentialName, serverCertificate, privateKey }: Readonly<Record<string, unknown>>) {
  if (asText(credentialName) !== '') return `secret ${asText(credentialName)}`
  if (asText(serverCertificate) === '' || asText(privateKey) === '') return undefined
  return `file ${asText(serverCertificate)} ${asText(privateKey)}`
}

/**
 * One certificate on several Gateways of the same pods: a browser that reuses its HTTP/2 connection for the
 * other host is answered 404.
 */
export const duplicateCertificate: Checker = {
  codes: { IST0138: 'warning' },
  check(world, report) {
    for (const uses of world.derive(indexCertificates).values()) {
      for (const { object, server } of uses) {
        const selector = asTextMap(specOf(object).selector)
        const others = uses
          .filter((use) => use.object !== object && selects(selector, asTextMap(specOf(use.object).selector)))
          .map((use) => fullName(use.object))
        if (others.length === 0) continue
        const names = listed([...new Set(others)].sort())
        const message = `This server's certificate is also used by ${names} on the same pods: clients that reuse a connection for another host get 404. Put the hosts of one certificate into one Gateway.`
        report('IST0138', object, ['spec', 'servers', server, 'tls'], message)
      }
    }
  },
}
