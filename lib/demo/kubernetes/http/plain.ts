import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { openApiV2, openApiV3, openApiV3Index } from '../openapi/documents'
import { encodeOpenApiV2 } from '../openapi/protobuf'
import { unknownPath } from './api-error'
import {
  KUBERNETES_VERSION,
  apiGroup,
  apiGroupList,
  apiResourceList,
  apiVersions,
  servedGroups,
} from './discovery'
import { sendJson, sendText } from './responses'

const PROTOBUF_V2 = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf'
/** The form with @ is what clients ask for and no valid media type: the answer says it with a dot. */
const ANSWERED_PROTOBUF_V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/**
 * Paths that name no resource: health, version, discovery, OpenAPI. False when it is none of them.
 * `documents`: OpenAPI documents written once, by path and form.
 */
export function answerPlain(
  documents: Map<string, Buffer>,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  if (/^\/(healthz|readyz|livez)(\/.*)?$/.test(path)) {
    sendText(response, 200, 'ok')
    return true
  }
  if (path.startsWith('/openapi/')) {
    sendDocument(documents, request, response, path)
    return true
  }
  const body = discoveryBody(path)
  if (body === undefined) return false
  sendJson(response, 200, body)
  return true
}

function discoveryBody(path: string): unknown {
  if (path === '/version') return KUBERNETES_VERSION
  if (path === '/')
    return {
      paths: [
        '/api',
        '/api/v1',
        '/apis',
        '/healthz',
        '/livez',
        '/openapi/v2',
        '/openapi/v3',
        '/readyz',
        '/version',
      ],
    }
  if (path === '/api') return apiVersions()
  if (path === '/apis') return apiGroupList()
  const [, root, ...parts] = path.split('/')
  if (root === 'api' && parts.length === 1) return apiResourceList('', parts[0] ?? '')
  if (root !== 'apis') return undefined
  const [group = '', version] = parts
  const versions = servedGroups().get(group)
  if (versions === undefined || parts.length > 2) return undefined
  if (version === undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(group, versions) }
  return apiResourceList(group, version)
}

function sendDocument(
  documents: Map<string, Buffer>,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): void {
  const accept = request.headers.accept ?? ''
  const isProtobuf =
    path === '/openapi/v2' && (accept.includes(PROTOBUF_V2) || accept.includes(ANSWERED_PROTOBUF_V2))
  const isGzipped = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const key = `${path} ${isProtobuf} ${isGzipped}`
  let body = documents.get(key)
  if (body === undefined) {
    const document = documentAt(path)
    if (document === undefined) throw unknownPath()
    const plain = isProtobuf ? encodeOpenApiV2(document) : Buffer.from(JSON.stringify(document))
    body = isGzipped ? gzipSync(plain) : plain
    documents.set(key, body)
  }
  response.writeHead(200, {
    'Content-Type': isProtobuf ? ANSWERED_PROTOBUF_V2 : 'application/json',
    'Content-Length': body.length,
    Vary: 'Accept, Accept-Encoding',
    ...(isGzipped ? { 'Content-Encoding': 'gzip' } : {}),
  })
  response.end(body)
}

function documentAt(path: string): ReturnType<typeof openApiV3> {
  if (path === '/openapi/v2') return openApiV2()
  if (path === '/openapi/v3') return openApiV3Index()
  const place = /^\/openapi\/v3\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path)
  return place === null ? undefined : openApiV3(place[1] ?? '', place[2] ?? '')
}
