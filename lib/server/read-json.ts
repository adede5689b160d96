import 'server-only'
import type { z } from 'zod'
import { Refusal } from './errors'
import { mediaType, readBody } from './read-body'

/** Questions are small; objects go elsewhere. */
const MOST_BYTES = 100_000

/** A JSON body as its schema has it. Throws Refusal that names the place that does not fit. */
export async function readJson<T extends z.ZodType>(request: Request, schema: T): Promise<z.output<T>> {
  const type = mediaType(request)
  if (type !== '' && type !== 'application/json') {
    throw new Refusal('unsupported', 'Send JSON as application/json.', { code: 'unsupported-media-type' })
  }
  const text = await readBody(request, MOST_BYTES)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new Refusal('invalid', 'The body is not JSON.', { code: 'invalid-body' })
  }
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const place = issue?.path.join('.') ?? ''
  throw new Refusal(
    'invalid',
    `The body does not fit: ${place && `${place}: `}${issue?.message ?? 'unknown'}.`,
    {
      code: 'invalid-body',
      ...(place === '' ? {} : { parameter: place }),
    },
  )
}
