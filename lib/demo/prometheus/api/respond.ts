import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzip } from 'node:zlib'

/** Answers smaller than this are not worth compressing. */
const GZIP_FROM_BYTES = 1400

export function acceptsGzip(req: IncomingMessage): boolean {
  const accepted = req.headers['accept-encoding'] ?? ''
  return String(accepted)
    .split(',')
    .some((entry) => /^\s*(gzip|\*)\s*(;|$)/i.test(entry) && !/;\s*q=0(\.0*)?\s*$/i.test(entry))
}

/** Sends a whole body, compressed when asked for and worth it. */
export function sendBody(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  contentType: string,
  body: string,
): void {
  const plain = Buffer.from(body, 'utf8')
  const headers = { 'content-type': contentType, vary: 'Accept-Encoding' }
  if (plain.length < GZIP_FROM_BYTES || !acceptsGzip(req)) {
    res.writeHead(status, { ...headers, 'content-length': plain.length }).end(plain)
    return
  }
  gzip(plain, { level: 1 }, (error, zipped) => {
    if (res.destroyed) return
    if (error) {
      res.writeHead(status, { ...headers, 'content-length': plain.length }).end(plain)
      return
    }
    res
      .writeHead(status, { ...headers, 'content-encoding': 'gzip', 'content-length': zipped.length })
      .end(zipped)
  })
}

export function sendJson(req: IncomingMessage, res: ServerResponse, status: number, json: string): void {
  sendBody(req, res, status, 'application/json', json)
}
