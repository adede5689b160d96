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
import type { Rules, Say } from './say'
import { isDnsLabel, isPort, scopedHostProblem } from './values'

/** Source: istio/istio pkg/config/validation/validation.go, ValidateGateway */
export const gatewayRules: Rules = (object, say) => {
  const spec = specOf(object)
  const { name } = object.metadata
  if (!isDnsLabel(name))
    say.error(['metadata', 'name'], `${name} is no name for a Gateway. Use letters, digits and -.`)
  const servers = items(spec.servers)
  if (servers.length === 0) say.error(['spec'], 'A Gateway needs at least one server.')
  const names = new Set<string>()
  for (const [server, index] of servers) {
    const path = ['spec', 'servers', index]
    checkServer(server, path, say)
    if (!isFields(server.port)) continue
    const portName = asText(server.port.name)
    if (names.has(portName)) {
      say.error(
        [...path, 'port', 'name'],
        `The port name ${portName || '(none)'} is used twice. Give each server's port its own name.`,
      )
    }
    names.add(portName)
    if (asFields(server.tls).httpsRedirect === true && !isHttp(asText(server.port.protocol))) {
      say.warning(
        [...path, 'tls', 'httpsRedirect'],
        'httpsRedirect is for plain HTTP servers. Remove it here.',
      )
    }
  }
}

function checkServer(server: Fields, path: FieldPath, say: Say): void {
  const hosts = asTexts(server.hosts)
  if (hosts.length === 0) say.error([...path, 'hosts'], 'A server needs at least one host.')
  for (const [index, host] of hosts.entries()) {
    const problem = scopedHostProblem(host, false)
    if (problem !== undefined) say.error([...path, 'hosts', index], `The host cannot be used: ${problem}.`)
  }
  const bind = asText(server.bind)
  const isPortValid = checkServerPort(server.port, bind, path, say)
  checkBind(bind, asFields(server.port), [...path, 'bind'], say)
  checkServerTls(server.tls, [...path, 'tls'], say)
  if (!isPortValid) return
  const protocol = asText(asFields(server.port).protocol)
  const { tls } = server
  if (isTls(protocol) && !isFields(tls)) {
    say.error(path, `A server for ${protocol} needs tls settings.`)
  } else if (!isTls(protocol) && isFields(tls)) {
    const isRedirect = isHttp(protocol) && isPassthrough(tls)
    const hasFiles = ['caCertificates', 'privateKey', 'serverCertificate'].some(
      (field) => asText(tls[field]) !== '',
    )
    if (!isRedirect || hasFiles)
      say.error(
        [...path, 'tls'],
        `A server for ${protocol} has no TLS to set up. Use HTTPS or TLS as its protocol.`,
      )
  }
}

function checkServerPort(value: unknown, bind: string, path: FieldPath, say: Say): boolean {
  if (!isFields(value)) {
    say.error(path, 'A server needs a port.')
    return false
  }
  let isValid = true
  const refuse = (at: FieldPath, message: string) => {
    isValid = false
    say.error(at, message)
  }
  const protocol = asText(value.protocol)
  if (!isKnownProtocol(protocol)) {
    refuse(
      [...path, 'port', 'protocol'],
      `${protocol || 'An empty text'} is no protocol. Use HTTP, HTTPS, GRPC, HTTP2, TCP, TLS, MONGO…`,
    )
  }
  const number = findNumber(value.number) ?? 0
  if ((number !== 0 || !bind.startsWith('unix://')) && !isPort(number)) {
    refuse([...path, 'port', 'number'], `${number} is no port. Use a number from 1 to 65535.`)
  }
  if ((findNumber(value.targetPort) ?? 0) > 0)
    refuse([...path, 'port', 'targetPort'], 'targetPort has no effect on a Gateway. Remove it.')
  if (asText(value.name) === '') refuse([...path, 'port', 'name'], 'The port needs a name.')
  return isValid
}

function checkBind(bind: string, port: Fields, path: FieldPath, say: Say): void {
  if (bind.startsWith('unix://')) {
    checkSocket(bind.slice('unix://'.length), path, say)
    if ((findNumber(port.number) ?? 0) !== 0) say.error(path, 'A socket has no port: set port.number to 0.')
  } else if (bind !== '' && !isIp(bind)) {
    say.error(path, `${bind} is no address to bind to.`)
  }
}

/** The path of a Unix socket: absolute, or abstract with @. */
export function checkSocket(socket: string, path: FieldPath, say: Say): void {
  if (socket.startsWith('@')) return
  if (!socket.startsWith('/') || socket.endsWith('/'))
    say.error(path, `${socket || 'An empty text'} is no path of a socket. Write it from the root.`)
}

function isPassthrough(tls: Fields): boolean {
  return ['', 'PASSTHROUGH', 'AUTO_PASSTHROUGH'].includes(asText(tls.mode))
}

const CIPHERS = new Set(
  [
    'ECDHE-ECDSA-AES128-GCM-SHA256 ECDHE-RSA-AES128-GCM-SHA256 ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384 ECDHE-ECDSA-CHACHA20-POLY1305 ECDHE-RSA-CHACHA20-POLY1305',
    'ECDHE-ECDSA-AES128-SHA ECDHE-RSA-AES128-SHA ECDHE-ECDSA-AES256-SHA ECDHE-RSA-AES256-SHA',
    'ECDHE-ECDSA-AES128-SHA256 ECDHE-RSA-AES128-SHA256 ECDHE-ECDSA-AES256-SHA384 ECDHE-RSA-AES256-SHA384',
    'AES128-GCM-SHA256 AES256-GCM-SHA384 AES128-SHA AES256-SHA AES128-SHA256 AES256-SHA256 DES-CBC3-SHA',
    'PSK-AES128-CBC-SHA PSK-AES256-CBC-SHA ECDHE-PSK-AES128-CBC-SHA ECDHE-PSK-AES256-CBC-SHA',
    'ECDHE-PSK-CHACHA20-POLY1305',
  ]
    .join(' ')
    .split(' '),
)

/** TLS settings of a server: what its mode needs, and nothing it ignores. */
export function checkServerTls(value: unknown, path: FieldPath, say: Say): void {
  if (!isFields(value)) return
  const mode = asText(value.mode)
  const has = (field: string) => asText(value[field]) !== '' || asList(value[field]).length > 0
  if (['TLSV1_0', 'TLSV1_1'].includes(asText(value.minProtocolVersion)) && !has('cipherSuites')) {
    say.warning(
      [...path, 'minProtocolVersion'],
      'Versions below TLS 1.2 need cipherSuites that fit them; the preset ones do not.',
    )
  }
  const suites = asTexts(value.cipherSuites)
  for (const [index, suite] of suites.entries()) {
    if (!CIPHERS.has(suite))
      say.warning(
        [...path, 'cipherSuites', index],
        `${suite} is no cipher suite of the proxy and is ignored.`,
      )
    else if (suites.indexOf(suite) !== index)
      say.warning([...path, 'cipherSuites', index], `${suite} is named twice.`)
  }
  const sources = [
    'serverCertificate',
    'privateKey',
    'caCertificates',
    'tlsCertificates',
    'credentialName',
    'credentialNames',
  ]
  if (mode === 'ISTIO_MUTUAL') {
    for (const field of sources.filter(has))
      say.error([...path, field], `Mode ISTIO_MUTUAL uses the mesh's own certificates. Remove ${field}.`)
    return
  }
  if (isPassthrough(value) && [...sources, 'caCrl'].some(has)) {
    say.warning(
      [...path, 'mode'],
      `Mode ${mode || 'PASSTHROUGH'} does not end TLS, so its certificates are ignored. Use SIMPLE or MUTUAL to use them.`,
    )
  }
  const given = [
    has('serverCertificate') && has('privateKey'),
    has('credentialName'),
    has('credentialNames'),
    has('tlsCertificates'),
  ].filter(Boolean)
  if (given.length > 1)
    say.error(
      path,
      'Certificates come from several places (files, credentialName, tlsCertificates). Leave one.',
    )
  const isSimple = mode === 'SIMPLE'
  const isMutual = mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL'
  if ((!isSimple && !isMutual) || has('credentialName') || has('credentialNames')) return
  if (isMutual && !has('caCertificates'))
    say.error(path, `Mode ${mode} needs caCertificates to verify clients.`)
  const certificates = items(value.tlsCertificates)
  const list: readonly (readonly [Fields, FieldPath])[] =
    certificates.length > 0
      ? certificates.map(([one, index]) => [one, [...path, 'tlsCertificates', index]] as const)
      : [[value, path]]
  if (certificates.length > 2)
    say.warning([...path, 'tlsCertificates'], 'Proxies use at most two certificates.')
  for (const [one, at] of list) {
    if (asText(one.serverCertificate) === '')
      say.error(at, `Mode ${mode} needs serverCertificate, or a credentialName.`)
    if (asText(one.privateKey) === '') say.error(at, `Mode ${mode} needs privateKey, or a credentialName.`)
  }
  if (has('caCrl') && isSimple)
    say.error([...path, 'caCrl'], 'A revocation list is for client certificates; mode SIMPLE has none.')
}
