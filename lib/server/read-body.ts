import 'server-only'
import { Refusal } from './errors'

/**
 * The body as text, read no further than `maxBytes`. Throws Refusal('too-large') that names the bound, and
 * Refusal('invalid') for text that is not UTF-8: each of its characters would be written as another one.
 */
export async function readBody(request: Request, maxBytes: number): Promise<string> {
  const refuse = () =>
    new Refusal('too-large', `The body is larger than ${maxBytes} bytes, which is the most that is read.`, {
      code: 'body-too-large',
    })
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw refuse()
  if (!request.body) return ''
  const chunks: Uint8Array[] = []
  let size = 0
  // leaving the loop cancels the stream: what is left of a body too large is never read
  for await (const chunk of request.body as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxBytes) throw refuse()
    chunks.push(chunk)
  }
  return decodeUtf8(Buffer.concat(chunks))
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('invalid', 'The body is not UTF-8; save the text in that encoding and send it again.', {
      code: 'invalid-encoding',
    })
  }
}

/** The media type of a body, without its parameters; empty when none is said. */
export function mediaType(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
