import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** Answers smaller than this are not worth compressing. */
const GZIP_FROM_BYTES = 1400

export function acceptsGzip(req: IncomingMessage): boolean {
  const accepted = req.headers['accept-encoding'] ?? ''
  return String(accepted)
    .split(',')
    .some((entry) => /^\s*(gzip|\*)\s*(;|$)/i.test(entry) && !/;\s*q=0(\.0*)?\s*$/i.test(entry))
}

/** Sends text made piece by piece, compressed when asked for and worth it. */
export function sendPieces(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  contentType: string,
  pieces: Iterable<string>,
): void {
  const iterator = pieces[Symbol.iterator]()
  const first = iterator.next()
  const second = first.done ? first : iterator.next()
  const headers: Record<string, string | number> = { 'content-type': contentType, vary: 'Accept-Encoding' }
  const head = first.done ? '' : first.value
  if (second.done) {
    const length = Buffer.byteLength(head)
    if (length < GZIP_FROM_BYTES || !acceptsGzip(req)) {
      res.writeHead(status, { ...headers, 'content-length': length })
      res.end(req.method === 'HEAD' ? undefined : head)
      return
    }
  }
  const zipped = acceptsGzip(req)
  res.writeHead(status, zipped ? { ...headers, 'content-encoding': 'gzip' } : headers)
  if (req.method === 'HEAD') {
    res.end()
    return
  }
  const text = Readable.from(
    (function* () {
      yield head
      if (!second.done) yield second.value
      for (let next = iterator.next(); !second.done && !next.done; next = iterator.next()) yield next.value
    })(),
  )
  const sent = zipped ? pipeline(text, createGzip({ level: 1 }), res) : pipeline(text, res)
  // a reader that hangs up in the middle is its own business
  sent.catch(() => res.destroy())
}

export function sendText(req: IncomingMessage, res: ServerResponse, status: number, text: string): void {
  sendPieces(req, res, status, 'text/plain; charset=utf-8', [text])
}

export type ErrorType =
  'bad_data' | 'execution' | 'timeout' | 'canceled' | 'internal' | 'not_found' | 'unavailable'

const STATUS: Readonly<Record<ErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  canceled: 503,
  internal: 500,
  not_found: 404,
  unavailable: 503,
}

/** A failure in Prometheus's own shape: `{"status":"error","errorType":…,"error":…}`. */
export class ApiError extends Error {
  override readonly name = 'ApiError'

  constructor(
    readonly type: ErrorType,
    message: string,
  ) {
    super(message)
  }
}

export function badParameter(name: string, reason: string): ApiError {
  return new ApiError('bad_data', `invalid parameter "${name}": ${reason}`)
}

export function sendError(req: IncomingMessage, res: ServerResponse, { type, message }: ApiError): void {
  const body = JSON.stringify({ status: 'error', errorType: type, error: message })
  sendPieces(req, res, STATUS[type], 'application/json', [body])
}

export function sendData(req: IncomingMessage, res: ServerResponse, data: Iterable<string>): void {
  sendPieces(req, res, 200, 'application/json', inChunks(envelope(data)))
}

function* envelope(data: Iterable<string>): Generator<string> {
  yield '{"status":"success","data":'
  yield* data
  yield '}'
}

/** Pieces large enough to be worth a write each. */
function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length > 65_536) {
      yield chunk
      chunk = ''
    }
  }
  if (chunk !== '') yield chunk
}
