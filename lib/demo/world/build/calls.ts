/** Short ways to write down what a workload answers and what it calls for that. */
import type { CallSpec, EndpointSpec, WireProtocol } from '@/lib/demo/model'

interface Working {
  /** container port */
  port: number
  /** own working time: median and P99 in milliseconds */
  latencyMs: [median: number, p99: number]
  /** request and response (TCP: sent by the client and back, per exchange) */
  bytes: [request: number, response: number]
  clientErrorRatio?: number
  calls?: CallSpec[]
}

/** An HTTP endpoint; `request` is method and path as in `GET /reviews/0`. */
export function http(request: string, working: Working): EndpointSpec {
  return endpoint('http', request, working)
}

/** A gRPC endpoint; `method` is `package.Service/Method`. */
export function grpc(method: string, working: Working): EndpointSpec {
  return endpoint('grpc', `POST /${method}`, working)
}

export function tcp(working: Working): EndpointSpec {
  return endpoint('tcp', '', working)
}

interface CallOptions {
  headers?: Record<string, string>
  required?: boolean
}

/**
 * A call to a service, written `namespace/service:port`, or to an outside host, written `host:port`.
 * `request` as in `http`; empty for TCP. Throws on an address without a port.
 */
export function call(address: string, request: string, perRequest = 1, options: CallOptions = {}): CallSpec {
  const { target, port } = parseAddress(address)
  const { method, path } = parseRequest(request)
  return { target, port, method, path, perRequest, ...options }
}

/** As `call`, for a gRPC method written `package.Service/Method`. */
export function callGrpc(
  address: string,
  method: string,
  perRequest = 1,
  options: CallOptions = {},
): CallSpec {
  return call(address, `POST /${method}`, perRequest, options)
}

/** Target and port of `namespace/service:port` or `host:port`. */
export function parseAddress(address: string): Pick<CallSpec, 'target' | 'port'> {
  const [name = '', digits = ''] = address.split(':')
  const port = Number(digits)
  if (name === '' || !(port > 0)) throw new Error(`not an address: ${address}`)
  const [namespace = '', service] = name.split('/')
  return { target: service === undefined ? { host: name } : { namespace, service }, port }
}

/** Method and path of `GET /path`; both empty for TCP. */
export function parseRequest(request: string): Pick<CallSpec, 'method' | 'path'> {
  const [method = '', path = ''] = request.split(' ')
  return { method, path }
}

function endpoint(protocol: WireProtocol, request: string, working: Working): EndpointSpec {
  const [median, p99] = working.latencyMs
  const [requestBytes, responseBytes] = working.bytes
  return {
    port: working.port,
    protocol,
    ...parseRequest(request),
    latencyMs: { median, p99 },
    errorRatio: 0,
    ...(working.clientErrorRatio === undefined ? {} : { clientErrorRatio: working.clientErrorRatio }),
    requestBytes,
    responseBytes,
    calls: working.calls ?? [],
  }
}
