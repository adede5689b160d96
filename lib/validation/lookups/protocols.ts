/**
 * Protocols of ports as Istio names them, in any case.
 * List: https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
const HTTP = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web'])
const TLS = new Set(['https', 'tls'])
const TCP = new Set(['tcp', 'https', 'tls', 'mongo', 'redis', 'mysql'])
const OTHERS = new Set(['udp', 'hbone'])

export function isKnownProtocol(name: string): boolean {
  const protocol = name.toLowerCase()
  return HTTP.has(protocol) || TCP.has(protocol) || OTHERS.has(protocol)
}

export function isHttp(name: string): boolean {
  return HTTP.has(name.toLowerCase())
}

/** Protocols whose connections begin with TLS. */
export function isTls(name: string): boolean {
  return TLS.has(name.toLowerCase())
}

export function isTcp(name: string): boolean {
  return TCP.has(name.toLowerCase())
}
