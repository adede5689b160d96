/**
 * WebSocket frames (RFC 6455, section 5.2) and the channels Kubernetes puts in them: both ends of a port-forward.
 * https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/kubelet/pkg/cri/streaming/portforward/websocket.go
 */

/** What the two ends agree on: each message begins with a byte that names its channel. */
export const CHANNEL_PROTOCOL = 'v4.channel.k8s.io'
export const DATA_CHANNEL = 0
export const ERROR_CHANNEL = 1

export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface Frame {
  opcode: number
  payload: Uint8Array
}

/** No message of a port-forward comes near it. */
const MOST_PAYLOAD = 16 * 1024 * 1024

/** A whole frame; clients mask what they send, with four bytes nobody can foresee. */
export function encodeFrame(opcode: number, payload: Uint8Array, mask?: Uint8Array): Uint8Array {
  const size = payload.byteLength
  const extra = size < 126 ? 0 : size < 65_536 ? 2 : 8
  const start = 2 + extra + (mask ? 4 : 0)
  const bytes = new Uint8Array(start + size)
  const view = new DataView(bytes.buffer)
  const masked = mask ? 0x80 : 0
  bytes[0] = 0x80 | opcode
  bytes[1] = masked | (extra === 0 ? size : extra === 2 ? 126 : 127)
  if (extra === 2) view.setUint16(2, size)
  if (extra === 8) view.setBigUint64(2, BigInt(size))
  if (mask) bytes.set(mask.subarray(0, 4), start - 4)
  for (let index = 0; index < size; index += 1) {
    bytes[start + index] = (payload[index] ?? 0) ^ (mask?.[index % 4] ?? 0)
  }
  return bytes
}

/** Takes bytes as they come and gives whole messages; throws a RangeError for a frame larger than any should be. */
export function createFrameReader(): (bytes: Uint8Array) => Frame[] {
  let kept = new Uint8Array(0)
  let parts: Uint8Array[] = []
  let opcode = 0
  return (bytes) => {
    kept = joined([kept, bytes])
    const frames: Frame[] = []
    for (;;) {
      const read = readFrame(kept)
      if (!read) return frames
      kept = kept.slice(read.length)
      const isControl = read.opcode >= 8
      if (isControl) {
        frames.push({ opcode: read.opcode, payload: read.payload })
        continue
      }
      if (read.opcode !== OPCODES.continuation) {
        opcode = read.opcode
        parts = []
      }
      parts.push(read.payload)
      if (read.isFinal) frames.push({ opcode, payload: joined(parts) })
    }
  }
}

function readFrame(
  bytes: Uint8Array,
): { opcode: number; isFinal: boolean; payload: Uint8Array; length: number } | undefined {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const short = second & 0x7f
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0
  const isMasked = (second & 0x80) !== 0
  const start = 2 + extra + (isMasked ? 4 : 0)
  if (bytes.byteLength < start) return undefined
  const size = extra === 0 ? short : extra === 2 ? view.getUint16(2) : Number(view.getBigUint64(2))
  if (size > MOST_PAYLOAD) throw new RangeError(`a frame of ${size} bytes`)
  if (bytes.byteLength < start + size) return undefined
  const payload = bytes.slice(start, start + size)
  if (isMasked) {
    const mask = bytes.subarray(start - 4, start)
    for (let index = 0; index < size; index += 1)
      payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0)
  }
  return { opcode: first & 0x0f, isFinal: (first & 0x80) !== 0, payload, length: start + size }
}

/** A channel's message: its number, then the bytes. */
export function channelMessage(channel: number, bytes: Uint8Array): Uint8Array {
  return joined([new Uint8Array([channel]), bytes])
}

/** The first message of each channel names its port, low byte first. */
export function portMessage(channel: number, port: number): Uint8Array {
  return channelMessage(channel, new Uint8Array([port & 0xff, port >> 8]))
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.byteLength
  }
  return bytes
}
