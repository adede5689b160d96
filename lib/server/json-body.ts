import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { jsonPieces } from './json-pieces'

/** An answer as JSON. */
export interface JsonBody {
  /** with its quotes; equal tags, equal bodies */
  etag: string
  stream(): ReadableStream<Uint8Array>
}

const encoder = new TextEncoder()
/** tags of this process differ from those of others, and of the one before it */
const epoch = randomUUID().slice(0, 8)
let named = 0

// an object that is given more than once is written once
const wholes = new WeakMap<object, JsonBody>()
const streams = new WeakMap<object, JsonBody>()

/** Written at once; its tag says what is in it, so that equal answers are equal to whoever asks again. */
export function wholeBody(result: object): JsonBody {
  return once(wholes, result, () => {
    const json = Buffer.from(JSON.stringify(result))
    const etag = `"${createHash('sha1').update(json).digest('base64url')}"`
    return { etag, stream: () => streamOf((index) => (index === 0 ? json : undefined)) }
  })
}

/**
 * Sent while it is being written, each piece when the first reader needs it. Its tag names the object, since what
 * is still to be written cannot be looked at: for results that are one object for all who ask.
 */
export function streamedBody(result: object): JsonBody {
  return once(streams, result, () => {
    named += 1
    const written: Uint8Array[] = []
    const left = jsonPieces(result)
    const pieceAt = (index: number): Uint8Array | undefined => {
      if (index < written.length) return written[index]
      const next = left.next()
      return next.done ? undefined : (written[index] = encoder.encode(next.value))
    }
    return { etag: `"${epoch}.${named}"`, stream: () => streamOf(pieceAt) }
  })
}

function once(known: WeakMap<object, JsonBody>, result: object, make: () => JsonBody): JsonBody {
  let body = known.get(result)
  if (!body) known.set(result, (body = make()))
  return body
}

/** A body of bytes would be copied before it is sent, and the graph of a large mesh is megabytes. */
function streamOf(pieceAt: (index: number) => Uint8Array | undefined): ReadableStream<Uint8Array> {
  let index = 0
  return new ReadableStream({
    pull(controller) {
      const piece = pieceAt(index)
      index += 1
      if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
}
