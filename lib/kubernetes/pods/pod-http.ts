import 'server-only'
import { request as httpRequest } from 'node:http'
import { isUpstreamError, UpstreamError } from '@/lib/mesh/upstream-error'
import type { KubernetesClient } from '../client'

export interface PodRequest {
  namespace: string
  pod: string
  port: number
  /** with its query */
  path: string
  method?: 'GET' | 'POST'
  timeoutMs?: number
  maxBytes?: number
  signal?: AbortSignal
}

const TIMEOUT_MS = 10_000
const MAX_BYTES = 64 * 1024 * 1024

/** One HTTP request to a port of a pod, answered with status and text. Throws UpstreamError('kubernetes', …). */
export async function askPod(
  client: KubernetesClient,
  question: PodRequest,
): Promise<{ status: number; text: string }> {
  const { namespace, pod, port, path, method = 'GET', maxBytes = MAX_BYTES } = question
  const what = `port ${port} of pod ${pod}`
  const timeout = AbortSignal.timeout(question.timeoutMs ?? TIMEOUT_MS)
  const signal = question.signal ? AbortSignal.any([question.signal, timeout]) : timeout
  try {
    const connection = await client.forward({ namespace, pod, port, signal })
    return await new Promise((resolve, reject) => {
      const request = httpRequest(
        {
          createConnection: () => connection,
          host: 'localhost',
          port,
          path,
          method,
          headers: {
            host: `localhost:${port}`,
            connection: 'close',
            ...(method === 'POST' ? { 'content-length': '0' } : {}),
          },
          signal,
        },
        (response) => {
          const chunks: Buffer[] = []
          let size = 0
          response.on('data', (chunk: Buffer) => {
            size += chunk.byteLength
            if (size > maxBytes) {
              response.destroy(new RangeError(`more than ${Math.floor(maxBytes / 1024 / 1024)} MiB`))
            } else chunks.push(chunk)
          })
          response.on('error', reject)
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
          )
        },
      )
      request.on('error', reject)
      request.on('close', () => connection.destroy())
      request.end()
    })
  } catch (error) {
    if (question.signal?.aborted) throw question.signal.reason
    if (isUpstreamError(error)) throw error
    if (timeout.aborted) throw new UpstreamError('kubernetes', 'timeout', `${what} did not answer`)
    const said = error instanceof Error ? error.message : String(error)
    throw new UpstreamError('kubernetes', 'network', `${what} cannot be asked: ${said}`, { cause: error })
  }
}
