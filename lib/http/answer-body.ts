/** The body of an upstream's answer: unpacked, bounded, read while it arrives. */
import 'server-only'
import { pipeline, type Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { createGunzip } from 'node:zlib'

/** Reads an answer piece by piece, while the rest of it is still under way. */
export interface Scanner<T> {
  push(text: string): void
  /** What the whole answer says; undefined for anything it does not know: JSON.parse then has to judge. */
  end(): T | undefined
}

export interface AnswerBody {
  /** after unpacking */
  sizeBytes: number
  /** the whole as text, made when it is asked for */
  text(): string
}

/** More than was allowed. */
export class TooLarge extends Error {}

/** Pieces of an unpacked answer: smaller ones cost more to hand on than to unpack. */
const PIECE_BYTES = 64 * 1024

/** Reads all of it; `scanner` gets each piece as it comes. Throws TooLarge, or what broke the connection. */
export async function readAnswerBody(
  body: Readable,
  encoding: string | null,
  maxBytes: number,
  scanner?: Scanner<unknown>,
): Promise<AnswerBody> {
  const pieces: Buffer[] = []
  const decoder = new StringDecoder('utf8')
  let sizeBytes = 0
  // leaving the loop by a throw destroys the stream
  for await (const piece of unpacked(body, encoding) as AsyncIterable<Buffer>) {
    sizeBytes += piece.byteLength
    if (sizeBytes > maxBytes) throw new TooLarge()
    pieces.push(piece)
    scanner?.push(decoder.write(piece))
  }
  scanner?.push(decoder.end())
  return { sizeBytes, text: () => Buffer.concat(pieces).toString('utf8') }
}

function unpacked(body: Readable, encoding: string | null): Readable {
  if (!/^(x-)?gzip$/i.test(encoding ?? '')) return body
  // a failure of either ends the other, and the loop that reads sees it
  return pipeline(body, createGunzip({ chunkSize: PIECE_BYTES }), () => {})
}
