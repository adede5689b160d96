/** `pods/{name}/portforward` over a WebSocket, as the kubelet answers it: one port, HTTP inside. */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { KubernetesObject } from '@/lib/demo/model'
import {
  CHANNEL_PROTOCOL,
  channelMessage,
  createFrameReader,
  DATA_CHANNEL,
  encodeFrame,
  ERROR_CHANNEL,
  OPCODES,
  portMessage,
} from '@/lib/proxy/frames'
import type { PodPorts } from '@/lib/demo/proxy/pod-ports'

/** RFC 6455, section 1.3 */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Takes an upgrade that was authorized and serves one connection to a port of the pod. */
export function servePortForward(
  request: IncomingMessage,
  socket: Duplex,
  pod: KubernetesObject,
  port: number,
  ports: PodPorts,
): void {
  const key = String(request.headers['sec-websocket-key'] ?? '')
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64')
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: ${CHANNEL_PROTOCOL}\r\n\r\n`,
  )
  const send = (message: Uint8Array) => socket.write(encodeFrame(OPCODES.binary, message))
  send(portMessage(DATA_CHANNEL, port))
  send(portMessage(ERROR_CHANNEL, port))
  const read = createFrameReader()
  let heard = ''
  const close = () => {
    socket.write(encodeFrame(OPCODES.close, new Uint8Array([0x03, 0xe8])))
    socket.end()
  }
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes: Buffer) => {
    for (const { opcode, payload } of read(bytes)) {
      if (opcode === OPCODES.close) return close()
      if (opcode !== OPCODES.binary || payload[0] !== DATA_CHANNEL) continue
      heard += new TextDecoder('latin1').decode(payload.subarray(1))
      // what is asked inside has no body
      if (!heard.includes('\r\n\r\n')) continue
      const [, method = 'GET', path = '/'] = /^(\S+) (\S+) HTTP/.exec(heard) ?? []
      const answer = ports(pod, port, { method, path })
      if (answer) send(channelMessage(DATA_CHANNEL, httpAnswer(answer)))
      else {
        const said = `error forwarding port ${port} to pod ${pod.metadata.name}: failed to connect to localhost:${port} inside namespace: connection refused`
        send(channelMessage(ERROR_CHANNEL, new TextEncoder().encode(said)))
      }
      return close()
    }
  })
}

function httpAnswer({
  status,
  contentType,
  body,
}: {
  status: number
  contentType: string
  body: string
}): Uint8Array {
  const bytes = new TextEncoder().encode(body)
  const head = `HTTP/1.1 ${status} ${status === 200 ? 'OK' : 'Not OK'}\r\ncontent-type: ${contentType}\r\ncontent-length: ${bytes.byteLength}\r\nconnection: close\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes])
}
