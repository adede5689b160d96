/** For which hosts and through which gateways an object of routes speaks. */
import { numberAt, listAt, textAt, textsAt } from '../form'

/** Form of a whole virtual service. No gateways: within the mesh. */
export const hostsForm = {
  hosts: textsAt('spec', 'hosts'),
  gateways: textsAt('spec', 'gateways'),
  exportTo: textsAt('spec', 'exportTo'),
}

/** Form of a whole HTTPRoute. No host names: every host of its gateways. */
export const routeHostsForm = {
  hostnames: textsAt('spec', 'hostnames'),
  parents: listAt(['spec', 'parentRefs'], {
    kind: textAt('kind'),
    namespace: textAt('namespace'),
    name: textAt('name'),
    sectionName: textAt('sectionName'),
    port: numberAt('port'),
  }),
}
