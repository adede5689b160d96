/** Which queries Heddle asks: seen by a proxy in front of Prometheus, so that they can be counted and run alone. */
import { forward } from '../../support/forward'
import { serveLoopback } from '../../support/loopback'

export interface AskedQueries {
  /** to be given to Heddle in place of Prometheus's own address */
  url: string
  /** PromQL of every instant query so far, each once */
  queries(): string[]
  /** how often one was asked */
  times(query: string): number
  stop(): Promise<void>
}

export async function recordQueries(prometheusUrl: string): Promise<AskedQueries> {
  const seen = new Map<string, number>()
  const target = new URL(prometheusUrl)
  const server = await serveLoopback((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const body = Buffer.concat(parts)
      const { pathname, searchParams } = new URL(incoming.url ?? '/', prometheusUrl)
      const query = searchParams.get('query') ?? new URLSearchParams(body.toString()).get('query')
      if (pathname.endsWith('/query') && query) seen.set(query, (seen.get(query) ?? 0) + 1)
      forward(incoming, outgoing, target, { body })
    })
  })
  return {
    url: server.url,
    queries: () => [...seen.keys()],
    times: (query) => seen.get(query) ?? 0,
    stop: server.close,
  }
}
