import type { RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'
import { serveLoopback } from './loopback'

/** Serves until the present test has ended; its address. */
export async function serveInTest(handler: RequestListener): Promise<string> {
  const { url, close } = await serveLoopback(handler)
  onTestFinished(close)
  return url
}
