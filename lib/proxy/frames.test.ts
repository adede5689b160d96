import fc from '@/tests/support/chance'
import { describe, expect, it } from 'vitest'
import { channelMessage, createFrameReader, encodeFrame, OPCODES, portMessage } from './frames'

const MASK = new Uint8Array([1, 2, 3, 4])

describe('frames', () => {
  it('writes what RFC 6455 gives as examples', () => {
    const hello = new TextEncoder().encode('Hello')
    expect([...encodeFrame(OPCODES.text, hello)]).toEqual([0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f])
    expect([...encodeFrame(OPCODES.text, hello, new Uint8Array([0x37, 0xfa, 0x21, 0x3d]))]).toEqual([
      0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
    ])
  })

  it('reads messages whole, however the bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        (payloads, isMasked, step) => {
          const bytes = payloads.flatMap((payload) => [
            ...encodeFrame(OPCODES.binary, payload, isMasked ? MASK : undefined),
          ])
          const read = createFrameReader()
          const frames = []
          for (let at = 0; at < bytes.length; at += step) {
            frames.push(...read(new Uint8Array(bytes.slice(at, at + step))))
          }
          expect(frames.map((frame) => [...frame.payload])).toEqual(payloads.map((payload) => [...payload]))
        },
      ),
    )
  })

  it('carries large messages, and joins those sent in parts around a ping', () => {
    const large = new Uint8Array(70_000).fill(7)
    expect(createFrameReader()(encodeFrame(OPCODES.binary, large))[0]?.payload).toEqual(large)
    const read = createFrameReader()
    const first = encodeFrame(OPCODES.binary, new Uint8Array([1]))
    first[0] = OPCODES.binary
    const frames = [
      ...read(first),
      ...read(encodeFrame(OPCODES.ping, new Uint8Array())),
      ...read(encodeFrame(0, new Uint8Array([2]))),
    ]
    expect(frames.map((frame) => [frame.opcode, ...frame.payload])).toEqual([[9], [2, 1, 2]])
  })

  it('refuses a frame larger than any should be', () => {
    const frame = encodeFrame(OPCODES.binary, new Uint8Array(70_000))
    frame[3] = 0xff
    expect(() => createFrameReader()(frame)).toThrow(RangeError)
  })

  it('names channels and ports as Kubernetes does', () => {
    expect([...channelMessage(1, new Uint8Array([9]))]).toEqual([1, 9])
    expect([...portMessage(0, 15_000)]).toEqual([0, 0x98, 0x3a])
  })
})
