/** What a server between two others does with what it only looks at. */
import { request, type IncomingMessage, type ServerResponse } from 'node:http'

export interface Forwarding {
  /** what was read of the request already */
  body?: Buffer
  /** Asked when the answer begins: true when it goes no further. */
  keepsAnswer?: () => boolean
}

/** Hands a request on to `target` as it came, and the answer back; who goes away is followed. */
export function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  target: URL,
  { body, keepsAnswer = () => false }: Forwarding = {},
): void {
  const { hostname, port } = target
  const onward = request(
    { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
    (answer) => {
      if (keepsAnswer()) return
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    },
  )
  onward.on('error', () => outgoing.destroy())
  outgoing.on('close', () => onward.destroy())
  if (body) onward.end(body)
  else incoming.pipe(onward)
}
