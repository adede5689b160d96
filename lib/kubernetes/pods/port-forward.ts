import 'server-only'
import { randomBytes } from 'node:crypto'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { Duplex } from 'node:stream'
import {
  channelMessage,
  CHANNEL_PROTOCOL,
  createFrameReader,
  DATA_CHANNEL,
  encodeFrame,
  ERROR_CHANNEL,
  OPCODES,
} from '@/lib/proxy/frames'

/**
 * A connection to a port of a pod, through the API server and the kubelet: they reach also what listens on the pod's
 * own loopback, as Envoy's administration does. Rejects with what `refused` throws when the server does not upgrade.
 */
export function openPortForward(
  url: URL,
  options: RequestOptions & { signal: AbortSignal },
  refused: (response: IncomingMessage) => Promise<never>,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      ...options,
      method: 'GET',
      headers: {
        ...options.headers,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': randomBytes(16).toString('base64'),
        'sec-websocket-protocol': CHANNEL_PROTOCOL,
      },
    })
    request.on('upgrade', (_response, socket, head) => resolve(new ForwardedPort(socket, head)))
    request.on('response', (response) => void refused(response).catch(reject))
    request.on('error', reject)
    request.end()
  })
}

class ForwardedPort extends Duplex {
  private readonly socket: Duplex
  private readonly opened = new Set<number>()
  private readonly read_ = createFrameReader()

  constructor(socket: Duplex, head: Uint8Array) {
    super({ allowHalfOpen: true })
    this.socket = socket
    socket.on('data', (bytes: Buffer) => this.accept(bytes))
    socket.on('end', () => this.push(null))
    socket.on('close', () => this.push(null))
    socket.on('error', (error) => this.destroy(error))
    if (head.byteLength > 0) this.accept(head)
  }

  override _read(): void {
    this.socket.resume()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.send(OPCODES.binary, channelMessage(DATA_CHANNEL, chunk), done)
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy()
    done(error)
  }

  private send(opcode: number, payload: Uint8Array, done?: (error?: Error | null) => void): void {
    this.socket.write(encodeFrame(opcode, payload, randomBytes(4)), done)
  }

  private accept(bytes: Uint8Array): void {
    let frames
    try {
      frames = this.read_(bytes)
    } catch (error) {
      this.destroy(error as Error)
      return
    }
    for (const { opcode, payload } of frames) {
      if (opcode === OPCODES.ping) this.send(OPCODES.pong, payload)
      else if (opcode === OPCODES.close) this.push(null)
      else this.takeMessage(payload)
      if (this.destroyed) return
    }
  }

  private takeMessage(message: Uint8Array): void {
    const channel = message[0]
    if (channel === undefined) return
    // the first message of a channel is its port
    if (!this.opened.has(channel)) {
      this.opened.add(channel)
      return
    }
    const content = message.subarray(1)
    if (channel === DATA_CHANNEL && content.byteLength > 0) {
      if (!this.push(content)) this.socket.pause()
    } else if (channel === ERROR_CHANNEL && content.byteLength > 0) {
      this.destroy(new Error(new TextDecoder().decode(content).trim()))
    }
  }
}
