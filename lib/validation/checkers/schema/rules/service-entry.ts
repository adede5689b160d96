import type { FieldPath } from '@/lib/validation/finding'
import { isIp, isSubnet } from '@/lib/validation/lookups/addresses'
import { isHttp, isKnownProtocol, isTcp, isTls } from '@/lib/validation/lookups/protocols'
import {
  asFields,
  asList,
  asText,
  asTexts,
  findNumber,
  isFields,
  items,
  labelsOf,
  specOf,
  type Fields,
} from '@/lib/validation/read'
import { namespaceOf } from '@/lib/validation/world'
import { checkSocket } from './gateway'
import type { Rules, Say } from './say'
import {
  checkExportTo,
  checkLabels,
  checkPort,
  checkSelector,
  hostProblem,
  isAddressOrHost,
  isDnsLabel,
  wildcardHostProblem,
} from './values'

/** Source: istio/istio pkg/config/validation/validation.go, ValidateServiceEntry */
export const serviceEntryRules: Rules = (object, say) => {
  const spec = specOf(object)
  const hosts = asTexts(spec.hosts)
  const resolution = asText(spec.resolution) || 'NONE'
  const endpoints = items(spec.endpoints)
  checkSelector(
    spec.workloadSelector,
    'labels',
    ['spec', 'workloadSelector'],
    say,
    'takes all workloads of the namespace',
  )
  if (isFields(spec.workloadSelector) && spec.endpoints !== undefined) {
    say.error(['spec', 'endpoints'], 'workloadSelector and endpoints exclude each other. Leave one of them.')
  }
  checkHosts(hosts, say)
  checkAddresses(spec, resolution, say)
  const ports = checkPorts(spec, allocatesAddress(spec, labelsOf(object)), say)
  if (resolution === 'NONE') {
    if (endpoints.length > 0)
      say.error(
        ['spec', 'endpoints'],
        'Resolution NONE forwards to the address called and has no endpoints. Use STATIC or DNS.',
      )
    if (isFields(spec.workloadSelector))
      say.warning(['spec', 'workloadSelector'], 'Resolution NONE uses no workloads. Use STATIC.')
  } else if (resolution === 'STATIC') {
    for (const [endpoint, index] of endpoints)
      checkEndpoint(endpoint, ['spec', 'endpoints', index], ports, false, say)
  } else if (resolution === 'DNS' || resolution === 'DNS_ROUND_ROBIN') {
    checkDns(spec, hosts, endpoints, resolution, ports, say)
  }
  const isAmbiguous = resolution !== 'NONE' && hosts.length > 1
  const other = items(spec.ports).find(
    ([port]) => !isHttp(asText(port.protocol)) && !isTls(asText(port.protocol)),
  )
  if (isAmbiguous && other) {
    say.error(
      ['spec', 'ports', other[1], 'protocol'],
      'Several hosts cannot share a port that is neither HTTP nor TLS: nothing tells them apart. Use one entry a host.',
    )
  }
  checkExportTo(asTexts(spec.exportTo), namespaceOf(object), say, { allowsNone: true })
}

function checkHosts(hosts: readonly string[], say: Say): void {
  if (hosts.length === 0) say.error(['spec', 'hosts'], 'A ServiceEntry needs at least one host.')
  for (const [index, host] of hosts.entries()) {
    const path = ['spec', 'hosts', index]
    const problem = host === '*' ? 'it would stand for every host' : wildcardHostProblem(host)
    if (problem !== undefined) say.error(path, `The host ${host} cannot be used: ${problem}.`)
    else if (host.includes('*') && !host.startsWith('*.')) {
      say.warning(
        path,
        `The wildcard of ${host} stands for part of a name, which proxies cannot match. Begin it with *.`,
      )
    }
  }
}

function checkAddresses(spec: Fields, resolution: string, say: Say): void {
  for (const [index, address] of asTexts(spec.addresses).entries()) {
    const path = ['spec', 'addresses', index]
    if (!isSubnet(address)) say.error(path, `${address} is no address and no range.`)
    else if (address.includes('/') && resolution !== 'NONE' && resolution !== 'STATIC') {
      say.error(path, `Ranges of addresses go with resolution NONE or STATIC, not ${resolution}.`)
    }
  }
}

/** True when istiod gives the entry an address by itself. */
function allocatesAddress(spec: Fields, labels: Readonly<Record<string, string>>): boolean {
  if (labels['networking.istio.io/enable-autoallocate-ip'] === 'false') return false
  const resolution = asText(spec.resolution) || 'NONE'
  return resolution !== 'NONE' && !asTexts(spec.hosts).some((host) => host.includes('*'))
}

/** Answers the names of the ports. */
function checkPorts(spec: Fields, allocates: boolean, say: Say): ReadonlySet<string> {
  const names = new Set<string>()
  const numbers = new Set<number>()
  for (const [port, index] of items(spec.ports)) {
    const path = ['spec', 'ports', index]
    const name = asText(port.name)
    const number = findNumber(port.number) ?? 0
    const protocol = asText(port.protocol)
    if (names.has(name)) say.error([...path, 'name'], `The port name ${name || '(none)'} is used twice.`)
    if (numbers.has(number)) say.error([...path, 'number'], `The port ${number} is defined twice.`)
    names.add(name)
    numbers.add(number)
    if (!isDnsLabel(name))
      say.error([...path, 'name'], `${name || 'An empty text'} is no port name. Use letters, digits and -.`)
    if (protocol !== '' && !isKnownProtocol(protocol))
      say.error([...path, 'protocol'], `${protocol} is no protocol that proxies know.`)
    checkPort(number, [...path, 'number'], say)
    if ((findNumber(port.targetPort) ?? 0) !== 0) checkPort(port.targetPort, [...path, 'targetPort'], say)
    if (asList(spec.addresses).length === 0 && !allocates && (protocol === '' || protocol === 'TCP')) {
      say.warning(
        path,
        'A TCP port without addresses takes all connections to that port number. Set addresses, or a protocol that names the host.',
      )
    }
  }
  return names
}

function checkDns(
  spec: Fields,
  hosts: readonly string[],
  endpoints: readonly (readonly [Fields, number])[],
  resolution: string,
  ports: ReadonlySet<string>,
  say: Say,
): void {
  if (endpoints.length === 0) {
    for (const [index, host] of hosts.entries()) {
      if (hostProblem(host) === undefined) continue
      say.error(
        ['spec', 'hosts', index],
        `${host} cannot be looked up in DNS. Name endpoints, or use hosts without wildcard.`,
      )
    }
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    say.error(
      ['spec', 'endpoints'],
      'Resolution DNS_ROUND_ROBIN takes one endpoint at most. Use DNS for several.',
    )
  }
  for (const [endpoint, index] of endpoints) {
    const path = ['spec', 'endpoints', index]
    const address = asText(endpoint.address)
    if (!isAddressOrHost(address))
      say.error([...path, 'address'], `${address || 'An empty text'} is no host and no address.`)
    checkLabels(endpoint.labels, [...path, 'labels'], say)
    checkEndpointPorts(endpoint, path, ports, say)
  }
  const tcp = items(spec.ports).find(([port]) => isTcp(asText(port.protocol)))
  if (asList(spec.addresses).length > 0 && hosts.length > 1 && tcp) {
    say.warning(
      ['spec', 'hosts'],
      'Several hosts share the addresses and a TCP port: nothing tells them apart. Use one entry a host.',
    )
  }
}

/** `servicePorts` null: the endpoint stands alone and its ports may have any name. */
function checkEndpoint(
  endpoint: Fields,
  path: FieldPath,
  servicePorts: ReadonlySet<string> | null,
  allowsHost: boolean,
  say: Say,
): void {
  const address = asText(endpoint.address)
  const ports = Object.keys(asFields(endpoint.ports))
  if (address === '') {
    if (asText(endpoint.network) === '') {
      say.error(path, 'The endpoint needs an address.')
      return
    }
    say.warning(path, 'The endpoint has no address; it is only reached through gateways of its network.')
  } else if (address.startsWith('unix://')) {
    checkSocket(address.slice('unix://'.length), [...path, 'address'], say)
    if (ports.length > 0) say.error([...path, 'ports'], 'A socket has no ports. Remove them.')
    if (servicePorts && servicePorts.size !== 1)
      say.error([...path, 'address'], 'A socket serves exactly one service port.')
  } else if (!isIp(address) && (!allowsHost || hostProblem(address) !== undefined)) {
    say.error(
      [...path, 'address'],
      `${address} is no address${allowsHost ? ' and no host' : '; use resolution DNS for host names'}.`,
    )
  }
  checkEndpointPorts(endpoint, path, servicePorts, say)
  checkLabels(endpoint.labels, [...path, 'labels'], say)
}

function checkEndpointPorts(
  endpoint: Fields,
  path: FieldPath,
  servicePorts: ReadonlySet<string> | null,
  say: Say,
): void {
  for (const [name, port] of Object.entries(asFields(endpoint.ports))) {
    const at = [...path, 'ports', name]
    if (servicePorts && !servicePorts.has(name))
      say.error(at, `The entry has no port of the name ${name}. Use the names of spec.ports.`)
    if (!isDnsLabel(name)) say.error(at, `${name} is no port name. Use letters, digits and -.`)
    checkPort(port, at, say)
  }
}

export const workloadEntryRules: Rules = (object, say) => {
  checkEndpoint(specOf(object), ['spec'], null, true, say)
}

export const workloadGroupRules: Rules = (object, say) => {
  const { template, metadata, probe } = specOf(object)
  if (!isFields(template)) say.error(['spec'], 'A WorkloadGroup needs a template.')
  checkLabels(asFields(metadata).labels, ['spec', 'metadata', 'labels'], say)
  if (!isFields(probe)) return
  const path = ['spec', 'probe']
  for (const field of [
    'periodSeconds',
    'initialDelaySeconds',
    'timeoutSeconds',
    'successThreshold',
    'failureThreshold',
  ]) {
    const value = probe[field]
    if (typeof value === 'number' && value < 0)
      say.error([...path, field], `${field} cannot be negative (${value}).`)
  }
  const { httpGet, tcpSocket, exec, grpc } = probe
  if (isFields(httpGet)) {
    checkPort(findNumber(httpGet.port) ?? 0, [...path, 'httpGet', 'port'], say)
    if (!['', 'HTTP', 'HTTPS'].includes(asText(httpGet.scheme)))
      say.error([...path, 'httpGet', 'scheme'], 'A probe goes to HTTP or HTTPS.')
  } else if (isFields(tcpSocket)) {
    checkPort(findNumber(tcpSocket.port) ?? 0, [...path, 'tcpSocket', 'port'], say)
  } else if (isFields(exec)) {
    if (asList(exec.command).length === 0)
      say.error([...path, 'exec', 'command'], 'The probe needs a command.')
  } else if (!isFields(grpc)) {
    say.error(path, 'The probe says nothing to ask. Set httpGet, tcpSocket, grpc or exec.')
  }
}
