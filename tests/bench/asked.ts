/** Which queries Heddle asks: seen by a proxy in front of Prometheus, so that they can be run alone. */
import { request } from 'node:http'
import { serveLoopback } from '../support/loopback'

export interface AskedQueries {
  /** to be given to Heddle in place of Prometheus's own address */
  url: string
  /** PromQL of every instant query so far, each once */
  queries(): string[]
  stop(): Promise<void>
}

export async function recordQueries(prometheusUrl: string): Promise<AskedQueries> {
  const seen = new Set<string>()
  const target = new URL(prometheusUrl)
  const server = await serveLoopback((incoming, outgoing) => {
    const parts: Buffer[] = []
    incoming.on('data', (part: Buffer) => parts.push(part))
    incoming.on('end', () => {
      const body = Buffer.concat(parts)
      const { pathname, searchParams } = new URL(incoming.url ?? '/', prometheusUrl)
      const query = searchParams.get('query') ?? new URLSearchParams(body.toString()).get('query')
      if (pathname.endsWith('/query') && query) seen.add(query)
      const onward = request(
        {
          hostname: target.hostname,
          port: target.port,
          path: incoming.url,
          method: incoming.method,
          headers: { ...incoming.headers, host: target.host },
        },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(outgoing)
        },
      )
      onward.on('error', () => outgoing.destroy())
      onward.end(body)
    })
  })
  return {
    url: server.url,
    queries: () => [...seen],
    stop: server.close,
  }
}
