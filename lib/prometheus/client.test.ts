import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createPrometheusClient } from './client'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A client of a Prometheus that answers every page but queries with this status; `queryStatus` is of those. */
async function behindProxy(status: number, queryStatus = 200, maxInFlight = 4) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://prometheus')
    const query = url.searchParams.get('query')
    asked.push(query ?? url.pathname)
    if (query === null) return void response.writeHead(status).end('RBAC: access denied')
    const result = ['b', 'a'].map((le) => ({ metric: { le }, value: [1, '1'] }))
    const body = { status: 'success', data: { resultType: 'vector', result } }
    response.writeHead(queryStatus, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const client = createPrometheusClient({ url, attempts: 1, maxInFlight })
  closers.push(async () => {
    await client.close()
    await new Promise((resolve) => server.close(resolve))
  })
  return { client, asked }
}

describe.each([403, 404, 405, 501])(
  'behind a proxy that lets queries through and answers %i else',
  (status) => {
    it('is there', async () => {
      const { client } = await behindProxy(status)
      await expect(client.reach()).resolves.toBeUndefined()
    })

    it('tells the values of a label by a query', async () => {
      const { client, asked } = await behindProxy(status)
      const values = await client.labelValues('le', { match: 'x_bucket', from: 0, to: 1_000 })
      expect(values).toEqual(['a', 'b'])
      expect(asked).toEqual(['/api/v1/label/le/values', 'count by (le) (x_bucket)'])
    })
  },
)

it('is not there where queries are refused as well, and asks none of what is just starting', async () => {
  const wrong = await behindProxy(404, 404)
  await expect(wrong.client.reach()).rejects.toMatchObject({ status: 404 })
  const starting = await behindProxy(503)
  await expect(starting.client.reach()).rejects.toMatchObject({ status: 503 })
  expect(starting.asked).toEqual(['/api/v1/status/buildinfo'])
})

it('lets what all viewers wait for pass the charts that one of them has opened', async () => {
  const { client, asked } = await behindProxy(200, 200, 1)
  const charts = ['chart 1', 'chart 2', 'chart 3'].map((query) => client.instant(query, { time: 0 }))
  const rates = client.instant('rates', { time: 0, goesBefore: true })
  await Promise.all([...charts, rates])
  expect(asked).toEqual(['chart 1', 'rates', 'chart 2', 'chart 3'])
})
