import { expect } from 'vitest'
import type { z } from 'zod'

/** What a route answers to a path with its query, read by the schema of its answers; fails on a status other than 200. */
export async function askRoute<T extends z.ZodType>(
  get: (request: Request) => Promise<Response>,
  path: string,
  schema: T,
): Promise<z.output<T>> {
  const response = await get(new Request(`http://heddle.test${path}`))
  const body: unknown = await response.json()
  expect(response.status, JSON.stringify(body).slice(0, 500)).toBe(200)
  return schema.parse(body)
}
