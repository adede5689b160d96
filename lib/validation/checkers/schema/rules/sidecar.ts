import type { FieldPath } from '@/lib/validation/finding'
import { isIp } from '@/lib/validation/lookups/addresses'
import { isHttp, isKnownProtocol, isTls } from '@/lib/validation/lookups/protocols'
import {
  asFields,
  asList,
  asText,
  asTexts,
  findNumber,
  isFields,
  items,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'
import { checkConnectionPool } from './destination-rule'
import { checkServerTls, checkSocket } from './gateway'
import type { Rules, Say } from './say'
import { checkPort, checkSelector, hostProblem, isDnsLabel, scopedHostProblem } from './values'

/** Source: istio/istio pkg/config/validation/validation.go, ValidateSidecar */
export const sidecarRules: Rules = (object, say) => {
  const spec = specOf(object)
  checkSelector(
    spec.workloadSelector,
    'labels',
    ['spec', 'workloadSelector'],
    say,
    'applies to all workloads of the namespace',
  )
  const ingress = items(spec.ingress)
  const egress = items(spec.egress)
  const hasMore = isFields(spec.outboundTrafficPolicy) || isFields(spec.inboundConnectionPool)
  if (ingress.length === 0 && egress.length === 0 && !hasMore) {
    say.error(['spec'], 'The Sidecar says nothing. Add egress, ingress or outboundTrafficPolicy.')
  }
  const numbers = new Set<number>()
  for (const [listener, index] of ingress) checkIngress(listener, ['spec', 'ingress', index], numbers, say)
  checkConnectionPool(spec.inboundConnectionPool, ['spec', 'inboundConnectionPool'], say)
  checkEgress(egress, namespaceOf(object), say)
  checkOutbound(spec.outboundTrafficPolicy, say)
}

function checkIngress(listener: Fields, path: FieldPath, numbers: Set<number>, say: Say): void {
  if (!isFields(listener.port)) {
    say.error(path, 'An ingress listener needs a port.')
    return
  }
  checkListenerPort(listener.port, asText(listener.bind), path, say)
  const number = findNumber(listener.port.number) ?? 0
  if (numbers.has(number))
    say.error([...path, 'port', 'number'], `The port ${number} has two listeners. Leave one.`)
  numbers.add(number)
  checkEndpoint(asText(listener.defaultEndpoint), [...path, 'defaultEndpoint'], say)
  const protocol = asText(listener.port.protocol)
  if (isFields(listener.tls)) checkIngressTls(listener.tls, protocol, [...path, 'tls'], say)
  checkConnectionPool(listener.connectionPool, [...path, 'connectionPool'], say)
  if (isFields(asFields(listener.connectionPool).http) && !isHttp(protocol)) {
    say.warning(
      [...path, 'connectionPool', 'http'],
      `The port's protocol is ${protocol || 'not said'}: only the TCP settings apply.`,
    )
  }
}

function checkIngressTls(tls: Fields, protocol: string, path: FieldPath, say: Say): void {
  for (const field of ['subjectAltNames', 'credentialNames', 'tlsCertificates']) {
    if (asList(tls[field]).length > 0)
      say.error([...path, field], `Sidecars do not read ${field}. Remove it.`)
  }
  if (tls.httpsRedirect === true)
    say.error([...path, 'httpsRedirect'], 'Sidecars do not redirect to HTTPS. Remove it.')
  if (asText(tls.credentialName) !== '')
    say.error(
      [...path, 'credentialName'],
      'Sidecars read certificates from files. Use serverCertificate and privateKey.',
    )
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH') {
    say.error(
      [...path, 'mode'],
      `A sidecar's listener cannot have the mode ${asText(tls.mode)}. Mesh TLS is set by PeerAuthentication.`,
    )
  }
  if (!isTls(protocol))
    say.error(
      path,
      `A listener for ${protocol || 'no protocol'} has no TLS to set up. Use HTTPS or TLS as its protocol.`,
    )
  checkServerTls(tls, path, say)
}

const OWN_ADDRESSES = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::'])

function checkEndpoint(endpoint: string, path: FieldPath, say: Say): void {
  if (endpoint === '') return
  if (endpoint.startsWith('unix://')) {
    checkSocket(endpoint.slice('unix://'.length), path, say)
    return
  }
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d+)$/.exec(endpoint)
  if (!match || !OWN_ADDRESSES.has(match[1] ?? match[2] ?? '')) {
    say.error(
      path,
      `${endpoint} is no endpoint of the pod itself. Write 127.0.0.1:port, 0.0.0.0:port, [::1]:port or unix:///path.`,
    )
  } else checkPort(match[3], path, say)
}

function checkListenerPort(port: Fields, bind: string, path: FieldPath, say: Say, isEgress = false): void {
  const name = asText(port.name)
  const protocol = asText(port.protocol)
  const number = findNumber(port.number) ?? 0
  if (name !== '' && !isDnsLabel(name))
    say.error([...path, 'port', 'name'], `${name} is no port name. Use letters, digits and -.`)
  if (protocol !== '' && !isKnownProtocol(protocol))
    say.error([...path, 'port', 'protocol'], `${protocol} is no protocol that proxies know.`)
  if ((findNumber(port.targetPort) ?? 0) > 0)
    say.error([...path, 'port', 'targetPort'], 'targetPort has no effect on a Sidecar. Remove it.')
  if (isEgress && number === 0) {
    if (bind.startsWith('unix://')) checkSocket(bind.slice('unix://'.length), [...path, 'bind'], say)
    else
      say.error(
        [...path, 'port', 'number'],
        'A listener without a port needs a socket to bind to (unix:///path).',
      )
    return
  }
  checkPort(number, [...path, 'port', 'number'], say)
  if (bind !== '' && !isIp(bind)) say.error([...path, 'bind'], `${bind} is no address to bind to.`)
}

function checkEgress(listeners: readonly (readonly [Fields, number])[], namespace: string, say: Say): void {
  const numbers = new Set<string>()
  for (const [listener, index] of listeners) {
    const path = ['spec', 'egress', index]
    if (isFields(listener.port)) {
      const bind = asText(listener.bind)
      checkListenerPort(listener.port, bind, path, say, true)
      const number = findNumber(listener.port.number) ?? 0
      const place = number === 0 ? bind : String(number)
      if (numbers.has(place))
        say.error(
          [...path, 'port'],
          `${number === 0 ? 'The socket' : 'The port'} ${place} has two listeners. Leave one.`,
        )
      numbers.add(place)
      if (number === 0 && !['', 'DEFAULT', 'NONE'].includes(asText(listener.captureMode))) {
        say.error([...path, 'captureMode'], 'Traffic to a socket is not captured. Use DEFAULT or NONE.')
      }
    } else if (index !== listeners.length - 1) {
      say.error(
        path,
        'The listener without a port takes all the rest and must be the last; there is one only.',
      )
    }
    checkEgressHosts(listener, namespace, path, say)
  }
}

function checkEgressHosts(listener: Fields, namespace: string, path: FieldPath, say: Say): void {
  const hosts = asTexts(listener.hosts)
  if (hosts.length === 0) say.error([...path, 'hosts'], 'An egress listener needs at least one host.')
  const seen = new Map<string, Set<string>>()
  for (const [index, host] of hosts.entries()) {
    const at = [...path, 'hosts', index]
    const problem = scopedHostProblem(host, true)
    if (problem !== undefined) say.error(at, `The host cannot be used: ${problem}.`)
    const slash = host.indexOf('/')
    if (slash < 0) continue
    const scope = host.slice(0, slash) === '.' ? namespace : host.slice(0, slash)
    const name = host.slice(slash + 1)
    const known = seen.get(scope) ?? new Set()
    seen.set(scope, known)
    const isCovered = name === '*' ? known.size > 0 : known.has(name) || known.has('*')
    if (isCovered) say.warning(at, `${host} repeats or covers another host of the listener. Leave one.`)
    known.add(name)
  }
  if (seen.get('*')?.has('*') && seen.size > 1) {
    say.warning([...path, 'hosts'], '*/* takes all services; the other hosts have no effect.')
  }
}

function checkOutbound(value: unknown, say: Say): void {
  const { mode, egressProxy } = asFields(value)
  if (!isFields(egressProxy)) return
  const path = ['spec', 'outboundTrafficPolicy', 'egressProxy']
  if (asText(mode) !== 'ALLOW_ANY') {
    say.error(path, 'egressProxy goes with mode ALLOW_ANY only.')
    return
  }
  const problem = hostProblem(asText(egressProxy.host))
  if (problem !== undefined) say.error([...path, 'host'], `The host cannot be used: ${problem}.`)
  if (!isFields(egressProxy.port)) say.error(path, 'egressProxy needs a port.')
  else checkPort(findNumber(egressProxy.port.number) ?? 0, [...path, 'port', 'number'], say)
}
