/**
 * What proxies at the edge listen to.
 * https://istio.io/latest/docs/reference/config/networking/gateway/,
 * https://gateway-api.sigs.k8s.io/reference/spec/#listener
 */
import { asList, getAt, setAt } from '../fields'
import {
  flagAt,
  listAt,
  numberAt,
  sectionAt,
  textAt,
  textMapAt,
  textsAt,
  type Binding,
  type FormOf,
} from '../form'

const server = {
  portNumber: numberAt('port', 'number'),
  portName: textAt('port', 'name'),
  protocol: textAt('port', 'protocol'),
  hosts: textsAt('hosts'),
  tls: sectionAt(['tls'], {
    mode: textAt('mode'),
    credentialName: textAt('credentialName'),
    httpsRedirect: flagAt('httpsRedirect'),
    minProtocolVersion: textAt('minProtocolVersion'),
  }),
}

/** Form of a whole Gateway of Istio. */
export const gatewayForm = {
  selector: textMapAt('spec', 'selector'),
  servers: listAt(['spec', 'servers'], server),
}

export const NEW_SERVER: FormOf<typeof gatewayForm>['servers'][number] = {
  origin: null,
  portNumber: 80,
  portName: 'http',
  protocol: 'HTTP',
  hosts: [],
  tls: null,
}

/** Names of the secrets with the listener's certificates, in its own namespace. */
const certificates: Binding<string[]> = {
  path: ['tls', 'certificateRefs'],
  read: (listener) =>
    asList(getAt(listener, ['tls', 'certificateRefs'])).flatMap((each) => {
      const name = getAt(each, ['name'])
      return typeof name === 'string' ? [name] : []
    }),
  write: (listener, names) => {
    const before = asList(getAt(listener, ['tls', 'certificateRefs']))
    const refs = names.map((name) => before.find((each) => getAt(each, ['name']) === name) ?? { name })
    return setAt(listener, ['tls', 'certificateRefs'], refs.length === 0 ? undefined : refs)
  },
}

/** Form of a whole Gateway of the Gateway API. */
export const k8sGatewayForm = {
  listeners: listAt(['spec', 'listeners'], {
    name: textAt('name'),
    hostname: textAt('hostname'),
    port: numberAt('port'),
    protocol: textAt('protocol'),
    tlsMode: textAt('tls', 'mode'),
    certificates,
    /** Same, All or Selector; empty: Same */
    allowedFrom: textAt('allowedRoutes', 'namespaces', 'from'),
  }),
}

export const NEW_LISTENER: FormOf<typeof k8sGatewayForm>['listeners'][number] = {
  origin: null,
  name: 'http',
  hostname: '',
  port: 80,
  protocol: 'HTTP',
  tlsMode: '',
  certificates: [],
  allowedFrom: '',
}
