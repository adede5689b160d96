import 'server-only'
import type { IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** objects end at 1.5 MB in etcd; a line far beyond is no watch event */
const MAX_LINE_CHARS = 16 * 1024 * 1024

/** An answer, or a line of one, beyond what is read. */
export class TooLarge extends Error {}

/** What the reader of a stream threw; it is not the upstream's doing. */
export class FromListener extends Error {
  readonly thrown: unknown

  constructor(thrown: unknown) {
    super('the listener threw')
    this.thrown = thrown
  }
}

/**
 * The text of an answer, unpacked. Throws TooLarge beyond `maxBytes`; with `cutBytes` the text ends there instead, and
 * the rest is not read.
 */
export async function readBounded(
  response: IncomingMessage,
  maxBytes: number,
  cutBytes = Infinity,
): Promise<string> {
  const body: Readable = response.headers['content-encoding'] === 'gzip' ? gunzip(response) : response
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > maxBytes) {
      response.destroy()
      throw new TooLarge(`more than ${Math.floor(maxBytes / 1024)} KiB`)
    }
    chunks.push(chunk)
    if (size > cutBytes) {
      response.destroy()
      break
    }
  }
  const bytes = Buffer.concat(chunks)
  return (size > cutBytes ? bytes.subarray(0, cutBytes) : bytes).toString('utf8')
}

/** `pipe` does not pass on errors: a connection that breaks must end the reader too. */
function gunzip(response: IncomingMessage): Readable {
  const unpacked = createGunzip()
  response.on('error', (error) => unpacked.destroy(error))
  return response.pipe(unpacked)
}

/**
 * Each line of an answer until the server ends it. Throws when the connection breaks, TooLarge for a line without end,
 * FromListener with what the listener threw.
 */
export async function readLines(response: IncomingMessage, onLine: (line: string) => void): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let pending = 0
    const lines = createInterface({ input: response, crlfDelay: Infinity })
    const fail = (error: unknown) => {
      // first: closing the reader would resolve
      reject(error as Error)
      lines.close()
      response.destroy()
    }
    response.on('error', fail)
    response.on('aborted', () => fail(new Error('the connection broke')))
    response.on('data', (chunk: Buffer) => {
      pending += chunk.byteLength
      if (pending > MAX_LINE_CHARS) fail(new TooLarge('a line without end'))
    })
    lines.on('line', (line) => {
      pending = 0
      if (line === '') return
      try {
        onLine(line)
      } catch (error) {
        fail(new FromListener(error))
      }
    })
    // readline closes after the last line of a complete answer, and after an aborted one
    lines.on('close', () => (response.complete ? resolve() : fail(new Error('the connection broke'))))
  })
}

/** Texts of `Warning` headers: `299 - "text"`, several in one line. */
export function warningsOf(response: IncomingMessage): string[] {
  const header = response.headers['warning'] ?? ''
  return [...header.matchAll(/\b299 \S+ ("(?:[^"\\]|\\.)*")/g)].flatMap(([, quoted]) => {
    try {
      return [JSON.parse(quoted ?? '""') as string]
    } catch {
      return []
    }
  })
}
