/** Ways in which a Prometheus lets its clients down. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Scenario } from './scenario'

export type PrometheusTrouble = 'down' | 'slow' | '500' | 'html' | 'truncated'

/** Longer than clients wait. */
export const SLOW_MS = 20_000

const LOGIN_PAGE = `<!doctype html>
<html><head><title>Sign in</title></head>
<body><h1>Sign in</h1><form method="post" action="/login"><input name="user"><input name="password" type="password">
<button>Sign in</button></form></body></html>
`

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** The handler as it behaves in this trouble. */
export function troubled(handler: Handler, trouble: PrometheusTrouble): Handler {
  return (request, response) => {
    if (trouble === 'down') {
      request.socket.destroy()
    } else if (trouble === '500') {
      response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
      response.end('opening storage failed: input/output error\n')
    } else if (trouble === 'html') {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(LOGIN_PAGE)
    } else if (trouble === 'slow') {
      const timer = setTimeout(() => handler(request, response), SLOW_MS)
      response.on('close', () => clearTimeout(timer))
    } else {
      handler(request, cutInHalf(response))
    }
  }
}

/** Sends the head and the first half of the body, then breaks the connection. */
function cutInHalf(response: ServerResponse): ServerResponse {
  const pieces: Buffer[] = []
  const keep = (piece: unknown) => {
    if (typeof piece === 'string' || piece instanceof Uint8Array) pieces.push(Buffer.from(piece))
  }
  response.write = (piece: unknown) => {
    keep(piece)
    return true
  }
  const send = response.end.bind(response)
  const write = Object.getPrototypeOf(response).write.bind(response) as (piece: Buffer) => boolean
  response.end = ((piece?: unknown) => {
    keep(piece)
    const body = Buffer.concat(pieces)
    if (body.length < 2) return send(body)
    if (!response.headersSent) response.setHeader('content-length', body.length)
    write(body.subarray(0, Math.floor(body.length / 2)))
    // after what was written has left
    setImmediate(() => response.destroy())
    return response
  }) as ServerResponse['end']
  return response
}

function trouble(
  name: Scenario['name'],
  kind: PrometheusTrouble,
  title: string,
  description: string,
): Scenario {
  return {
    name,
    title,
    description,
    start({ setPrometheusTrouble }) {
      setPrometheusTrouble(kind)
      return () => setPrometheusTrouble(null)
    },
  }
}

export const prometheusTroubles: readonly Scenario[] = [
  trouble('prometheus-down', 'down', 'Prometheus down', 'Prometheus refuses every connection.'),
  trouble('prometheus-slow', 'slow', 'Prometheus slow', 'Prometheus answers after twenty seconds.'),
  trouble('prometheus-500', '500', 'Prometheus fails', 'Prometheus answers every request with status 500.'),
  trouble(
    'prometheus-html',
    'html',
    'Prometheus behind a login',
    'A login page answers instead of Prometheus.',
  ),
  trouble(
    'prometheus-truncated',
    'truncated',
    'Prometheus cut off',
    'Answers of Prometheus break off half way.',
  ),
]
