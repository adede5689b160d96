import type { Checker } from '@/lib/validation/finding'
import { SERVICE_ENTRY } from '@/lib/validation/lookups/kinds'
import { asFields, asList, asText, items, specOf } from '@/lib/validation/read'

/** TCP has no host name: without an address, connections to different entries cannot be told apart. */
export const addresses: Checker = {
  codes: { IST0134: 'warning' },
  check(world, report) {
    const { proxyMetadata } = asFields(world.mesh.raw.defaultConfig)
    const { ISTIO_META_DNS_CAPTURE, ISTIO_META_DNS_AUTO_ALLOCATE, PILOT_ENABLE_IP_AUTOALLOCATE } =
      asFields(proxyMetadata)
    const allocates =
      isOn(ISTIO_META_DNS_CAPTURE) &&
      (isOn(ISTIO_META_DNS_AUTO_ALLOCATE) || isOn(PILOT_ENABLE_IP_AUTOALLOCATE))
    if (allocates) return
    world.each(SERVICE_ENTRY, (object) => {
      const spec = specOf(object)
      if (spec.addresses !== undefined && spec.addresses !== null) return
      if (asList(asFields(object.status).addresses).length > 0) return
      for (const [port, index] of items(spec.ports)) {
        const protocol = asText(port.protocol).toUpperCase()
        if (protocol !== '' && protocol !== 'TCP') continue
        const message = `The port ${asText(port.name) || index} carries ${protocol === '' ? 'an unsaid protocol' : 'TCP'} and the entry has no addresses, so its connections cannot be told from others on that port. Set addresses, or let the proxies allocate them (DNS capture).`
        report('IST0134', object, ['spec', 'ports', index], message)
      }
    })
  },
}

function isOn(value: unknown): boolean {
  return value === 'true' || value === true
}
