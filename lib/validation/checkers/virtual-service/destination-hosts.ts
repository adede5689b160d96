import type { Checker } from '@/lib/validation/finding'
import { findService } from '@/lib/validation/lookups/hosts'
import { VIRTUAL_SERVICE } from '@/lib/validation/lookups/kinds'
import { asTexts, listed, specOf } from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'
import { destinationsOf } from './destinations'

/** A destination must be a service that is known and visible, with the port that is named. */
export const destinationHosts: Checker = {
  codes: { IST0101: 'error', IST0112: 'error' },
  check(world, report) {
    world.each(VIRTUAL_SERVICE, (object) => {
      const namespace = namespaceOf(object)
      const exportTo = asTexts(specOf(object).exportTo)
      for (const { host, port, path, isMirror } of destinationsOf(object)) {
        if (host === '') continue
        const service = findService(world, host, namespace, exportTo)
        if (!service) {
          const role = isMirror ? 'Mirrored requests go' : 'Requests go'
          const message = `${role} to the host ${host}, but no service or ServiceEntry that is visible from namespace ${namespace} has it. Correct the host, or create or export the service.`
          report('IST0101', object, [...path, 'host'], message)
        } else if (port === undefined) {
          if (service.ports.length > 1) {
            const message = `${host} has several ports (${listed(service.ports.map(String))}), and the destination does not say which. Set destination.port.number.`
            report('IST0112', object, [...path, 'host'], message)
          }
        } else if (!service.ports.includes(port)) {
          const has =
            service.ports.length === 0 ? 'it has none' : `it has ${listed(service.ports.map(String))}`
          const message = `${host} has no port ${port}; ${has}. Choose a port of the service.`
          report('IST0101', object, [...path, 'port', 'number'], message)
        }
      }
    })
  },
}
