import type { IncomingMessage } from 'node:http'
import { ApiError, badParameter } from '@/lib/demo/prometheus/api/respond'
import { parseDuration, quoted } from '@/lib/demo/prometheus/promql/syntax/literals'

/** Largest form taken, as in Go's ParseForm. */
const LARGEST_FORM_BYTES = 10 * 1024 * 1024

/** Parameters of the address and, for a POST form, of the body before them. */
export async function readParams(req: IncomingMessage, url: URL): Promise<URLSearchParams> {
  if (req.method !== 'POST') return url.searchParams
  const params = new URLSearchParams(await readBody(req))
  for (const [name, value] of url.searchParams) params.append(name, value)
  return params
}

async function readBody(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LARGEST_FORM_BYTES) {
      throw new ApiError(
        'bad_data',
        `error parsing form values: body larger than ${LARGEST_FORM_BYTES} bytes`,
      )
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Seconds since the epoch or RFC 3339, in milliseconds. Throws ApiError naming the parameter. */
export function timeParam(params: URLSearchParams, name: string, fallback?: number): number {
  const text = params.get(name)
  if (!text) {
    if (fallback !== undefined) return fallback
    throw badParameter(name, `cannot parse ${quoted('')} to a valid timestamp`)
  }
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Math.round(Number(text) * 1000)
  if (/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text)) {
    const ms = Date.parse(text)
    if (!Number.isNaN(ms)) return ms
  }
  throw badParameter(name, `cannot parse ${quoted(text)} to a valid timestamp`)
}

/** Seconds or a PromQL duration, in milliseconds; undefined when not given. */
export function durationParam(params: URLSearchParams, name: string): number | undefined {
  const text = params.get(name)
  if (!text) return undefined
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Math.round(Number(text) * 1000)
  const ms = parseDuration(text)
  if (ms === null) throw badParameter(name, `cannot parse ${quoted(text)} to a valid duration`)
  return ms
}
