import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse as parseYaml } from 'yaml'
import { isRecord } from '../json'
import type { JsonRecord } from '../json'
import { ApiError, badRequest } from './api-error'
import { PROTOBUF, decodeProtobuf } from './protobuf/bodies'

/** Larger bodies are refused, as by a real API server. */
const MAX_BODY_BYTES = 3 * 1024 * 1024
const MAX_YAML_ALIASES = 100

export function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Readonly<Record<string, string | string[]>> = {},
): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`)
  response.writeHead(code, {
    'Content-Type': 'application/json',
    'Content-Length': text.length,
    'Cache-Control': 'no-cache, private',
    ...headers,
  })
  response.end(text)
}

export function sendText(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(text)
}

export function sendError(response: ServerResponse, error: unknown): void {
  const refusal =
    error instanceof ApiError
      ? error
      : new ApiError(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : 'unknown'}`,
        )
  if (response.headersSent) {
    response.end()
    return
  }
  sendJson(response, refusal.code, refusal.toStatus())
}

/** The media type of a header value, without parameters, in lower case. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** The body of a request; throws ApiError 413 beyond the bound. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) {
      throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY_BYTES}`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The value a JSON or YAML body holds. Throws ApiError 400 for bad text, 415 for other media types. */
export function parseBody(body: Buffer, contentType: string | undefined): unknown {
  const type = mediaType(contentType)
  if (type === PROTOBUF) return decodeProtobuf(body)
  const text = body.toString('utf8')
  if (type === 'application/yaml' || type === 'application/apply-patch+yaml') {
    try {
      return parseYaml(text, { maxAliasCount: MAX_YAML_ALIASES }) as unknown
    } catch (error) {
      throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : 'unreadable'}`)
    }
  }
  if (type !== '' && !type.endsWith('json')) {
    throw new ApiError(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml`,
    )
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${error instanceof Error ? error.message : 'unreadable'}`,
    )
  }
}

/** A body that must be one object. */
export function parseObject(body: Buffer, contentType: string | undefined): JsonRecord {
  const value = parseBody(body, contentType)
  if (!isRecord(value)) throw badRequest('the body of the request must be an object')
  return value
}

export type Representation = 'object' | 'table' | 'metadata' | 'metadataList'

/** What the client wants to read: the first form of its Accept header we can give. */
export function wantedForm(accept: string | undefined): Representation {
  for (const part of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = part.split(';').map((piece) => piece.trim())
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*' && type !== '') continue
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3)
    if (as === undefined) return 'object'
    if (as === 'Table') return 'table'
    if (as === 'PartialObjectMetadata') return 'metadata'
    if (as === 'PartialObjectMetadataList') return 'metadataList'
  }
  return 'object'
}

/** Whether the client takes JSON at all. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true
  return /(^|,)\s*(application\/(json|\*)|\*\/\*)/.test(accept)
}
